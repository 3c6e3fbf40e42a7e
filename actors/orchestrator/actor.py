"""The orchestrator: the autonomous scan-rank-decide-execute cycle, and the person's commands."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from actors.config.messages import GetTerms, TermsInForce
from actors.domain.decision_prices import exit_decision
from actors.domain.instruments import Pair
from actors.domain.market import MarketSnapshot
from actors.domain.positions import AT_REST, PositionState
from actors.domain.risk import EquityMarks, entry_guards
from actors.domain.terms import Terms
from actors.execution.messages import (
    ClosePair,
    ListPairs,
    PairsListed,
    PairStatus,
    Reconcile,
    Reconciled,
)
from actors.journal.messages import Event, RecordEvent, Severity
from actors.market.messages import GetPairs, PairsKnown, SnapshotTaken, TakeSnapshot
from actors.orchestrator.cycle import Cycle, Phase, report
from actors.orchestrator.granting import granted
from actors.orchestrator.lifecycle import Do, Transition, after
from actors.orchestrator.memory import Memory, recall, remember
from actors.orchestrator.messages import (
    BotState,
    ClearEmergency,
    ClosePosition,
    Command,
    CommandAnswer,
    EmergencyStop,
    GetState,
    Pause,
    Restart,
    Resume,
    ShutDown,
    Shutdown,
    Start,
    StateChanged,
    Stop,
)
from actors.orchestrator.ranking import ranked
from actors.orchestrator.schedule import next_due
from actors.pnl.messages import Marked, MarkToMarket
from actors.runtime import (
    Actor,
    Address,
    ChildSpec,
    ChildStarted,
    Refused,
    Rejected,
    ReplyTo,
    StartChild,
)
from actors.store import Store
from actors.strategy.messages import GrantEnded, GrantEntry, GrantExit, Proposal, Propose

CYCLING = frozenset({BotState.RUNNING, BotState.PAUSED})
CLOSING = frozenset({BotState.STOPPING, BotState.STOPPED, BotState.HALTED})
"""States in which whatever is held is closed, also what a late order opens."""


@dataclass(frozen=True, slots=True)
class Peers:
    """The addresses the orchestrator speaks to."""

    config: Address
    market: Address
    execution: Address
    pnl: Address
    views: Address
    journal: Address
    strategies: Address
    """The supervisor of the strategies."""
    strategy_of: Callable[[str], Address]
    """Pair key -> the strategy's address."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long each part of a cycle may take before it goes on without the missing answers."""

    answer: timedelta = timedelta(seconds=30)
    """For terms, snapshot and reconciliation."""
    proposals: timedelta = timedelta(seconds=10)
    execution: timedelta = timedelta(minutes=10)
    retry: timedelta = timedelta(seconds=30)
    """Before closing or reconciling is asked for again."""


@dataclass(frozen=True, slots=True)
class CycleDue:
    """The timer's word."""


@dataclass(frozen=True, slots=True)
class PhaseOverdue:
    cycle: int
    phase: Phase


@dataclass(frozen=True, slots=True)
class CloseAgain:
    """Ask again for what is not closed yet."""


@dataclass(frozen=True, slots=True)
class ReconcileAgain:
    """The last reconciliation did not succeed or was not answered."""


class OrchestratorActor(Actor):
    """Its state and cycle number are on disk; what is held it asks of execution."""

    def __init__(
        self,
        store: Store,
        peers: Peers,
        strategy_spec: Callable[[Pair], ChildSpec],
        patience: Patience,
    ) -> None:
        self._store = store
        self._peers = peers
        self._strategy_spec = strategy_spec
        self._patience = patience
        self._memory: Memory
        self._cycle: Cycle | None = None
        self._next_cycle_at: datetime | None = None
        self._terms: Terms | None = None
        self._snapshot: MarketSnapshot | None = None
        self._marks = EquityMarks()
        self._strategies: set[str] = set()
        self._statuses: dict[str, PairStatus] = {}
        self._held_known = False
        self._reconciled: Reconciled | None = None
        self._skipped = 0
        self._shutdown: list[ReplyTo] = []
        self._shutting_down = False

    def started(self) -> None:
        now = self.context.now()
        fresh = Memory(BotState.STOPPED, BotState.STOPPED, now, "never started", 0)
        self._memory = recall(self._store) or fresh
        self._ask(self._peers.market, GetPairs())
        self._ask(self._peers.execution, ListPairs())
        match self._memory.state:
            case BotState.RUNNING | BotState.PAUSED:
                text = "recovering: reconciling first"
                self._enter(Transition(BotState.STARTING, self._memory.state, Do.RECONCILE, text))
            case BotState.STARTING:
                self._reconcile()
            case BotState.STOPPING | BotState.HALTED:
                self.context.after("close", self._patience.retry, CloseAgain())
        self._tell_state()

    def receive(self, message: Any) -> None:
        match message:
            case Start() | Stop() | Restart() | Pause() | Resume():
                self._command(message)
            case EmergencyStop() | ClearEmergency():
                self._command(message)
            case ClosePosition(position_id):
                self._close_position(position_id)
            case GetState():
                self.context.reply(self._state())
            case Shutdown():
                self._begin_shutdown()
            case CycleDue():
                self._on_cycle_due()
            case PhaseOverdue():
                self._on_overdue(message)
            case TermsInForce():
                self._on_terms(message)
            case SnapshotTaken(snapshot):
                self._on_snapshot(snapshot)
            case Proposal():
                self._on_proposal(message)
            case GrantEnded():
                self._on_grant_ended(message)
            case PairStatus():
                self._on_status(message)
            case PairsListed(pairs):
                self._on_listed(pairs)
            case PairsKnown(pairs):
                self._start_strategies(pairs)
            case Reconciled():
                self._on_reconciled(message)
            case ReconcileAgain():
                self._reconcile()
            case CloseAgain():
                self._close_all(urgent=self._memory.state is BotState.HALTED)
            case Marked():
                self._marks = EquityMarks(
                    message.equity_usdt, message.day_start_usdt, message.peak_usdt
                )
            case ChildStarted():
                pass
            case Refused():
                self._on_refused(message)

    # --- commands and states ---------------------------------------------------------------------

    def _command(self, command: Command) -> None:
        state, then = self._memory.state, self._memory.then
        transition = after(state, then, command, flat=self._all_flat())
        self._enter(transition)
        self.context.reply(CommandAnswer(self._memory.state, transition.text))

    def _enter(self, to: Transition) -> None:
        """Make a transition: on disk first, then seen, then acted upon."""
        before = self._memory
        if (to.state, to.then) != (before.state, before.then):
            now = self.context.now()
            self._remember(Memory(to.state, to.then, now, to.text, before.cycle))
            kind = Severity.ALARM if to.state is BotState.HALTED else Severity.INFO
            self._record(f"bot.{to.state.value}", kind, to.text)
        if to.state not in CYCLING:
            self._next_cycle_at = None
            self.context.cancel("cycle")
        elif self._cycle is None and self._next_cycle_at is None:
            self._cycle_now()
        match to.do:
            case Do.RECONCILE:
                self._reconcile()
            case Do.CLOSE_ALL:
                self._close_all(urgent=False)
            case Do.CLOSE_ALL_NOW:
                self._close_all(urgent=True)
        self._tell_state()

    def _remember(self, memory: Memory) -> None:
        remember(self._store, self.context.fence, memory)
        self._memory = memory

    def _state(self) -> StateChanged:
        memory = self._memory
        return StateChanged(
            memory.state,
            memory.state in CYCLING,
            memory.since,
            memory.cycle,
            self._next_cycle_at,
            memory.reason,
            self._reconciled,
            self._skipped,
        )

    def _tell_state(self) -> None:
        self._peers.views.tell(self._state())

    def _begin_shutdown(self) -> None:
        self._shutting_down = True
        self._next_cycle_at = None
        self.context.cancel("cycle")
        self._shutdown.append(self.context.keep_reply())
        self._answer_shutdown()

    def _answer_shutdown(self) -> None:
        """Once no order is under way and no grant could still send one."""
        if not self._shutting_down or self._cycle is not None or self._under_way():
            return
        for asker in self._shutdown:
            asker.answer(ShutDown(orders_in_flight=0))
        self._shutdown.clear()

    # --- reconciliation --------------------------------------------------------------------------

    def _reconcile(self) -> None:
        self._ask(self._peers.execution, Reconcile(self._memory.reason))
        self.context.after("reconcile", self._patience.answer, ReconcileAgain())

    def _on_reconciled(self, answer: Reconciled) -> None:
        self._reconciled = answer
        self.context.cancel("reconcile")
        if self._memory.state is not BotState.STARTING:
            self._tell_state()
            return
        if not answer.ok:
            self._record("bot.not_reconciled", Severity.WARNING, answer.problem)
            self.context.after("reconcile", self._patience.retry, ReconcileAgain())
            self._tell_state()
            return
        then = self._memory.then
        self._enter(Transition(then, then, Do.NOTHING, f"reconciled with the venue: {then.value}"))

    # --- what is held ----------------------------------------------------------------------------

    def _on_listed(self, pairs: tuple[PairStatus, ...]) -> None:
        self._held_known = True
        self._statuses |= {one.pair_key: one for one in pairs}
        if self._memory.state in (BotState.STOPPING, BotState.HALTED):
            self._close_all(urgent=self._memory.state is BotState.HALTED)

    def _on_status(self, status: PairStatus) -> None:
        self._statuses[status.pair_key] = status
        if self._memory.state in CLOSING:
            if status.state in (PositionState.OPENING, PositionState.OPEN):
                self._close(status, urgent=self._memory.state is BotState.HALTED)
            self._stopped_if_flat()
        self._answer_shutdown()

    def _under_way(self) -> list[str]:
        return sorted(key for key, one in self._statuses.items() if one.state not in AT_REST)

    def _all_flat(self) -> bool:
        """Nothing held; orphans do not count, for only a person can resolve them."""
        gone = (PositionState.FLAT, PositionState.ORPHANED)
        return self._held_known and all(one.state in gone for one in self._statuses.values())

    def _close_all(self, *, urgent: bool) -> None:
        if self._memory.state not in (BotState.STOPPING, BotState.HALTED):
            return
        for key in sorted(self._statuses):
            if self._statuses[key].state not in (PositionState.FLAT, PositionState.ORPHANED):
                self._close(self._statuses[key], urgent=urgent)
        if not self._stopped_if_flat():
            self.context.after("close", self._patience.retry, CloseAgain())

    def _close(self, status: PairStatus, *, urgent: bool, reason: str | None = None) -> None:
        market = self._snapshot.of(status.pair_key) if self._snapshot is not None else None
        reasons = (reason or self._memory.reason,)
        decision = exit_decision(market, reasons, self.context.now())
        self._ask(self._peers.execution, ClosePair(status.pair_key, decision, urgent))

    def _stopped_if_flat(self) -> bool:
        if not self._all_flat():
            return False
        if self._memory.state is BotState.STOPPING:
            text = "stopped: all positions are closed"
            self._enter(Transition(BotState.STOPPED, BotState.STOPPED, Do.NOTHING, text))
        self.context.cancel("close")
        return True

    def _close_position(self, position_id: str) -> None:
        for status in self._statuses.values():
            if status.position is not None and status.position.id == position_id:
                self._close(status, urgent=False, reason="closed by hand")
                self.context.reply(CommandAnswer(self._memory.state, f"closing {position_id}"))
                return
        raise Rejected("no_such_position", f"no open position is called {position_id}")

    def _start_strategies(self, pairs: tuple[Pair, ...]) -> None:
        for pair in pairs:
            if pair.key not in self._strategies:
                self._strategies.add(pair.key)
                self._ask(self._peers.strategies, StartChild(self._strategy_spec(pair)))

    # --- the cycle -------------------------------------------------------------------------------

    def _on_cycle_due(self) -> None:
        if self._memory.state not in CYCLING or self._shutting_down:
            return
        if self._cycle is not None:  # dropped, never queued: one picture of the market is enough
            self._skipped += 1
            self._schedule_cycle()
            self._tell_state()
            return
        self._cycle_now()

    def _cycle_now(self) -> None:
        number = self._memory.cycle + 1
        memory = self._memory
        self._remember(Memory(memory.state, memory.then, memory.since, memory.reason, number))
        self._cycle = Cycle(number, self.context.now())
        self._ask(self._peers.market, GetPairs())
        self._ask(self._peers.config, GetTerms(number))
        self._await(Phase.TERMS, self._patience.answer)
        self._schedule_cycle()

    def _schedule_cycle(self) -> None:
        interval = self._terms.scan_interval if self._terms is not None else timedelta(hours=1)
        now = self.context.now()
        self._next_cycle_at = next_due(now, interval)
        self.context.after("cycle", self._next_cycle_at - now, CycleDue())

    def _await(self, phase: Phase, at_most: timedelta) -> None:
        if self._cycle is not None:
            self._cycle.phase = phase
            self.context.after("phase", at_most, PhaseOverdue(self._cycle.number, phase))

    def _in_phase(self, number: int, phase: Phase) -> Cycle | None:
        """The cycle in flight if it is this one in this phase; late answers fall away here."""
        cycle = self._cycle
        if cycle is None or cycle.number != number or cycle.phase is not phase:
            return None
        return cycle

    def _on_terms(self, answer: TermsInForce) -> None:
        cycle = self._in_phase(answer.cycle, Phase.TERMS)
        if cycle is None:
            return
        changed = self._terms is None or self._terms.scan_interval != answer.terms.scan_interval
        cycle.terms = self._terms = answer.terms
        if changed and self._memory.state in CYCLING:
            self._schedule_cycle()
        self._await(Phase.SNAPSHOT, self._patience.answer)
        self._ask(self._peers.market, TakeSnapshot(cycle.number))

    def _on_snapshot(self, snapshot: MarketSnapshot) -> None:
        cycle = self._in_phase(snapshot.cycle, Phase.SNAPSHOT)
        if cycle is None or cycle.terms is None:
            return
        cycle.snapshot = self._snapshot = snapshot
        self._ask(self._peers.pnl, MarkToMarket(snapshot))
        self._await(Phase.PROPOSALS, self._patience.proposals)
        cycle.awaiting = {
            one.pair.key for one in snapshot.pairs if one.pair.key in self._strategies
        }
        for one in snapshot.pairs:
            if one.pair.key in cycle.awaiting:
                question = Propose(cycle.number, snapshot.at, one, cycle.terms)
                self._ask(self._peers.strategy_of(one.pair.key), question)
        if not cycle.awaiting:
            self._grant(cycle)

    def _on_proposal(self, proposal: Proposal) -> None:
        cycle = self._in_phase(proposal.cycle, Phase.PROPOSALS)
        if cycle is None or proposal.pair.key not in cycle.awaiting:
            return
        cycle.awaiting.discard(proposal.pair.key)
        cycle.proposals[proposal.pair.key] = proposal
        if not cycle.awaiting:
            self._grant(cycle)

    def _grant(self, cycle: Cycle) -> None:
        """Rank, check the limits, and let the best in: the only place that starts a trade."""
        if cycle.snapshot is None or cycle.terms is None:
            return
        cycle.silent = tuple(sorted(cycle.awaiting))
        cycle.ranking = ranked(cycle.proposals.values())
        cycle.guards = entry_guards(cycle.snapshot.account, self._marks, cycle.terms.risk)
        running = self._memory.state is BotState.RUNNING and not self._shutting_down
        cycle.grants = granted(
            cycle.ranking,
            cycle.snapshot,
            cycle.guards,
            cycle.terms,
            entries=running,
            exits=running,
        )
        cycle.awaiting = set()
        self._await(Phase.EXECUTION, self._patience.execution)
        for leave in cycle.grants.exits:
            cycle.awaiting.add(leave.pair_key)
            grant = GrantExit(cycle.number, leave.reasons, leave.urgent)
            self._ask(self._peers.strategy_of(leave.pair_key), grant)
        for entry in cycle.grants.entries:
            cycle.awaiting.add(entry.pair_key)
            leave_to_enter = GrantEntry(cycle.number, entry.quantity, cycle.terms)
            self._ask(self._peers.strategy_of(entry.pair_key), leave_to_enter)
        if not cycle.awaiting:
            self._end_cycle(cycle)

    def _on_grant_ended(self, end: GrantEnded) -> None:
        cycle = self._in_phase(end.cycle, Phase.EXECUTION)
        if cycle is None:
            return
        cycle.ended[end.pair_key] = end
        cycle.awaiting.discard(end.pair_key)
        if not cycle.awaiting:
            self._end_cycle(cycle)

    def _on_overdue(self, overdue: PhaseOverdue) -> None:
        cycle = self._in_phase(overdue.cycle, overdue.phase)
        if cycle is None:
            return
        match overdue.phase:
            case Phase.PROPOSALS:
                self._grant(cycle)
            case Phase.EXECUTION:
                names = ", ".join(sorted(cycle.awaiting))
                cycle.problems.append(f"still under way when the cycle ended: {names}")
                self._end_cycle(cycle)
            case Phase.TERMS | Phase.SNAPSHOT:
                cycle.problems.append(f"no answer in time for {overdue.phase.value}")
                self._end_cycle(cycle)

    def _end_cycle(self, cycle: Cycle) -> None:
        self._cycle = None
        self.context.cancel("phase")
        finished = report(cycle, self._memory.state, self.context.now())
        if finished is not None:
            self._peers.views.tell(finished)
        for problem in cycle.problems:
            self._record("cycle.problem", Severity.WARNING, f"cycle {cycle.number}: {problem}")
        self._tell_state()
        self._answer_shutdown()

    def _on_refused(self, refused: Refused) -> None:
        match refused.message:
            case StartChild():
                pass  # it runs already: after a restart of this actor alone
            case Propose(cycle=number, market=market):
                cycle = self._in_phase(number, Phase.PROPOSALS)
                if cycle is not None and cycle.awaiting == {market.pair.key}:
                    self._grant(cycle)
            case ClosePair(pair_key):
                text = f"closing {pair_key} was refused: {refused.reason}"
                self._record("position.close_refused", Severity.ALARM, text)
            case _:
                pass  # the phase's own time limit deals with it

    def _ask(self, peer: Address, question: object) -> None:
        peer.tell(question, reply_to=self.context.address)

    def _record(self, kind: str, severity: Severity, text: str) -> None:
        event = Event(self.context.now(), kind, severity, self.context.address.name, text)
        self._peers.journal.tell(RecordEvent(event))
