"""A page is answered in no time, also with a thousand pairs."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from statistics import median
from time import thread_time

import pytest

from actors.domain.market import PairMarket
from actors.domain.settled_rates import NO_RATES
from actors.views import messages as ask
from tests.builders import NOON, pair_market, settled
from tests.views import facts
from tests.views.test_pages import Front

PAIRS = 1_000
HOUR = timedelta(hours=1)
MILLISECOND = 1e-3


@pytest.fixture(scope="module")
def front() -> Front:
    hourly = NO_RATES.extended([settled(NOON + hour * HOUR, hours=1) for hour in range(3_000)])
    markets: list[PairMarket] = [
        replace(pair_market(f"C{number}"), settled=hourly) for number in range(PAIRS)
    ]
    opportunities = tuple(facts.opportunity(f"C{number}") for number in range(PAIRS))
    front = Front(facts.bot(), facts.cycle(markets, opportunities=opportunities))
    front.tell(
        facts.book(
            [facts.trade(number, f"C{number % 50}") for number in range(1, 3_000)],
            [facts.point(str(1_000 + hour % 97), hour) for hour in range(20_000)],
            [facts.open_pnl(f"C{number}") for number in range(10)],
        ),
        *(facts.status(f"C{number}") for number in range(10)),
    )
    return front


def fastest(action: Callable[[], object], times: int = 15) -> float:
    """The median, in seconds of the processor, of what is answered again and again."""
    taken = []
    for _ in range(times):
        start = thread_time()
        action()
        taken.append(thread_time() - start)
    return median(taken)


@pytest.mark.parametrize(
    "query",
    [
        ask.GetStatus(),
        ask.GetPositions(),
        ask.GetTrades(),
        ask.GetTrades(pair_key="C7-USDT"),
        ask.GetPnl(),
        ask.GetEquity(),
        ask.GetFundingRates(),
        ask.GetOpportunities(),
        ask.GetOpportunities(stage="net", offset=900),
        ask.GetOpportunities(pair_key="C999-USDT"),
        ask.GetRatePrints("C7-USDT"),
        ask.GetBalance(),
        ask.GetAnalytics(),
        ask.GetConfig(),
        ask.GetEvents(),
        ask.GetChanges(0),
    ],
    ids=lambda query: type(query).__name__,
)
def test_a_query_is_answered_from_memory(front: Front, query: object) -> None:
    front.ask(query)
    assert fastest(lambda: front.ask(query)) < 5 * MILLISECOND


def test_a_cycle_that_nobody_looks_at_costs_next_to_nothing(front: Front) -> None:
    report = front.model.report
    assert report is not None
    assert fastest(lambda: front.tell(replace(report, cycle=7))) < 10 * MILLISECOND


def test_a_heatmap_of_hourly_prints_is_quick(front: Front) -> None:
    """Thirty pairs by default: what the page looks at."""
    assert fastest(lambda: front.ask(ask.GetRateHistory())) < 25 * MILLISECOND


def test_taking_in_a_cycle_and_showing_it_is_quick(front: Front) -> None:
    """What is paid once a cycle: the fold, and the first answers after it."""
    report = front.model.report
    assert report is not None

    def turn() -> None:
        front.tell(replace(report, ended_at=report.ended_at + timedelta(seconds=1)))
        front.ask(ask.GetFundingRates())
        front.ask(ask.GetPositions())

    assert fastest(turn) < 100 * MILLISECOND


def test_a_new_point_makes_the_curve_anew_at_most_once(front: Front) -> None:
    hours = iter(range(20_001, 21_000))

    def turn() -> None:
        front.tell(facts.report(facts.point("1000", next(hours))))
        front.ask(ask.GetEquity())

    assert fastest(turn) < 100 * MILLISECOND
