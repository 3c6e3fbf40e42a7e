"""The ranking by pages: who fell out where, and why."""

from dataclasses import replace

import pytest

from actors.domain.decisions import Action, Stage
from actors.domain.positions import PositionState
from actors.orchestrator.messages import Opportunity
from actors.runtime import Rejected
from actors.views import messages as ask
from actors.views.messages import ActionLabel
from tests.views import facts
from tests.views.test_pages import Front

REFUSED = "exposure 100,000 of 100,000 USDT is taken"


def ranked() -> tuple[Opportunity, ...]:
    """Entered, refused, held, too dear, without data."""
    holds = replace(facts.verdict(Action.HOLD), reached=Stage.NET, reasons=("holds",))
    wants = replace(facts.verdict(Action.ENTER), reached=Stage.NET, reasons=("pays",))
    missing = replace(
        facts.verdict(), reached=Stage.SCANNED, reasons=("no ticker", "no rate"), score=None
    )
    return (
        facts.opportunity("A", reached=Stage.GRANTED, judged=wants, reasons=("pays",)),
        facts.opportunity("B", reached=Stage.NET, judged=wants, reasons=("pays", REFUSED)),
        facts.opportunity("C", PositionState.OPEN, Stage.NET, holds, ("holds",)),
        facts.opportunity("D", reached=Stage.RATE, reasons=facts.verdict().reasons),
        facts.opportunity("E", reached=Stage.SCANNED, judged=missing, reasons=missing.reasons),
    )


@pytest.fixture
def front() -> Front:
    return Front(facts.cycle(opportunities=ranked()))


def keys(page: ask.Opportunities) -> list[str]:
    return [one.pair_key.removesuffix("-USDT") for one in page.opportunities]


def test_each_with_where_it_fell_out_and_the_reason_that_decided(front: Front) -> None:
    page = front.ask(ask.GetOpportunities())
    assert (page.cycle, page.total, page.funnel) == (1, 5, facts.cycle().funnel)
    assert [(one.action, one.fell_at, one.reason) for one in page.opportunities] == [
        (ActionLabel.ENTER, None, "pays"),
        (ActionLabel.BLOCKED, Stage.RISK, REFUSED),
        (ActionLabel.HOLD, None, "holds"),
        (ActionLabel.STAY_OUT, Stage.NET, "the expected funding does not pay the round trip"),
        (ActionLabel.STAY_OUT, Stage.DATA, "no ticker"),
    ]
    assert page.opportunities[4].reasons == ("no ticker", "no rate")


@pytest.mark.parametrize(
    ("stage", "expected"),
    [("granted", "A"), ("risk", "B"), ("net", "D"), ("data", "E"), ("liquid", ""), ("rate", "")],
)
def test_those_that_fell_out_at_a_stage(front: Front, stage: str, expected: str) -> None:
    page = front.ask(ask.GetOpportunities(stage=stage))  # type: ignore[arg-type]
    assert keys(page) == list(expected)
    assert page.total == len(expected)


def test_a_page_of_them_and_one_of_them(front: Front) -> None:
    page = front.ask(ask.GetOpportunities(limit=2, offset=1))
    assert (keys(page), page.total) == (["B", "C"], 5)
    assert keys(front.ask(ask.GetOpportunities(offset=9))) == []
    one = front.ask(ask.GetOpportunities(pair_key="D-USDT"))
    assert (keys(one), one.total) == (["D"], 1)
    assert front.ask(ask.GetOpportunities(pair_key="X-USDT")).total == 0
    with pytest.raises(Rejected):
        front.ask(ask.GetOpportunities(offset=-1))


def test_what_came_of_an_order_to_enter_is_its_reason() -> None:
    failed = replace(ranked()[0], reasons=("pays", "the venue refused the perpetual's order"))
    page = Front(facts.cycle(opportunities=(failed,))).ask(ask.GetOpportunities())
    assert page.opportunities[0].reason == "the venue refused the perpetual's order"
