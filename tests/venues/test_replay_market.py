"""A recorded market on the clock: nothing later than now, and quotes a taker really pays."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from time import perf_counter

import pytest

from actors.domain.instruments import Instrument, Market
from actors.runtime import SimulatedClock
from actors.venues.port import VenueRefused
from actors.venues.replay import QuoteModel, Recording, ReplayMarket
from tests.venues.exchange import drive
from tests.venues.markets import START, candle, funding, write_funding, write_market, write_prices

SAMPLE = Path(__file__).parents[2] / "actors/venues/sample"
D = Decimal


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    return Recording.load(write_market(tmp_path_factory.mktemp("market")))


@pytest.fixture(scope="module")
def sample() -> Recording:
    return Recording.load(SAMPLE)


class Replay:
    """A replay market and its clock, called without an event loop."""

    def __init__(
        self, recording: Recording, hours: float, venue: str = "alpha", start: datetime = START
    ) -> None:
        self.clock = SimulatedClock(start + timedelta(hours=hours))
        self.market = ReplayMarket(recording, self.clock, venue, QuoteModel(half_spread_bp=D(10)))

    def instrument(self, symbol: str) -> Instrument:
        listed = drive(self.clock, self.market.instruments())
        return next(one for one in listed if one.symbol == symbol)

    def ticker(self, symbol: str):  # type: ignore[no-untyped-def]
        tickers = drive(self.clock, self.market.tickers())
        return next((one for one in tickers if one.symbol == symbol), None)


def test_tickers_hold_the_hours_open_between_bid_and_ask(recording: Recording) -> None:
    replay = Replay(recording, 3.5)
    ticker = replay.ticker("COIN/USDT")
    assert (ticker.bid, ticker.mark, ticker.ask) == (D("102.8"), D(103), D("103.2"))
    assert ticker.as_of == replay.clock.now()


def test_prices_are_rounded_to_ticks_against_the_taker(recording: Recording) -> None:
    ticker = Replay(recording, 4).ticker("COIN/USDT:USDT")
    # 104.1 with 10 bp either way is 103.9959 and 104.2041; the tick is 0.1.
    assert (ticker.bid, ticker.ask) == (D("103.9"), D("104.3"))


def test_in_a_gap_the_ticker_gets_old_and_the_book_is_empty(recording: Recording) -> None:
    replay = Replay(recording, 6.25)
    assert replay.ticker("COIN/USDT").as_of == START + timedelta(hours=5)
    depth = drive(replay.clock, replay.market.depth(replay.instrument("COIN/USDT")))
    assert (depth.bids, depth.asks, depth.as_of) == ((), (), START + timedelta(hours=5))
    assert replay.ticker("COIN/USDT").bid_quantity is None
    assert replay.ticker("COIN/USDT:USDT").as_of == replay.clock.now()


def test_a_symbol_without_a_price_yet_has_no_ticker_and_no_depth(recording: Recording) -> None:
    replay = Replay(recording, -1)
    assert drive(replay.clock, replay.market.tickers()) == ()
    with pytest.raises(VenueRefused) as refused:
        drive(replay.clock, replay.market.depth(replay.instrument("COIN/USDT")))
    assert refused.value.code == "closed_symbol"


def test_the_predicted_rate_is_the_last_settled_one(recording: Recording) -> None:
    replay = Replay(recording, 11.9)
    (rate,) = drive(replay.clock, replay.market.funding_rates())
    assert (rate.predicted_rate, rate.interval_hours) == (D("0.0002"), 8)
    assert rate.next_settlement == START + timedelta(hours=16)  # hour 12 is still unknown
    assert rate.as_of == replay.clock.now()


def test_the_interval_changes_with_the_print_that_shows_it(recording: Recording) -> None:
    replay = Replay(recording, 12)
    (rate,) = drive(replay.clock, replay.market.funding_rates())
    assert (rate.predicted_rate, rate.interval_hours) == (D("-0.0003"), 4)
    assert rate.next_settlement == START + timedelta(hours=16)


def test_a_rate_gets_old_when_the_announced_print_is_missing(recording: Recording) -> None:
    (rate,) = drive((replay := Replay(recording, 30)).clock, replay.market.funding_rates())
    assert rate.as_of == START + timedelta(hours=16)


def test_the_history_ends_now_whatever_is_asked_for(recording: Recording) -> None:
    replay = Replay(recording, 10)
    prints = drive(
        replay.clock,
        replay.market.funding_history(
            replay.instrument("COIN/USDT:USDT"), START, START + timedelta(hours=48)
        ),
    )
    assert [one.at for one in prints] == [START + timedelta(hours=8)]


def test_a_thousandfold_contract_is_quoted_per_coin(tmp_path: Path) -> None:
    write_prices(
        tmp_path,
        [candle("1000PEPE/USDT:USDT", hour, 0.02, 0.02, volume=1e9) for hour in range(30)],
    )
    write_funding(tmp_path, [funding("1000PEPE/USDT:USDT", 0, 0.0001, mark=0.02)])
    replay = Replay(Recording.load(tmp_path), 25)
    ticker = replay.ticker("1000PEPE/USDT:USDT")
    assert ticker.mark == D("0.00002")
    assert ticker.volume_24h_usdt == D("480000000.00")  # 24 h x 1e9 contracts x 0.02
    depth = drive(replay.clock, replay.market.depth(replay.instrument("1000PEPE/USDT:USDT")))
    # 0.1 % of an hour's 20 million USDT, times 1 + 2 + ... + 10 levels.
    for side in (depth.asks, depth.bids):
        assert sum(one.quantity for one in side) * ticker.mark == D(1_100_000)
        assert len({one.price for one in side}) == len(side)
    assert all(level.quantity % 1000 == 0 for level in depth.asks)


def test_a_thinly_traded_symbol_is_wider_and_thinner() -> None:
    model = QuoteModel()
    spreads = [model.half_spread(D(turnover)) for turnover in (10**10, 10**8, 10**6)]
    assert spreads == sorted(spreads)
    assert len(set(spreads)) == 3
    assert model.half_spread(None) >= spreads[-1]


def test_big_orders_pay_for_their_size(sample: Recording) -> None:
    at = datetime(2025, 6, 1, tzinfo=UTC)
    clock = SimulatedClock(at)
    market = ReplayMarket(sample, clock)
    for instrument in drive(clock, market.instruments()):
        depth = drive(clock, market.depth(instrument))
        assert [one.price for one in depth.asks] == sorted({one.price for one in depth.asks})
        assert [one.price for one in depth.bids] == sorted(
            {one.price for one in depth.bids}, reverse=True
        )
        assert depth.bids[0].price < depth.asks[0].price
        assert all(one.price % instrument.tick_size == 0 for one in depth.asks + depth.bids)


def test_the_book_begins_at_the_ticker(sample: Recording) -> None:
    clock = SimulatedClock(datetime(2025, 6, 1, tzinfo=UTC))
    market = ReplayMarket(sample, clock)
    tickers = {one.symbol: one for one in drive(clock, market.tickers())}
    for instrument in drive(clock, market.instruments()):
        depth = drive(clock, market.depth(instrument))
        ticker = tickers[instrument.symbol]
        assert (ticker.bid, ticker.ask) == (depth.bids[0].price, depth.asks[0].price)
        assert (ticker.bid_quantity, ticker.ask_quantity) == (
            depth.bids[0].quantity,
            depth.asks[0].quantity,
        )


def test_the_sample_shows_spot_and_perp_of_every_pair(sample: Recording) -> None:
    clock = SimulatedClock(datetime(2025, 6, 1, tzinfo=UTC))
    market = ReplayMarket(sample, clock)
    symbols = {one.symbol for one in drive(clock, market.tickers())}
    for pair in sample.pairs():
        assert {pair.long.symbol, pair.short.symbol} <= symbols
    rates = {one.symbol for one in drive(clock, market.funding_rates())}
    assert rates == {one for one in symbols if ":" in one}
    assert {one.market for one in drive(clock, market.instruments())} == set(Market)


def test_only_some_coins_may_be_listed(sample: Recording) -> None:
    clock = SimulatedClock(datetime(2025, 6, 1, tzinfo=UTC))
    market = ReplayMarket(sample, clock, coins=("BTC", "PEPE"))
    symbols = {"BTC/USDT", "BTC/USDT:USDT", "PEPE/USDT", "1000PEPE/USDT:USDT"}
    assert {one.symbol for one in drive(clock, market.instruments())} == symbols
    assert {one.symbol for one in drive(clock, market.on(clock).tickers())} == symbols


def test_the_same_market_runs_on_another_clock(recording: Recording) -> None:
    first = Replay(recording, 3)
    again = first.market.on(SimulatedClock(START + timedelta(hours=4)))
    spot = next(one for one in drive(first.clock, again.tickers()) if one.market is Market.SPOT)
    assert spot.mark == D(104)
    assert first.ticker("COIN/USDT").mark == D(103)


def test_tickers_of_a_new_hour_take_about_a_millisecond_at_most(sample: Recording) -> None:
    clock = SimulatedClock(datetime(2025, 6, 1, tzinfo=UTC))
    market = ReplayMarket(sample, clock)
    times = []
    for _ in range(200):
        clock.advance_to(clock.elapsed_us() + 3_600_000_000)
        began = perf_counter()
        drive(clock, market.tickers())
        times.append(perf_counter() - began)
    assert sorted(times)[len(times) // 2] < 0.005  # 0.3 ms on an idle core
