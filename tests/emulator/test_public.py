"""The public side as an unmodified ccxt sees it."""

import asyncio
import json
from typing import Any

from tests.emulator.clock import Clock
from tests.emulator.exchange import Exchange
from tests.emulator.scene import HOUR, PERP, SPOT, START_MS, D, play
from tests.emulator.server import Emulator


def test_markets_have_real_steps() -> None:
    async def scene(emulator: Emulator, bybit: Any) -> None:
        perp, spot = bybit.market("BTC/USDT:USDT"), bybit.market("BTC/USDT")
        assert (perp["precision"]["amount"], perp["precision"]["price"]) == (0.001, 0.1)
        assert (spot["precision"]["amount"], spot["limits"]["cost"]["min"]) == (0.000001, 5)
        assert bybit.market("1000PEPE/USDT:USDT")["info"]["fundingInterval"] == 60
        assert len(bybit.markets) == 16

    play(scene)


def test_tickers_of_both_markets() -> None:
    async def scene(emulator: Emulator, bybit: Any) -> None:
        emulator.control.price("BTC", D(50_000), basis_bp=D(10))
        perps = await bybit.fetch_tickers(params={"category": "linear"})
        spots = await bybit.fetch_tickers(["BTC/USDT", "ETH/USDT"])
        assert perps["BTC/USDT:USDT"]["last"] == 50_050
        assert spots["BTC/USDT"]["bid"] < 50_000 < spots["BTC/USDT"]["ask"]
        assert perps["1000PEPE/USDT:USDT"]["last"] == 0.01

    play(scene)


def test_order_book_is_sorted_and_as_deep_as_asked() -> None:
    async def scene(emulator: Emulator, bybit: Any) -> None:
        book = await bybit.fetch_order_book("ETH/USDT:USDT", 50)
        assert len(book["bids"]) == len(book["asks"]) == 50
        assert book["bids"] == sorted(book["bids"], reverse=True)
        assert book["bids"][0][0] < book["asks"][0][0]
        emulator.control.thin("linear", "ETHUSDT", D(300))
        thin = await bybit.fetch_order_book("ETH/USDT:USDT")
        assert thin["bids"][0][1] == 0.1

    play(scene)


def test_rates_settle_at_each_symbols_own_hours() -> None:
    async def scene(emulator: Emulator, bybit: Any) -> None:
        emulator.control.rate("DOGEUSDT", D("0.0007"))
        rates = await bybit.fetch_funding_rates(["BTC/USDT:USDT", "DOGE/USDT:USDT"])
        assert [rates[one]["interval"] for one in rates] == ["8h", "4h"]
        doge = rates["DOGE/USDT:USDT"]
        assert doge["fundingRate"] == 0.0007
        assert doge["fundingTimestamp"] == START_MS + 3 * HOUR * 1000
        emulator.control.advance(3 * HOUR)
        past = {
            coin: await bybit.fetch_funding_rate_history(f"{coin}/USDT:USDT", limit=2)
            for coin in ("BTC", "DOGE", "1000PEPE")
        }
        gaps = {coin: two[1]["timestamp"] - two[0]["timestamp"] for coin, two in past.items()}
        assert gaps == {
            "BTC": 8 * HOUR * 1000,
            "DOGE": 4 * HOUR * 1000,
            "1000PEPE": HOUR * 1000,
        }
        assert past["DOGE"][1]["fundingRate"] == 0.0007
        assert past["BTC"][1]["timestamp"] < START_MS < past["DOGE"][1]["timestamp"]

    play(scene)


def test_interval_can_change() -> None:
    async def scene(emulator: Emulator, bybit: Any) -> None:
        emulator.control.interval("BTCUSDT", 60)
        await bybit.load_markets(True)
        rate = await bybit.fetch_funding_rate("BTC/USDT:USDT")
        assert (rate["interval"], rate["fundingTimestamp"]) == ("1h", START_MS + HOUR * 1000)

    play(scene)


def test_time_is_the_exchanges() -> None:
    async def scene(emulator: Emulator, bybit: Any) -> None:
        assert await bybit.fetch_time() == START_MS
        emulator.control.advance(5)
        assert await bybit.fetch_time() == START_MS + 5000

    play(scene)


def test_delisted_symbols_are_gone() -> None:
    async def scene(emulator: Emulator, bybit: Any) -> None:
        emulator.control.status("linear", "TRXUSDT", "Closed")
        markets = await bybit.load_markets(True)
        assert "TRX/USDT:USDT" not in markets
        assert "TRX/USDT" in markets

    play(scene)


def test_sockets_bring_tickers_and_books() -> None:
    async def scene(emulator: Emulator, bybit: Any) -> None:
        perp, spot = PERP, SPOT
        assert (await bybit.watch_ticker(perp))["last"] == 60_000
        assert (await bybit.watch_ticker(spot))["last"] == 60_000
        first = await bybit.watch_order_book(perp, 50)
        assert len(first["bids"]) == 50
        waiting = [
            asyncio.ensure_future(one)
            for one in (
                bybit.watch_ticker(perp),
                bybit.watch_ticker(spot),
                bybit.watch_order_book(perp, 50),
            )
        ]
        await asyncio.sleep(0)
        emulator.control.price("BTC", D(61_000))
        ticker, spot_ticker, book = await asyncio.gather(*waiting)
        assert (ticker["last"], ticker["info"]["fundingRate"]) == (61_000, "0.0001")
        assert spot_ticker["last"] == 61_000
        assert [len(book["bids"]), len(book["asks"])] == [50, 50]
        assert 60_900 < book["bids"][0][0] < 61_000 < book["asks"][0][0]

    play(scene)


def test_same_seed_walks_the_same_way() -> None:
    def walked(seed: int) -> str:
        exchange = Exchange(Clock.at(START_MS), seed)
        for _ in range(3):
            exchange.quotes.step()
        return json.dumps([str(price) for price in exchange.quotes.index.values()])

    assert walked(7) == walked(7) != walked(8)
