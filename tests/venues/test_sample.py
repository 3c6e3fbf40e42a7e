"""The bundled market: what it promises to hold, how small and how quick it is."""

import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from actors.domain.instruments import Market
from actors.venues.replay import PriceAt, Recording
from actors.venues.sample import FOLDER

YEAR = datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
MEGABYTES = 1_000_000


@pytest.fixture(scope="module")
def sample() -> Recording:
    return Recording.load(FOLDER)


def test_it_is_small_and_quick() -> None:
    assert sum(file.stat().st_size for file in FOLDER.glob("*.*")) < 5 * MEGABYTES
    started = time.perf_counter()
    Recording.load(FOLDER)
    assert time.perf_counter() - started < 1


def test_it_holds_a_year_of_twelve_pairs_and_more(sample: Recording) -> None:
    spans = {pair.key: sample.span_of(pair) for pair in sample.pairs()}
    assert len(spans) == 18
    whole = [key for key, span in spans.items() if span and span.start <= YEAR[0]]
    assert len(whole) == 13
    assert all(span is not None and span.end == YEAR[1] for span in spans.values())
    assert sample.notes == (), "every instrument is listed"


def test_every_pair_has_funding_through_its_span(sample: Recording) -> None:
    for pair in sample.pairs():
        span = sample.span_of(pair)
        assert span is not None
        prints = sample.funding_between(pair.short.venue, pair.short.symbol, span.start, span.end)
        paid_for = sum(one.interval_hours for one in prints)
        missing = (span.end - span.start) / timedelta(hours=1) - paid_for
        assert 0 <= missing <= 8, pair.key
        assert all(one.mark_price for one in prints), pair.key


@pytest.mark.parametrize(
    ("symbol", "market", "at", "price"),
    [
        ("BTC/USDT", Market.SPOT, datetime(2025, 12, 31, 23, tzinfo=UTC), "87728.3"),
        ("PEPE/USDT", Market.SPOT, datetime(2025, 1, 1, tzinfo=UTC), "0.00001996"),
        ("1000PEPE/USDT:USDT", Market.PERP, datetime(2025, 1, 1, tzinfo=UTC), "0.0000199604"),
    ],
)
def test_prices_are_the_exchange_s_own_digits(
    sample: Recording, symbol: str, market: Market, at: datetime, price: str
) -> None:
    assert sample.price_at("binance", symbol, market, at) == PriceAt(Decimal(price), at)


def test_prices_are_whole_ticks(sample: Recording) -> None:
    for one in sample.instruments:
        for hour in range(0, 24 * 120, 7):
            at = datetime(2025, 9, 1, tzinfo=UTC) + timedelta(hours=hour)
            known = sample.price_at(one.venue, one.symbol, one.market, at)
            assert known is not None
            assert known.price % one.tick_size == 0, (one.symbol, known)


def test_slow_averages_are_warm_at_the_first_price(sample: Recording) -> None:
    first = sample.span.start
    assert first == datetime(2024, 9, 1, tzinfo=UTC)
    history = sample.funding_history("binance", "BTC/USDT:USDT", first)
    assert history[0].at == datetime(2024, 1, 1, tzinfo=UTC)
    assert len(history) == 3 * (first - history[0].at).days + 1


def test_the_week_that_arb_spot_misses(sample: Recording) -> None:
    at = datetime(2024, 9, 10, tzinfo=UTC)
    known = sample.price_at("binance", "ARB/USDT", Market.SPOT, at)
    assert known is not None
    assert known.as_of == datetime(2024, 9, 7, 1, tzinfo=UTC)
    assert sample.volume_24h_usdt("binance", "ARB/USDT", Market.SPOT, at) is None


def test_orca_changes_its_interval_and_sits_at_its_cap(sample: Recording) -> None:
    prints = sample.funding_between("binance", "ORCA/USDT:USDT", *YEAR)
    assert {one.interval_hours for one in prints} == {1, 2, 4}
    assert sum(one.rate == Decimal("-0.02") for one in prints) == 11
    announced = sample.next_funding_time(
        "binance", "ORCA/USDT:USDT", datetime(2025, 3, 21, 9, tzinfo=UTC)
    )
    assert announced == datetime(2025, 3, 21, 12, tzinfo=UTC), "then a print came at 10"


def test_funding_in_2025(sample: Recording) -> None:
    def total(symbol: str) -> Decimal:
        prints = sample.funding_between(
            "binance", symbol, YEAR[0] - timedelta(seconds=1), YEAR[1] - timedelta(seconds=1)
        )
        return sum((one.rate for one in prints), Decimal(0)).quantize(Decimal("0.0001"))

    assert total("BTC/USDT:USDT") == Decimal("0.0513")
    assert total("ORCA/USDT:USDT") == Decimal("-0.9290")


def test_a_replayed_year_asks_quickly(sample: Recording) -> None:
    """A tenth of 13 pairs x 8760 hours; the whole year has ten seconds."""
    started = time.perf_counter()
    pairs = sample.pairs()[:13]
    before = YEAR[0] + timedelta(days=200)
    for _ in range(876):
        at = before + timedelta(hours=1)
        for pair in pairs:
            for leg in (pair.long, pair.short):
                sample.price_at(leg.venue, leg.symbol, leg.market, at)
                sample.volume_24h_usdt(leg.venue, leg.symbol, leg.market, at)
            perp = (pair.short.venue, pair.short.symbol)
            sample.last_funding(*perp, at)
            sample.next_funding_time(*perp, at)
            sample.funding_between(*perp, before, at)
            sample.funding_history(*perp, at, limit=90)
        before = at
    assert before - YEAR[0] == timedelta(days=200, hours=876)
    assert time.perf_counter() - started < 3
