"""Rates from the recording to the page: through the market, a cycle and the views."""

from datetime import timedelta
from itertools import pairwise

import pytest

from actors.domain.decisions import Stage
from actors.venues import sample
from actors.venues.replay import Recording
from actors.views.messages import (
    FundingRates,
    GetFundingRates,
    GetOpportunities,
    GetRateHistory,
    GetRatePrints,
    Opportunities,
    RateHistory,
    RatePrints,
)
from tests.system.house import HOUR, START, Simulated, simulated

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def house() -> Simulated:
    made = simulated()
    made.command("start")
    made.runtime.run_for(21.5 * HOUR)  # between two cycles
    return made


def rates(house: Simulated) -> FundingRates:
    answer: FundingRates = house.ask("views", GetFundingRates())
    return answer


def prints(house: Simulated) -> RatePrints:
    answer: RatePrints = house.ask("views", GetRatePrints("DOGE-USDT", START - 9 * DAY, 100))
    return answer


def test_the_prints_are_the_recorded_ones(house: Simulated) -> None:
    shown = prints(house)
    recorded = Recording.load(sample.FOLDER).funding_between(
        "binance", "DOGE/USDT:USDT", START - 9 * DAY - HOUR, shown.at
    )
    assert [(one.at, one.rate, one.interval_hours) for one in reversed(shown.prints)] == [
        (one.at, one.rate, one.interval_hours) for one in recorded
    ]
    assert shown.total == len(recorded) == 30
    # Settled while it ran: noted with the basis of the moment. Before, nobody looked.
    assert [one.basis_bp is not None for one in shown.prints[:4]] == [True, True, True, False]


def test_the_page_agrees_with_the_verdicts(house: Simulated) -> None:
    page = rates(house)
    ranking: Opportunities = house.ask("views", GetOpportunities())
    assert page.cycle == ranking.cycle
    by_key = {one.pair_key: one for one in page.rates}
    assert ranking.total == len(by_key) == 4
    for one in ranking.opportunities:
        row = by_key[one.pair_key]
        assert one.score is not None
        assert row.score is not None
        assert abs(row.score - one.score) < 1e-9
        assert (row.action, row.rank, row.reason) == (one.action, one.rank, one.reason)
        assert row.unknown == ()
        assert row.percentile is not None
        assert row.touch_entry_usdt is not None
        assert row.touch_entry_usdt > 0
    assert sorted(house.held()) == sorted(row.pair_key for row in page.rates if row.held)


def test_who_fell_out_of_the_funnel_is_named(house: Simulated) -> None:
    """At each stage as many as its bars say; what is held did not fall out."""
    funnel = house.ask("views", GetOpportunities()).funnel
    for before, step in pairwise(funnel):
        fallen: Opportunities = house.ask("views", GetOpportunities(stage=step.stage.value))
        lost = before.passed - step.passed
        if step.stage is Stage.GRANTED:
            assert sorted(one.pair_key for one in fallen.opportunities) == sorted(house.held())
            assert fallen.total == step.passed > 0
        else:
            assert fallen.total == lost, step


def test_the_heatmap_is_the_prints(house: Simulated) -> None:
    query = GetRateHistory(("DOGE-USDT",), since=START - 9 * DAY, buckets=30)
    page: RateHistory = house.ask("views", query)
    assert page.bucket_hours == 8
    shown = {one.at: float(one.rate_8h) for one in prints(house).prints}
    (pair,) = page.pairs
    means = {
        start + 8 * HOUR: mean
        for start, mean in zip(page.starts, pair.means_8h, strict=True)
        if mean is not None
    }
    assert means == pytest.approx({at: rate for at, rate in shown.items() if at in means})
    assert pair.prints == len(means) == 29


@pytest.mark.parametrize("room", ["views", "market", "orchestrator"])
def test_whoever_falls_it_is_all_there_again(house: Simulated, room: str) -> None:
    page, known = rates(house), prints(house)
    assert house.runtime.crash(f"root/{room}")
    house.runtime.run_for(timedelta(minutes=1))
    again = rates(house)
    assert again.cycle in (page.cycle, (page.cycle or 0) + 1)
    assert [one.pair_key for one in again.rates] == [one.pair_key for one in page.rates]
    rest = [(one.at, one.rate) for one in prints(house).prints]
    assert rest == [(one.at, one.rate) for one in known.prints]
