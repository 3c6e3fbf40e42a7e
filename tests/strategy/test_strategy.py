"""The strategy between an orchestrator and an execution that only write down what they are told."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from actors.domain.decisions import Action
from actors.domain.positions import EntryDecision, Goal, Position, PositionState
from actors.domain.terms import Terms
from actors.execution.messages import ClosePair, OpenPair, PairStatus, WatchPair
from actors.journal.messages import RecordEvent
from actors.runtime import Actor, ChildSpec, Rejected, SimulatedRuntime, SupervisorSpec
from actors.strategy.actor import StrategyActor
from actors.strategy.messages import GrantEnded, GrantEntry, GrantExit, Proposal, Propose
from tests.builders import NOON, pair, pair_market

TERMS = Terms()
S = PositionState


class Told(Actor):
    """Writes down what it is told; ``answers`` says what it answers, by kind of message."""

    def __init__(self, notes: list[Any], answers: dict[type, Any] | None = None) -> None:
        self._notes = notes
        self._answers = answers or {}

    def receive(self, message: Any) -> None:
        self._notes.append(message)
        answer = self._answers.get(type(message))
        if isinstance(answer, Rejected):
            raise answer
        if answer is not None:
            self.context.reply(answer)
        else:
            self.context.keep_reply_if_asked()  # as execution does until it knows


class Stage:
    """A strategy for BTC, and everything that is told to its neighbours."""

    def __init__(self, *, known: bool = True, refuse: Rejected | None = None) -> None:
        self.runtime = SimulatedRuntime(NOON, seed=1)
        self.execution: list[Any] = []
        self.journal: list[Any] = []
        at = self.runtime.address
        answers: dict[type, Any] = {OpenPair: refuse}
        if known:
            answers[WatchPair] = status(S.FLAT)
        self.runtime.start(
            SupervisorSpec(
                "root",
                children=[
                    ChildSpec("execution", lambda: Told(self.execution, answers)),
                    ChildSpec("journal", lambda: Told(self.journal)),
                    ChildSpec(
                        "btc",
                        lambda: StrategyActor(pair(), at("root/execution"), at("root/journal")),
                        dispatch="pool",
                    ),
                ],
            )
        )
        self.runtime.run_until_idle()

    def propose(self, cycle: int = 1, rate: str = "0.0006") -> Proposal:
        question = Propose(cycle, NOON, pair_market(rate=rate), TERMS)
        answer: Proposal = self.runtime.ask("root/btc", question, timedelta(minutes=1))
        return answer

    def tell(self, message: object) -> None:
        self.runtime.address("root/btc").tell(message)
        self.runtime.run_until_idle()

    def grant(self, message: object) -> Any:
        reply = self.runtime.address("root/btc").ask(message)
        self.runtime.run_until_idle()
        return reply

    def sent(self, kind: type) -> list[Any]:
        return [one for one in self.execution if isinstance(one, kind)]


def status(
    state: PositionState, problem: str = "", cooldown: timedelta | None = None
) -> PairStatus:
    held = state not in (S.FLAT, S.ORPHANED)
    until = None if cooldown is None else NOON + cooldown
    return PairStatus("BTC-USDT", state, position(state) if held else None, until, problem)


def position(state: PositionState) -> Position:
    entry = EntryDecision(NOON, "carry", Decimal(100), Decimal(100), Decimal(2), Decimal(1), ())
    return Position("BTC-USDT#1", pair(), Goal.HELD, state, Decimal(1), NOON, entry, opened_at=NOON)


ENTRY = GrantEntry(1, Decimal(1), TERMS)


def test_it_does_not_enter_before_it_knows_where_the_pair_stands() -> None:
    stage = Stage(known=False)
    proposal = stage.propose()
    assert not proposal.ready
    assert proposal.verdict.action is Action.STAY_OUT
    stage.runtime.run_until_idle()
    assert len(stage.sent(WatchPair)) == 2  # it asked again
    assert stage.grant(ENTRY).get(0) == GrantEnded(
        1, "BTC-USDT", S.FLAT, entered=True, ok=False, reason="the pair is not ready"
    )


def test_a_grant_ends_when_the_pair_is_open() -> None:
    stage = Stage()
    assert stage.propose().verdict.action is Action.ENTER
    end = stage.grant(ENTRY)
    (opening,) = stage.sent(OpenPair)
    assert (opening.quantity, opening.terms) == (Decimal(1), TERMS)
    assert opening.entry.spot_price == pair_market().spot.ask  # type: ignore[union-attr]
    stage.tell(status(S.FLAT))  # an old word changes nothing
    stage.tell(status(S.OPENING))
    assert not end.done()
    stage.tell(status(S.OPEN))
    assert end.get(0).ok
    assert end.get(0).state is S.OPEN


@pytest.mark.parametrize("course", [(S.OPENING, S.FLAT), (S.OPENING, S.REPAIRING, S.FLAT)])
def test_a_failed_open_ends_the_grant_with_its_reason(course: tuple[PositionState, ...]) -> None:
    stage = Stage()
    stage.propose()
    end = stage.grant(ENTRY)
    for state in course:
        stage.tell(status(state, "one leg was refused"))
    assert end.get(0) == GrantEnded(
        1, "BTC-USDT", S.FLAT, entered=True, ok=False, reason="one leg was refused"
    )


def test_a_refused_open_ends_the_grant() -> None:
    stage = Stage(refuse=Rejected("precheck", "the book is too thin"))
    stage.propose()
    assert stage.grant(ENTRY).get(0).reason == "precheck: the book is too thin"


def test_a_grant_of_another_cycle_is_not_taken() -> None:
    stage = Stage()
    stage.propose(cycle=2)
    assert not stage.grant(ENTRY).get(0).ok
    assert stage.sent(OpenPair) == []


def test_two_grants_in_one_cycle_open_once() -> None:
    stage = Stage()
    stage.propose()
    stage.grant(ENTRY)
    stage.tell(status(S.OPENING))
    assert not stage.grant(ENTRY).get(0).ok
    assert len(stage.sent(OpenPair)) == 1


def test_an_exit_carries_the_prices_it_saw_and_ends_flat() -> None:
    stage = Stage()
    stage.tell(status(S.OPEN))
    stage.propose()
    end = stage.grant(GrantExit(1, ("no longer pays",)))
    (closing,) = stage.sent(ClosePair)
    assert closing.exit.reasons == ("no longer pays",)
    assert closing.exit.spot_price == pair_market().spot.bid  # type: ignore[union-attr]
    stage.tell(status(S.CLOSING))
    stage.tell(status(S.FLAT))
    assert end.get(0).ok


def test_an_exit_overtakes_an_entry() -> None:
    stage = Stage()
    stage.propose()
    entry = stage.grant(ENTRY)
    stage.tell(status(S.OPENING))
    stage.grant(GrantExit(1, ("stop",)))
    assert entry.get(0).reason == "overtaken by an exit"
    assert len(stage.sent(ClosePair)) == 1


def test_leaving_what_is_flat_is_a_success() -> None:
    assert Stage().grant(GrantExit(1, ("stop",))).get(0).ok


def test_a_pair_that_cools_down_says_until_when() -> None:
    stage = Stage()
    stage.tell(status(S.FLAT, "open failed", cooldown=timedelta(hours=4)))
    verdict = stage.propose().verdict
    assert verdict.action is Action.STAY_OUT
    assert "cooling down until 2025-03-01 16:00 UTC: open failed" in verdict.reasons


def test_an_impossible_change_is_put_on_record() -> None:
    stage = Stage()
    stage.tell(status(S.CLOSING))
    (event,) = [one.event for one in stage.journal if isinstance(one, RecordEvent)]
    assert event.kind == "strategy.illegal_transition"
    assert "flat to closing" in event.text


def test_after_a_crash_it_knows_again_where_the_pair_stands() -> None:
    stage = Stage()
    stage.runtime.crash("root/btc")
    stage.runtime.run_for(timedelta(minutes=1))
    assert len(stage.sent(WatchPair)) == 2
    assert stage.propose().ready
