"""Rates over time: buckets on the settlements, prints as they were."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from actors.domain.market import PairMarket
from actors.domain.settled_rates import NO_RATES
from actors.runtime import Rejected
from actors.views import messages as ask
from tests.builders import NOON, D, pair_market, settled, ticker
from tests.views import facts
from tests.views.test_pages import Front

HOUR = timedelta(hours=1)
MORNING = NOON - 4 * HOUR
"""The last settlement of 8 hours."""


def market(base: str, rate: str = "0.0001", hours: int = 8, count: int = 100) -> PairMarket:
    """Prints until the morning, each one more bp per print than the one before it, from 0 on."""
    prints = [
        settled(MORNING - HOUR * hours * back, str(D(count - 1 - back) / 10_000), hours, base)
        for back in reversed(range(count))
    ]
    return replace(pair_market(base, rate), settled=NO_RATES.extended(prints))


def front(*markets: PairMarket) -> Front:
    return Front(facts.cycle(markets))


def test_buckets_end_at_the_settlements() -> None:
    page = front(market("BTC")).ask(ask.GetRateHistory(since=NOON - 30 * HOUR, buckets=4))
    assert (page.at, page.bucket_hours) == (NOON, 8)
    # The newest one is still under way; the time before the oldest is left out.
    assert page.starts == tuple(MORNING + 8 * HOUR * step for step in (-3, -2, -1, 0))
    (one,) = page.pairs
    assert (one.pair_key, one.prints) == ("BTC-USDT", 3)
    assert one.means_8h == (0.0097, 0.0098, 0.0099, None)


def test_short_buckets_have_gaps_and_long_ones_means() -> None:
    pages = front(market("BTC"), market("ETH", hours=1, count=48))
    page = pages.ask(ask.GetRateHistory(("BTC-USDT",), since=NOON - 20 * HOUR, buckets=10))
    assert page.bucket_hours == 2
    assert page.pairs[0].means_8h == (None,) * 3 + (0.0098,) + (None,) * 3 + (0.0099,) + (None,) * 2
    page = pages.ask(ask.GetRateHistory(("ETH-USDT",), since=NOON - 48 * HOUR, buckets=2))
    assert page.bucket_hours == 24
    assert page.starts == (NOON - 36 * HOUR, NOON - 12 * HOUR)  # whole days
    # From 01:00 on the 28th to midnight: 12 ... 35 (of 0 ... 47, the last one at 8), then 8 more.
    expected = [sum(range(16, 40)) / 24 * 8 / 10_000, sum(range(40, 48)) / 8 * 8 / 10_000]
    assert page.pairs[0].means_8h == tuple(pytest.approx(one) for one in expected)
    assert page.pairs[0].prints == 32


def test_by_default_a_month_in_settlements() -> None:
    page = front(market("BTC")).ask(ask.GetRateHistory())
    assert (page.bucket_hours, len(page.starts)) == (8, 90)
    assert page.starts[-1] == MORNING
    assert page.pairs[0].prints == 89


@pytest.mark.parametrize("since", [NOON - timedelta(days=days) for days in (1, 7, 45, 400)])
@pytest.mark.parametrize("buckets", [1, 7, 90, 365])
def test_never_more_buckets_than_asked_for_and_none_missing(since: datetime, buckets: int) -> None:
    page = front(market("BTC")).ask(ask.GetRateHistory(since=since, buckets=buckets))
    width = page.bucket_hours * HOUR
    assert 1 <= len(page.starts) <= buckets
    assert all(later - one == width for one, later in pairwise(page.starts))
    assert page.starts[-1] < NOON <= page.starts[-1] + width
    assert page.starts[0] < since + width
    assert page.bucket_hours in (1, 2, 4) or page.bucket_hours % 8 == 0


def test_the_first_by_rate_or_by_liquidity() -> None:
    thin, thick = market("A", "0.0009"), market("B", "-0.0009")
    thin = replace(thin, spot=replace(ticker(thin.pair.long), volume_24h_usdt=D(5)))
    unknown = replace(market("C"), funding=None, spot=None)
    pages = front(unknown, thick, thin)

    def first(query: ask.GetRateHistory) -> list[str]:
        return [one.pair_key[0] for one in pages.ask(query).pairs]

    assert first(ask.GetRateHistory()) == ["A", "B", "C"]
    assert first(ask.GetRateHistory(by="liquidity")) == ["B", "A", "C"]
    assert first(ask.GetRateHistory(limit=1)) == ["A"]
    assert first(ask.GetRateHistory(("C-USDT", "A-USDT", "C-USDT"), limit=1)) == ["C", "A"]


def test_what_makes_no_sense_is_refused() -> None:
    pages = front(market("BTC"))
    for query, code in (
        (ask.GetRateHistory(("X-USDT",)), "no_such_pair"),
        (ask.GetRateHistory(since=NOON), "invalid_query"),
        (ask.GetRateHistory(buckets=0), "invalid_query"),
        (ask.GetRateHistory(buckets=200_000), "invalid_query"),
        (ask.GetRatePrints("X-USDT"), "no_such_pair"),
        (ask.GetRatePrints("BTC-USDT", limit=-1), "invalid_query"),
    ):
        with pytest.raises(Rejected) as refused:
            pages.ask(query)
        assert refused.value.code == code


def test_before_the_first_snapshot_there_is_nothing() -> None:
    assert Front().ask(ask.GetRateHistory()).at is None
    with pytest.raises(Rejected):
        Front().ask(ask.GetRatePrints("BTC-USDT"))


def test_prints_with_their_own_intervals() -> None:
    """The symbol went from 8 to 4 hours with the last print."""
    known = [settled(MORNING - 8 * HOUR, "0.0002"), settled(MORNING - 4 * HOUR, "-0.00015", 4)]
    seen = replace(pair_market(), settled=NO_RATES.extended(known).with_basis(D("12.5")))
    page = front(seen).ask(ask.GetRatePrints("BTC-USDT"))
    assert (page.symbol, page.at, page.total) == ("BTC/USDT:USDT", NOON, 2)
    newest, oldest = page.prints
    assert (newest.rate, newest.interval_hours, newest.rate_8h) == (D("-0.00015"), 4, D("-0.0003"))
    assert (newest.at, newest.basis_bp) == (MORNING - 4 * HOUR, D("12.5"))
    assert (oldest.rate_8h, oldest.basis_bp) == (D("0.0002"), None)
    since = front(seen).ask(ask.GetRatePrints("BTC-USDT", MORNING - 5 * HOUR, 10))
    assert (since.total, len(since.prints)) == (1, 1)
