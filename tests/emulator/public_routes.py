"""Answers that need no key: time, instruments, tickers, books, settled funding rates."""

from tests.emulator.answers import Refused, page
from tests.emulator.exchange import Exchange
from tests.emulator.instruments import SPOT, TRADING
from tests.emulator.numbers import Json, text
from tests.emulator.public_data import orderbook, ticker
from tests.emulator.routing import Query, Routes

routes = Routes()


@routes.get("/v5/market/time")
def time(exchange: Exchange, query: Query) -> Json:
    now_ms = exchange.clock.now_ms()
    return {"timeSecond": str(now_ms // 1000), "timeNano": str(now_ms * 1_000_000)}


@routes.get("/v5/market/instruments-info")
def instruments(exchange: Exchange, query: Query) -> Json:
    """Spot comes whole; the others in pages. What is not traded has to be asked for by status."""
    category = query.get("category", "")
    wanted = query.get("status")
    rows = [
        one.answer()
        for one in exchange.in_category(category)
        if query.get("symbol") in (None, one.symbol)
        and query.get("baseCoin") in (None, one.base)
        and (one.status == wanted if wanted else one.status in (TRADING, "PreDelisting"))
    ]
    if category == SPOT:
        return {"category": category, "list": rows}
    rows, cursor = page(rows, query, 500, 1000)
    return {"category": category, "list": rows, "nextPageCursor": cursor}


@routes.get("/v5/market/tickers")
def tickers(exchange: Exchange, query: Query) -> Json:
    category = query.get("category", "")
    listings = exchange.in_category(category)
    if symbol := query.get("symbol"):
        listings = [exchange.listing(category, symbol)]
    rows = [ticker(exchange, one) for one in listings if one.status == TRADING]
    return {"category": category, "list": rows}


@routes.get("/v5/market/orderbook")
def book(exchange: Exchange, query: Query) -> Json:
    listing = exchange.listing(query.get("category", ""), query.get("symbol", ""))
    default, most = (1, 200) if listing.category == SPOT else (25, 500)
    depth = min(int(query.get("limit") or default), most)
    now_ms = exchange.clock.now_ms()
    return orderbook(exchange, listing, depth) | {"ts": now_ms, "cts": now_ms}


@routes.get("/v5/market/funding/history")
def funding_history(exchange: Exchange, query: Query) -> Json:
    """Newest first, both ends count, at most 200; a start without an end is refused."""
    listing = exchange.listing(query.get("category", ""), query.get("symbol", ""))
    start, end = query.get("startTime"), query.get("endTime")
    if start and not end:
        raise Refused(10001, "params error: endTime is required with startTime")
    first = int(start or 0)
    last = int(end) if end else exchange.clock.now_ms()
    limit = min(int(query.get("limit") or 200), 200)
    prints = exchange.funding.settled.get(listing.symbol, [])
    found = [one for one in reversed(prints) if first <= one.at_ms <= last][:limit]
    rows = [
        {
            "symbol": listing.symbol,
            "fundingRate": text(one.rate),
            "fundingRateTimestamp": str(one.at_ms),
        }
        for one in found
    ]
    return {"category": listing.category, "list": rows}


@routes.get("/v5/system/status")
def status(exchange: Exchange, query: Query) -> Json:
    if not exchange.maintenance:
        return {"list": []}
    now_ms = exchange.clock.now_ms()
    work: Json = {
        "id": "maintenance",
        "title": "System maintenance",
        "state": "ongoing",
        "begin": str(now_ms),
        "end": "",
        "href": "",
        "serviceTypes": [2, 3, 4, 5],
        "product": [1, 2],
        "uidSuffix": [],
        "maintainType": 1,
        "env": 1,
    }
    return {"list": [work]}
