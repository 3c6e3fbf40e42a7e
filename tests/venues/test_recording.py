"""A recorded market answers what was known at each instant."""

import itertools
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.domain.instruments import Market
from actors.venues.replay import PriceAt, Recording
from tests.venues.markets import START, candle, funding, write_funding, write_market, write_prices

SPOT = ("alpha", "COIN/USDT", Market.SPOT)
PERP = ("alpha", "COIN/USDT:USDT", Market.PERP)
FUNDING = ("alpha", "COIN/USDT:USDT")


def hours(count: float) -> datetime:
    return START + timedelta(hours=count)


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    return Recording.load(write_market(tmp_path_factory.mktemp("market")))


@pytest.mark.parametrize("into", [0, 0.01, 0.5, 0.999])
def test_the_price_inside_a_candle_is_its_open(market: Recording, into: float) -> None:
    assert market.price_at(*SPOT, hours(3 + into)) == PriceAt(Decimal("103.0"), hours(3 + into))


@pytest.mark.parametrize("into", [0, 0.5, 2.99])
def test_a_gap_shows_the_last_close_and_its_age(market: Recording, into: float) -> None:
    assert market.price_at(*SPOT, hours(5 + into)) == PriceAt(Decimal("104.5"), hours(5))


def test_prices_before_the_first_candle_are_unknown(market: Recording) -> None:
    just_before = START - timedelta(milliseconds=1)
    assert market.price_at(*SPOT, just_before) is None
    assert market.volume_24h_usdt(*SPOT, just_before) is None


def test_the_end_of_the_recording_looks_stale(market: Recording) -> None:
    assert market.price_at(*SPOT, hours(100)) == PriceAt(Decimal("123.5"), hours(24))


def test_turnover_counts_finished_hours_of_one_day(market: Recording) -> None:
    assert market.volume_24h_usdt(*PERP, hours(0.9)) is None
    assert market.volume_24h_usdt(*PERP, hours(1)) == Decimal("2012.00")
    assert market.volume_24h_usdt(*PERP, hours(2.5)) == Decimal("4044.00")
    full_day = 20 * sum(Decimal("100.6") + hour for hour in range(24))
    assert market.volume_24h_usdt(*PERP, hours(24)) == full_day
    assert market.volume_24h_usdt(*PERP, hours(25)) == full_day - Decimal("2012")
    assert market.volume_24h_usdt(*PERP, hours(48)) is None


def test_a_print_counts_from_its_own_instant(market: Recording) -> None:
    assert market.last_funding(*FUNDING, START - timedelta(milliseconds=1)) is None
    before, at = hours(8) - timedelta(milliseconds=1), hours(8)
    assert [market.last_funding(*FUNDING, when).at for when in (before, at)] == [START, hours(8)]  # type: ignore[union-attr]


def test_each_boundary_is_crossed_once(market: Recording) -> None:
    instants = [hours(step / 2 - 1) for step in range(120)]
    crossed = [
        one.at
        for after, until in itertools.pairwise(instants)
        for one in market.funding_between(*FUNDING, after, until)
    ]
    assert crossed == [hours(0), hours(8), hours(12), hours(48)]
    assert market.funding_between(*FUNDING, hours(8), hours(8)) == ()


def test_the_next_settlement_follows_from_the_last_print_only(market: Recording) -> None:
    def announced(at: datetime) -> datetime | None:
        return market.next_funding_time(*FUNDING, at)

    assert announced(START - timedelta(seconds=1)) is None
    assert announced(START) == hours(8)
    assert announced(hours(8)) == hours(16), "the print at 12 is still the future"
    assert announced(hours(12)) == hours(16)
    assert announced(hours(30)) == hours(32), "missing prints do not stop the venue's clock"


def test_the_mark_price_is_the_prints_own_then_the_perpetuals_then_unknown(
    market: Recording,
) -> None:
    prints = market.funding_history(*FUNDING, hours(99))
    assert [one.mark_price for one in prints] == [
        Decimal("100.2"),
        Decimal("108.1"),
        Decimal("112.1"),
        None,
    ]
    assert [one.interval_hours for one in prints] == [8, 8, 4, 4]
    assert [one.rate_8h for one in prints][2:] == [Decimal("-0.0006"), Decimal("0.0008")]


def test_funding_history_is_bounded_both_ways(market: Recording) -> None:
    def ats(**bounds: object) -> list[datetime]:
        history = market.funding_history(*FUNDING, hours(12), **bounds)  # type: ignore[arg-type]
        return [one.at for one in history]

    assert ats() == [hours(0), hours(8), hours(12)]
    assert ats(since=hours(0)) == [hours(8), hours(12)]
    assert ats(limit=1) == [hours(12)]
    assert ats(limit=0) == []
    assert ats(limit=5) == [hours(0), hours(8), hours(12)]
    assert ats(since=hours(8), limit=2) == [hours(12)]


def test_an_unknown_symbol_is_no_missing_value(market: Recording) -> None:
    with pytest.raises(LookupError, match=r"no prices of alpha COIN/USD \(spot\)"):
        market.price_at("alpha", "COIN/USD", Market.SPOT, START)
    with pytest.raises(LookupError, match="no perpetual alpha COIN/USDT is recorded"):
        market.last_funding("alpha", "COIN/USDT", START)


def test_times_need_a_zone(market: Recording) -> None:
    with pytest.raises(TypeError):
        market.price_at(*SPOT, datetime(2025, 3, 1))  # noqa: DTZ001


def test_a_pair_needs_both_legs_and_funding_on_one_venue(tmp_path: Path) -> None:
    rows = [
        candle("COIN/USDT", 0, 1.0, 1.0),
        candle("COIN/USDT:USDT", 2, 1.0, 1.0),
        candle("LONE/USDT", 0, 1.0, 1.0),
        candle("DRY/USDT", 0, 1.0, 1.0),
        candle("DRY/USDT:USDT", 0, 1.0, 1.0),
        candle("LONE/USDT:USDT", 0, 1.0, 1.0, venue="beta"),
    ]
    write_prices(tmp_path, rows)
    write_funding(tmp_path, [funding("COIN/USDT:USDT", 0, 0.0), funding("FAR/USDT:USDT", 0, 0.0)])
    recording = Recording.load(tmp_path)
    assert [pair.key for pair in recording.pairs()] == ["COIN-USDT"]
    assert recording.venues == ("alpha", "beta")
    assert recording.span_of(recording.pairs()[0]) is None, "the legs never overlap"
    assert (recording.span.start, recording.span.end) == (hours(0), hours(3))
    assert recording.last_funding("alpha", "DRY/USDT:USDT", hours(9)) is None
    assert recording.funding_between("alpha", "DRY/USDT:USDT", hours(0), hours(9)) == ()
    assert recording.next_funding_time("alpha", "DRY/USDT:USDT", hours(9)) is None


def test_a_multiplied_contract_is_served_per_base_coin(tmp_path: Path) -> None:
    write_prices(
        tmp_path,
        [candle("PEPE/USDT", 0, 2.06e-05, 2.1e-05), candle("1000PEPE/USDT:USDT", 0, 0.0206, 0.021)],
    )
    write_funding(
        tmp_path,
        [
            funding("1000PEPE/USDT:USDT", 0, 0.0001),
            funding("1000PEPE/USDT:USDT", 8, 0.0001, mark=0.02),
        ],
    )
    recording = Recording.load(tmp_path)
    (pair,) = recording.pairs()
    assert (pair.key, pair.short.multiplier) == ("PEPE-USDT", Decimal(1000))
    perp = ("alpha", "1000PEPE/USDT:USDT")
    known = recording.price_at(*perp, Market.PERP, hours(0))
    assert known is not None
    assert known.price == Decimal("0.0000206")
    assert recording.volume_24h_usdt(*perp, Market.PERP, hours(1)) == Decimal("0.21")
    marks = [one.mark_price for one in recording.funding_history(*perp, hours(8))]
    assert marks == [Decimal("0.0000206"), Decimal("0.00002")]


PRICES = st.decimals("0.00000001", "200000", places=8).filter(lambda price: price > 0)


@given(st.lists(PRICES, min_size=1, max_size=20))
def test_a_short_decimal_comes_back_exactly(
    tmp_path_factory: pytest.TempPathFactory, prices: list[Decimal]
) -> None:
    folder = tmp_path_factory.mktemp("exact")
    rows = [candle("COIN/USDT", at, float(one), float(one)) for at, one in enumerate(prices)]
    write_prices(folder, rows)
    write_funding(folder, [funding("COIN/USDT:USDT", 0, 0.0001)])
    recording = Recording.load(folder)
    for at, price in enumerate(prices):
        assert recording.price_at(*SPOT, hours(at)) == PriceAt(price, hours(at))


@given(
    opened=st.lists(st.integers(0, 60), min_size=1, unique=True).map(sorted),
    printed=st.lists(st.integers(0, 60), min_size=1, unique=True).map(sorted),
    minutes=st.integers(0, 60 * 70),
)
def test_no_answer_depends_on_the_future(
    tmp_path_factory: pytest.TempPathFactory, opened: list[int], printed: list[int], minutes: int
) -> None:
    """The whole recording and one whose future was rewritten answer alike."""

    def load(future: float) -> Recording:
        folder = tmp_path_factory.mktemp("future")
        changed = [future if (hour + 1) * 60 > minutes else 1.0 for hour in opened]
        write_prices(
            folder,
            [
                candle(
                    "COIN/USDT:USDT",
                    hour,
                    (10.0 + hour) * (1.0 if hour * 60 <= minutes else future),
                    (20.0 + hour) * then,
                    (1.0 + hour) * then,
                )
                for hour, then in zip(opened, changed, strict=True)
            ],
        )
        kept = [hour for hour in printed if hour * 60 <= minutes]
        later = [hour + int(future) for hour in printed if hour * 60 > minutes]
        prints = [funding("COIN/USDT:USDT", hour, hour / 1e4) for hour in kept]
        prints += [funding("COIN/USDT:USDT", hour, future, interval=1) for hour in later]
        write_funding(folder, prints)
        return Recording.load(folder)

    at = START + timedelta(minutes=minutes)
    one, other = load(1.0), load(7.0)
    assert one.price_at(*PERP, at) == other.price_at(*PERP, at)
    assert one.volume_24h_usdt(*PERP, at) == other.volume_24h_usdt(*PERP, at)
    assert one.last_funding(*FUNDING, at) == other.last_funding(*FUNDING, at)
    assert one.next_funding_time(*FUNDING, at) == other.next_funding_time(*FUNDING, at)
    assert one.funding_history(*FUNDING, at) == other.funding_history(*FUNDING, at)
