"""A year of hourly equity and ten thousand trades: every answer about them comes at once."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from statistics import median
from time import process_time

import pytest

from actors.domain.flows import Flows
from actors.domain.periods import EquityHistory, Sample
from actors.domain.results import ClosedTrade, PnlSplit
from actors.views import messages as ask
from tests.builders import NOON, pair_market
from tests.views import facts
from tests.views.test_pages import Front

TRADES, HOURS, PAIRS = 10_000, 8_760, 200
SECONDS = 0.03
"""What an answer may take that was never asked for before."""


def trade(number: int) -> ClosedTrade:
    cents = (number * 7919) % 4_001 - 1_500
    return replace(
        facts.trade(number, f"C{number % PAIRS}"),
        entry_at=NOON + timedelta(minutes=50 * number),
        exit_at=NOON + timedelta(minutes=50 * number, hours=80),
        pnl=PnlSplit(
            Decimal(cents).scaleb(-2),
            Decimal("-0.12345678"),
            Decimal("1.23456789"),
            Decimal("-0.5"),
            Decimal("-0.275"),
            Decimal("-0.01"),
        ),
        exit_reasons=("expected funding over 30 days no longer pays for staying",),
    )


@pytest.fixture(scope="module")
def front() -> Front:
    points = [facts.point(str(100_000 + hour % 97 + hour // 5), hour) for hour in range(HOURS)]
    front = Front(
        facts.bot(),
        facts.cycle([pair_market(f"C{number}") for number in range(PAIRS)]),
        facts.book([trade(n) for n in range(TRADES)], points, [facts.open_pnl("C1")]),
    )
    front.tell(*(facts.status(f"C{number}") for number in range(PAIRS)))
    return front


def questions(kind: type, changes: Callable[[datetime], dict[str, object]]) -> Iterator[object]:
    """The same in kind, never the same: nothing that was kept can answer them."""
    for minute in range(1, 1_000):
        yield kind(**changes(NOON + timedelta(minutes=minute)))


@pytest.mark.parametrize(
    "asked",
    [
        questions(ask.GetTrades, lambda at: {"since": at}),
        questions(ask.GetTrades, lambda at: {"since": at, "sort": "-net", "result": "win"}),
        questions(ask.GetTrades, lambda at: {"since": at, "exit_reason": "no longer"}),
        questions(ask.GetEquity, lambda at: {"since": at}),
        questions(ask.GetPositions, lambda at: {}),
        questions(ask.GetStatus, lambda at: {}),
        questions(ask.GetAnalytics, lambda at: {}),
        questions(ask.GetBalance, lambda at: {}),
    ],
    ids=["trades", "sorted", "reasons", "equity", "positions", "status", "analytics", "balance"],
)
def test_what_was_never_asked_before(front: Front, asked: Iterator[object]) -> None:
    assert _usual(lambda: front.ask(next(asked))) < SECONDS


def test_a_summary_is_worked_out_once_a_trade(front: Front) -> None:
    asked = questions(ask.GetTradeSummary, lambda at: {"since": at})
    assert _usual(lambda: front.ask(next(asked)), times=5) < 3 * SECONDS
    front.ask(ask.GetTradeSummary())
    assert _usual(lambda: front.ask(ask.GetTradeSummary())) < SECONDS / 10


def test_periods_and_months_of_a_year() -> None:
    history = EquityHistory()
    for hour in range(HOURS):
        history.add(Sample(NOON + timedelta(hours=hour), Decimal(100_000 + hour), Flows()))
    now = NOON + timedelta(hours=HOURS)
    latest = Sample(now, Decimal(1), Flows())
    assert _usual(lambda: history.periods(now, latest)) < SECONDS / 10
    assert _usual(lambda: history.months(latest)) < SECONDS / 10


def _usual(action: Callable[[], object], times: int = 9) -> float:
    taken = []
    for _ in range(times):
        start = process_time()
        action()
        taken.append(process_time() - start)
    return median(taken)
