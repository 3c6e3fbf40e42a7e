"""The sentences that say why nothing (or something) is traded."""

from dataclasses import replace

import pytest

from actors.domain.decisions import Action, Stage
from actors.domain.positions import PositionState
from actors.orchestrator.messages import BotState
from actors.views.why import why
from tests.views.facts import cycle, funnel, opportunity, verdict


def test_a_lean_market_is_said_with_its_figures() -> None:
    sentences = why(cycle(funnel=funnel(14, 12, 9, 4, 0), opportunities=(opportunity("SOL"),)))
    assert sentences == (
        "Of 14 pairs scanned, 12 have complete and fresh data, 9 are allowed and liquid enough,"
        " 4 have a rate that pays the short enough, none still pay after the full round trip.",
        "Nearest is SOL-USDT: expected funding 0.21% over 30 days against 0.33% for the round trip"
        " (the expected funding does not pay the round trip).",
    )


def test_figures_are_not_said_twice() -> None:
    judged = replace(verdict(), reasons=("expected funding 0.21% against 0.33%: too little",))
    (sentence,) = why(cycle(funnel=(), opportunities=(opportunity("SOL", judged=judged),)))
    assert sentence == "Nearest is SOL-USDT: expected funding 0.21% against 0.33%: too little."


def test_what_forbids_entries_comes_first() -> None:
    sentences = why(
        cycle(
            state=BotState.PAUSED,
            guards=("drawdown 11.0% is above 10.0%",),
            with_account=False,
            left=("ETH-USDT",),
        )
    )
    assert sentences[0].startswith("Paused")
    assert sentences[1] == "No entries: drawdown 11.0% is above 10.0%."
    assert sentences[2] == "No entries: the venue did not state the account."
    assert sentences[3] == "Left ETH-USDT."


@pytest.mark.parametrize("state", list(BotState))
def test_every_state_that_stops_entries_says_so(state: BotState) -> None:
    said = why(cycle(state=state))[0].lower()
    assert state is BotState.RUNNING or said.startswith(state.value)


def test_what_is_held_and_what_is_left_out() -> None:
    sentences = why(
        cycle(
            entered=("BTC-USDT",),
            opportunities=(
                opportunity("BTC", PositionState.FLAT, Stage.GRANTED),
                opportunity("ETH", PositionState.OPEN),
                opportunity("SOL", PositionState.OPEN, judged=verdict(Action.LEAVE)),
            ),
            silent_pairs=tuple(f"P{number}-USDT" for number in range(7)),
            problems=("tickers: the venue did not answer.",),
        )
    )
    assert "Entered BTC-USDT." in sentences
    assert "Holding 2 positions: ETH-USDT, SOL-USDT." in sentences
    assert "To be left: SOL-USDT." in sentences
    assert not any(one.startswith("Nearest") for one in sentences)
    assert any("P4-USDT and 2 more (7)" in one for one in sentences)
    assert sentences[-1] == "Problem: tickers: the venue did not answer."


def test_a_pair_without_a_score_is_nowhere_near() -> None:
    unknown = replace(verdict(), score=None)
    sentences = why(cycle(opportunities=(opportunity("ADA", judged=unknown), opportunity("SOL"))))
    assert [one[:20] for one in sentences if one.startswith("Nearest")] == ["Nearest is SOL-USDT:"]


def test_without_any_pair_it_says_so() -> None:
    assert why(cycle(markets=(), funnel=funnel(0)))[0] == "No pair was scanned."
    assert why(cycle(markets=(), funnel=())) == ()
