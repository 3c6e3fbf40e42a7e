"""The strategy actor: one pair, from proposal to position and back. It never blocks (pooled)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from actors.domain.decision_prices import entry_decision, exit_decision
from actors.domain.exact import ZERO
from actors.domain.instruments import Pair
from actors.domain.positions import AT_REST, PositionState
from actors.execution.messages import ClosePair, OpenPair, PairStatus, WatchPair
from actors.journal.messages import Event, RecordEvent, Severity
from actors.runtime import Actor, Address, Refused, ReplyTo
from actors.strategy.judgement import judge
from actors.strategy.lifecycle import is_legal, may_enter, may_leave
from actors.strategy.messages import GrantEnded, GrantEntry, GrantExit, Proposal, Propose

WATCH_AGAIN = timedelta(seconds=10)
"""Pause before execution is asked again where the pair stands."""


@dataclass(slots=True)
class Grant:
    """A leave of the orchestrator that is being carried out."""

    cycle: int
    entry: bool
    reply: ReplyTo | None
    """None when the grant came again after a crash, and nobody waits for its end any more."""
    moved: bool = False
    """True once the pair was seen to leave the state it was granted in."""


class StrategyActor(Actor):
    """Its durable state is execution's record of the pair, told again after every restart."""

    def __init__(self, pair: Pair, execution: Address, journal: Address) -> None:
        self._pair = pair
        self._execution = execution
        self._journal = journal
        self._status: PairStatus | None = None
        self._last: Proposal | None = None
        self._grant: Grant | None = None

    def started(self) -> None:
        self._tell_execution(WatchPair(self._pair.key))

    def receive(self, message: Any) -> None:
        match message:
            case Propose():
                self._propose(message)
            case PairStatus():
                self._on_status(message)
            case GrantEntry():
                self._enter(message)
            case GrantExit():
                self._leave(message)
            case Refused(message=OpenPair() | ClosePair(), code=code, reason=reason):
                self._end_grant(ok=False, reason=f"{code}: {reason}")
            case Refused(message=WatchPair() as question):
                self.context.after("watch", WATCH_AGAIN, question)
            case WatchPair():
                self._tell_execution(message)

    def _tell_execution(self, message: object) -> None:
        self._execution.tell(message, reply_to=self.context.address)

    def _propose(self, ask: Propose) -> None:
        status = self._status
        if status is None:  # the answer may have been lost with a crash: ask again
            self._tell_execution(WatchPair(self._pair.key))
        position = status.position if status is not None else None
        self._last = Proposal(
            ask.cycle,
            self._pair,
            status.state if status is not None else PositionState.FLAT,
            judge(status, ask.market, ask.terms, ask.at),
            ask.market,
            position.target_quantity if position is not None else ZERO,
            status.cooldown_until if status is not None else None,
            ready=status is not None,
        )
        self.context.reply(self._last)

    def _enter(self, grant: GrantEntry) -> None:
        state = self._status.state if self._status is not None else None
        last = self._last
        if last is None or last.cycle != grant.cycle or state is None or not may_enter(state):
            where = "not ready" if state is None else state.value
            self._refuse_grant(grant.cycle, entered=True, reason=f"the pair is {where}")
            return
        entry = entry_decision(
            last.verdict, last.market, grant.quantity, grant.terms, self.context.now()
        )
        if entry is None:
            self._refuse_grant(grant.cycle, entered=True, reason="a price is missing")
            return
        self._grant = Grant(grant.cycle, entry=True, reply=self.context.keep_reply_if_asked())
        self._tell_execution(OpenPair(self._pair, grant.quantity, entry, grant.terms))

    def _leave(self, grant: GrantExit) -> None:
        state = self._status.state if self._status is not None else None
        if state is None or not may_leave(state):
            self._refuse_grant(
                grant.cycle,
                entered=False,
                reason="the pair is flat" if state is PositionState.FLAT else "not ready",
                ok=state is PositionState.FLAT,
            )
            return
        self._end_grant(ok=False, reason="overtaken by an exit")
        market = self._last.market if self._last is not None else None
        decision = exit_decision(market, grant.reasons, self.context.now())
        self._grant = Grant(grant.cycle, entry=False, reply=self.context.keep_reply_if_asked())
        self._tell_execution(ClosePair(self._pair.key, decision, grant.urgent))

    def _on_status(self, status: PairStatus) -> None:
        before, self._status = self._status, status
        if before is not None and not is_legal(before.state, status.state):
            self._record_illegal(before, status)
        grant = self._grant
        if grant is None:
            return
        if before is not None and before.state is not status.state:
            grant.moved = True
        if grant.moved and status.state in AT_REST:
            wanted = PositionState.OPEN if grant.entry else PositionState.FLAT
            self._end_grant(ok=status.state is wanted, reason=status.problem)

    def _end_grant(self, *, ok: bool, reason: str) -> None:
        if self._grant is None:
            return
        grant, self._grant = self._grant, None
        state = self._status.state if self._status is not None else PositionState.FLAT
        end = GrantEnded(grant.cycle, self._pair.key, state, grant.entry, ok=ok, reason=reason)
        if grant.reply is not None:
            grant.reply.answer(end)

    def _refuse_grant(self, cycle: int, *, entered: bool, reason: str, ok: bool = False) -> None:
        state = self._status.state if self._status is not None else PositionState.FLAT
        self.context.reply(GrantEnded(cycle, self._pair.key, state, entered, ok=ok, reason=reason))

    def _record_illegal(self, before: PairStatus, after: PairStatus) -> None:
        text = f"{self._pair.key} went from {before.state.value} to {after.state.value}"
        event = Event(
            self.context.now(),
            "strategy.illegal_transition",
            Severity.WARNING,
            self.context.address.name,
            text,
            after.problem,
        )
        self._journal.tell(RecordEvent(event))
