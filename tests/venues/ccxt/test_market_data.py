"""The public side, through unmodified ccxt, against an emulated Bybit."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from actors.domain.instruments import Instrument
from actors.market.pairing import pairs_of
from actors.venues.ccxt import CcxtMarket, Connection, Exchange, NotUsable
from actors.venues.ccxt.market_data import KEPT_FOR
from actors.venues.port import VenueDown, VenueRefused
from tests.emulator import Emulator, Fault, Kind, public_data
from tests.emulator.faults import rate_limited
from tests.venues.ccxt.surroundings import START, StandingClock, connection, looking, ms

LATER = KEPT_FOR + timedelta(seconds=1)


async def the(market: CcxtMarket, symbol: str) -> Instrument:
    return next(one for one in await market.instruments() if one.symbol == symbol)


def test_every_coin_pairs_its_spot_with_its_perpetual() -> None:
    async def scene(emulator: Emulator, market: CcxtMarket, clock: StandingClock) -> None:
        keys = [pair.key for pair in pairs_of(await market.instruments())]
        assert "PEPE-USDT" in keys  # of 1000PEPE and PEPE
        assert len(keys) == 8

    looking(scene)


def test_prices_are_per_coin_and_as_old_as_the_exchange_says() -> None:
    async def scene(emulator: Emulator, market: CcxtMarket, clock: StandingClock) -> None:
        clock.pass_by(timedelta(hours=3))  # our clock is off; the stamps are the exchange's
        seen = {one.symbol: one for one in await market.tickers()}
        pepe, spot = seen["1000PEPE/USDT:USDT"], seen["PEPE/USDT"]
        assert pepe.mark == spot.mark == Decimal("0.00001")
        assert pepe.volume_24h_usdt == 50_000_000  # the turnover, not the coins
        assert {one.as_of for one in seen.values()} == {START}

    looking(scene)


def test_rates_have_their_own_interval_cap_and_time() -> None:
    async def scene(emulator: Emulator, market: CcxtMarket, clock: StandingClock) -> None:
        emulator.control.rate("DOGEUSDT", Decimal("-0.0058"))
        rates = {one.symbol: one for one in await market.funding_rates()}
        doge, pepe = rates["DOGE/USDT:USDT"], rates["1000PEPE/USDT:USDT"]
        assert (doge.interval_hours, pepe.interval_hours) == (4, 1)
        assert (doge.predicted_rate, doge.at_limit) == (Decimal("-0.0058"), True)
        assert doge.next_settlement == START + timedelta(hours=3)
        emulator.control.interval("DOGEUSDT", 60)
        clock.pass_by(LATER)
        rates = {one.symbol: one for one in await market.funding_rates()}
        assert rates["DOGE/USDT:USDT"].interval_hours == 1
        assert rates["DOGE/USDT:USDT"].next_settlement == START + timedelta(hours=1)

    looking(scene)


def test_history_has_every_print_and_grows_by_the_new_ones_alone() -> None:
    async def scene(emulator: Emulator, market: CcxtMarket, clock: StandingClock) -> None:
        pepe = await the(market, "1000PEPE/USDT:USDT")
        since = START - timedelta(days=30)
        prints = await market.funding_history(pepe, since, START)
        settled = emulator.exchange.funding.settled["1000PEPEUSDT"]
        assert [ms(one.at) for one in prints] == [one.at_ms for one in settled]
        assert {one.interval_hours for one in prints} == {1}
        calls = emulator.faults.add(Fault(Kind.LATENCY, "/v5/market/funding", times=None))
        await market.funding_history(pepe, prints[-1].at, START + timedelta(minutes=50))
        assert calls.met == 0  # nothing can have been settled since
        emulator.control.advance(3600)
        clock.pass_by(timedelta(hours=1))
        (new,) = await market.funding_history(pepe, prints[-1].at, START + timedelta(hours=1))
        assert (new.at, new.interval_hours) == (START + timedelta(hours=1), 1)
        assert calls.met == 1

    looking(scene)


def test_depth_is_in_coins_best_first() -> None:
    async def scene(emulator: Emulator, market: CcxtMarket, clock: StandingClock) -> None:
        depth = await market.depth(await the(market, "1000PEPE/USDT:USDT"))
        assert depth.bids[0].price < Decimal("0.00001") < depth.asks[0].price
        assert depth.asks[0].quantity * depth.asks[0].price == pytest.approx(20_000, rel=0.01)
        assert len(depth.bids) > 50

    looking(scene)


@pytest.mark.parametrize("spoil", ["not a number", None, [], {"a": 1}, "-5", "0", "NaN"])
def test_one_bad_ticker_stops_no_other(spoil: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    good = public_data.ticker

    def spoilt(exchange: Any, listing: Any) -> Any:
        row = good(exchange, listing)
        if listing.symbol == "ETHUSDT":
            row |= dict.fromkeys(("bid1Price", "ask1Price", "markPrice", "fundingRate"), spoil)
        return row

    monkeypatch.setattr("tests.emulator.public_routes.ticker", spoilt)

    async def scene(emulator: Emulator, market: CcxtMarket, clock: StandingClock) -> None:
        tickers = {one.symbol for one in await market.tickers()}
        assert len(tickers) == 14
        assert not tickers & {"ETH/USDT", "ETH/USDT:USDT"}
        rates = {one.symbol: one.predicted_rate for one in await market.funding_rates()}
        assert rates["BTC/USDT:USDT"] == Decimal("0.0001")

    looking(scene)


def test_prices_just_asked_for_are_not_asked_for_again() -> None:
    async def scene(emulator: Emulator, market: CcxtMarket, clock: StandingClock) -> None:
        first = await market.tickers()
        assert await market.tickers() is first
        clock.pass_by(LATER)
        assert await market.tickers() is not first

    looking(scene)


def test_an_outage_is_told_opens_the_breaker_and_ends() -> None:
    async def scene(emulator: Emulator, market: CcxtMarket, clock: StandingClock) -> None:
        await market.tickers()
        bad = emulator.faults.add(Fault(Kind.HTTP, status=502, body="Bad Gateway", times=None))
        told = []
        for _ in range(8):
            clock.pass_by(LATER)
            with pytest.raises(VenueDown) as caught:
                await market.funding_rates()
            told.append(str(caught.value))
        assert "502" in told[0]
        assert "left alone" in told[-1]
        assert bad.met == 5  # the other questions never left
        emulator.control.clear()
        for _ in range(100):
            try:
                await market.funding_rates()
                break
            except VenueDown:
                await market._clock.sleep(timedelta(seconds=0.05))
        else:
            pytest.fail("the breaker stays open")

    looking(scene)


def test_a_rate_limit_is_heeded_as_the_exchange_says() -> None:
    async def scene(emulator: Emulator, market: CcxtMarket, clock: StandingClock) -> None:
        await market.tickers()
        emulator.faults.add(
            rate_limited("/v5/market/tickers", reset_ms=ms(datetime.now(UTC)) + 60_000)
        )
        clock.pass_by(LATER)
        with pytest.raises(VenueRefused, match="too many requests"):
            await market.funding_rates()
        with pytest.raises(VenueRefused, match="nothing is asked for another") as caught:
            await market.funding_rates()
        assert caught.value.code == "rate_limited"

    looking(scene)


def test_the_list_of_markets_outlasts_a_restart_and_an_outage(tmp_path: Path) -> None:
    async def scene(emulator: Emulator, market: CcxtMarket, clock: StandingClock) -> None:
        listed = await market.instruments()
        assert len(listed) == 16
        emulator.faults.add(Fault(Kind.HTTP, status=502, times=None))
        again = CcxtMarket(market._exchange, clock, connection(emulator.url, cache_folder=tmp_path))
        assert await again.instruments() == listed
        file = tmp_path / "markets-bybit.json"
        for rubbish in ("{", "[]", json.dumps({"made_for": 1})):
            file.write_text(rubbish)
            anew = CcxtMarket(
                market._exchange, clock, connection(emulator.url, cache_folder=tmp_path)
            )
            with pytest.raises(VenueDown):
                await anew.instruments()

    looking(scene, cache_folder=tmp_path)


def test_our_clock_is_compared_with_the_exchanges() -> None:
    async def scene(emulator: Emulator, market: CcxtMarket, clock: StandingClock) -> None:
        clock.pass_by(timedelta(minutes=7))
        assert await market.clock_ahead() == timedelta(minutes=7)

    looking(scene)


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        (Connection("bybitt"), "bybit"),
        (Connection("kraken"), "cannot be traded"),
        (Connection("hollaex"), "cannot be traded"),
        (Connection("bitfinex"), "no fixed steps"),
        (Connection("okx", ccxt_config={"options": 7}), "ccxt_config"),
    ],
)
def test_what_cannot_work_is_refused_with_what_to_do(chosen: Connection, words: str) -> None:
    with pytest.raises(NotUsable, match=words):
        Exchange(chosen)


@pytest.mark.parametrize("name", ["bybit", "binance", "okx"])
def test_a_test_network_is_used_where_it_is_asked_for(name: str) -> None:
    assert Exchange(Connection(name, sandbox=True)).ccxt.isSandboxModeEnabled
    assert not Exchange(Connection(name)).ccxt.isSandboxModeEnabled
