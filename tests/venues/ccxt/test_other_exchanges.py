"""Nothing is Bybit's alone: Binance's answers, read by unmodified ccxt, make the same port."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

from actors.market.pairing import pairs_of
from actors.venues.ccxt import CcxtMarket, Connection, Exchange
from tests.venues.ccxt.surroundings import StandingClock, ms

NOW = datetime(2026, 7, 2, 10, 30, tzinfo=UTC)
AT = ms(NOW)


def filters(tick: str, step: str, least: str, notional: str) -> list[dict[str, str]]:
    return [
        {"filterType": "PRICE_FILTER", "tickSize": tick, "minPrice": tick, "maxPrice": "1000000"},
        {"filterType": "LOT_SIZE", "stepSize": step, "minQty": least, "maxQty": "9000000"},
        {"filterType": "MARKET_LOT_SIZE", "stepSize": step, "minQty": least, "maxQty": "120"},
        {"filterType": "MIN_NOTIONAL", "notional": notional, "minNotional": notional},
        {"filterType": "NOTIONAL", "minNotional": notional},
    ]


def listed(symbol: str, base: str, *steps: str, **more: Any) -> dict[str, Any]:
    return {
        "symbol": symbol,
        "status": "TRADING",
        "baseAsset": base,
        "quoteAsset": "USDT",
        "isSpotTradingAllowed": True,
        "permissionSets": [["SPOT"]],
        "permissions": [],
        "filters": filters(*steps),
    } | more


def perpetual(symbol: str, base: str, *steps: str) -> dict[str, Any]:
    swap = {"contractType": "PERPETUAL", "marginAsset": "USDT", "deliveryDate": 4133404800000}
    return listed(symbol, base, *steps, **swap, pair=symbol)


def day(symbol: str, last: str, **more: Any) -> dict[str, Any]:
    return {
        "symbol": symbol,
        "lastPrice": last,
        "volume": "1000",
        "quoteVolume": "61000000.50",
        "closeTime": AT - 1_000,
    } | more


ANSWERS: dict[str, Any] = {
    "/api/v3/exchangeInfo": {
        "symbols": [
            listed("BTCUSDT", "BTC", "0.01", "0.00001", "0.00001", "5"),
            listed("PEPEUSDT", "PEPE", "0.00000001", "1", "1", "1"),
        ]
    },
    "/fapi/v1/exchangeInfo": {
        "symbols": [
            perpetual("BTCUSDT", "BTC", "0.10", "0.001", "0.001", "100"),
            perpetual("1000PEPEUSDT", "1000PEPE", "0.0000001", "1", "1", "5"),
        ]
    },
    "/api/v3/ticker/24hr": [
        day("BTCUSDT", "61000", bidPrice="60999.9", bidQty="2", askPrice="61000.1", askQty="3"),
        day("PEPEUSDT", "0.00001", bidPrice="0.00000999", askPrice="0.00001001"),
    ],
    # Binance's futures tickers bear no bid and ask, and no mark price.
    "/fapi/v1/ticker/24hr": [day("BTCUSDT", "61010"), day("1000PEPEUSDT", "0.01")],
    "/fapi/v1/ticker/bookTicker": [
        {
            "symbol": symbol,
            "bidPrice": bid,
            "bidQty": "5",
            "askPrice": ask,
            "askQty": "7",
            "time": AT - 2_000,
        }
        for symbol, bid, ask in (
            ("BTCUSDT", "61009.9", "61010.0"),
            ("1000PEPEUSDT", "0.0099999", "0.0100001"),
        )
    ],
    "/fapi/v1/premiumIndex": [
        {
            "symbol": symbol,
            "markPrice": mark,
            "indexPrice": mark,
            "lastFundingRate": rate,
            "interestRate": "0.00010000",
            "nextFundingTime": ms(datetime(2026, 7, 2, hour, tzinfo=UTC)),
            "time": AT - 500,
        }
        for symbol, mark, rate, hour in (
            ("BTCUSDT", "61008.5", "0.00004321", 16),
            ("1000PEPEUSDT", "0.01000050", "-0.00012", 12),
        )
    ],
    "/fapi/v1/fundingInfo": [
        {
            "symbol": "1000PEPEUSDT",
            "adjustedFundingRateCap": "0.02000000",
            "adjustedFundingRateFloor": "-0.02000000",
            "fundingIntervalHours": 4,
            "disclaimer": False,
        }
    ],
}


def funding_rates(query: dict[str, list[str]]) -> list[dict[str, Any]]:
    """The oldest of the span, stamped some milliseconds late, with a mark price."""
    start, end = int(query["startTime"][0]), int(query["endTime"][0])
    times = [ms(NOW.replace(hour=0, minute=0) - timedelta(hours=8 * back)) for back in range(200)]
    found = sorted(at for at in times if start <= at <= end)[: int(query["limit"][0])]
    return [
        {
            "symbol": query["symbol"][0],
            "fundingRate": "0.00010000",
            "fundingTime": at + 3,
            "markPrice": "61000.5",
        }
        for at in found
    ]


def at_binance(scene: Callable[[CcxtMarket], Awaitable[None]]) -> None:
    async def fetch(url: str, *_: Any, **__: Any) -> Any:
        parts = urlsplit(url)
        if parts.path == "/fapi/v1/fundingRate":
            return funding_rates(parse_qs(parts.query))
        return ANSWERS[parts.path]

    async def main() -> None:
        chosen = Connection("binance", ccxt_config={"rateLimit": 1})
        exchange = Exchange(chosen)
        exchange.ccxt.fetch = fetch
        await scene(CcxtMarket(exchange, StandingClock(NOW), chosen))

    asyncio.run(main())


def test_quotes_and_marks_are_gathered_from_where_binance_has_them() -> None:
    async def scene(market: CcxtMarket) -> None:
        assert [one.key for one in pairs_of(await market.instruments())] == [
            "BTC-USDT",
            "PEPE-USDT",
        ]
        seen = {one.symbol: one for one in await market.tickers()}
        btc, pepe = seen["BTC/USDT:USDT"], seen["1000PEPE/USDT:USDT"]
        assert (btc.bid, btc.ask) == (Decimal("61009.9"), Decimal("61010.0"))
        assert (btc.mark, btc.volume_24h_usdt) == (Decimal("61008.5"), Decimal("61000000.50"))
        assert btc.as_of == NOW - timedelta(seconds=2)
        assert (pepe.mark, pepe.bid_quantity) == (Decimal("0.0000100005"), Decimal(5000))
        assert seen["BTC/USDT"].as_of == NOW - timedelta(seconds=1)

    at_binance(scene)


def test_an_interval_that_is_not_told_is_read_off_the_history() -> None:
    async def scene(market: CcxtMarket) -> None:
        rates = {one.symbol: one for one in await market.funding_rates()}
        pepe, btc = rates["1000PEPE/USDT:USDT"], rates["BTC/USDT:USDT"]
        assert (pepe.interval_hours, pepe.cap, pepe.floor) == (4, Decimal("0.02"), Decimal("-0.02"))
        assert btc.interval_hours is None
        assert (btc.predicted_rate, btc.cap) == (Decimal("0.00004321"), None)
        instruments = {one.symbol: one for one in await market.instruments()}
        since = NOW - timedelta(days=50)
        prints = await market.funding_history(instruments["BTC/USDT:USDT"], since, NOW)
        assert len(prints) == 149
        assert {one.interval_hours for one in prints} == {8}
        assert prints[-1].at == NOW.replace(hour=0, minute=0)
        assert prints[-1].mark_price == Decimal("61000.5")
        market._rate_rows = None
        rates = {one.symbol: one for one in await market.funding_rates()}
        assert rates["BTC/USDT:USDT"].interval_hours == 8

    at_binance(scene)
