"""Market data in the exchange's words, for answers and for the public WebSocket alike."""

from tests.emulator.exchange import Exchange
from tests.emulator.instruments import LINEAR, Listing
from tests.emulator.numbers import D, Json, text
from tests.emulator.quotes import TURNOVER_24H, Level


def ticker(exchange: Exchange, listing: Listing) -> Json:
    quotes = exchange.quotes
    mid = quotes.mid(listing)
    book = quotes.book(listing, 1)
    (bid, bid_size), (ask, ask_size) = book.bids[0], book.asks[0]
    row: Json = {
        "symbol": listing.symbol,
        "bid1Price": text(bid),
        "bid1Size": text(bid_size),
        "ask1Price": text(ask),
        "ask1Size": text(ask_size),
        "lastPrice": text(mid),
        "prevPrice24h": text(mid),
        "price24hPcnt": "0",
        "highPrice24h": text(mid),
        "lowPrice24h": text(mid),
        "turnover24h": text(TURNOVER_24H),
        "volume24h": text((TURNOVER_24H / mid).quantize(D("0.001"))),
    }
    if listing.category != LINEAR:
        return row | {"usdIndexPrice": text(quotes.spot_value(listing))}
    next_ms = exchange.funding.next_boundary_ms(listing, exchange.clock.now_ms())
    interest = (D(5_000_000) / mid).quantize(D("0.001"))
    return row | {
        "indexPrice": text(quotes.spot_value(listing)),
        "markPrice": text(quotes.mark(listing)),
        "prevPrice1h": text(mid),
        "openInterest": text(interest),
        "openInterestValue": text(interest * mid),
        "fundingRate": text(exchange.funding.predicted[listing.symbol]),
        "nextFundingTime": str(next_ms),
        "fundingIntervalHour": str(listing.interval_minutes // 60),
        "fundingCap": listing.row["upperFundingRate"],
        "predictedDeliveryPrice": "",
        "basisRate": "",
        "basis": "",
        "deliveryFeeRate": "",
        "deliveryTime": "0",
        "curPreListingPhase": "",
        "preOpenPrice": "",
        "preQty": "",
    }


def orderbook(exchange: Exchange, listing: Listing, depth: int) -> Json:
    book = exchange.quotes.book(listing, depth)
    version = exchange.quotes.version
    return {
        "s": listing.symbol,
        "b": _levels(book.bids),
        "a": _levels(book.asks),
        "u": version,
        "seq": version,
    }


def _levels(levels: tuple[Level, ...]) -> list[list[str]]:
    return [[text(price), text(size)] for price, size in levels]
