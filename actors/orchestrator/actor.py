"""The orchestrator: the autonomous scan-rank-decide-execute cycle, and the person's commands."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from actors.config.messages import TermsInForce
from actors.domain.decision_prices import exit_decision
from actors.domain.instruments import Pair
from actors.domain.positions import AT_REST, PositionState
from actors.execution.messages import (
    ClosePair,
    ListPairs,
    PairsListed,
    PairStatus,
    Reconcile,
    Reconciled,
)
from actors.journal.messages import Event, RecordEvent, Severity
from actors.market.messages import GetPairs, PairsKnown, SnapshotTaken
from actors.orchestrator.cycle import Cycle, report
from actors.orchestrator.cycling import Cycling, PhaseOverdue
from actors.orchestrator.lifecycle import Do, Transition, after
from actors.orchestrator.memory import Memory, recall, remember
from actors.orchestrator.messages import (
    BotState,
    ClearEmergency,
    ClosePosition,
    Command,
    CommandAnswer,
    CycleReport,
    EmergencyStop,
    GetLastCycle,
    GetState,
    LastCycle,
    Pause,
    Restart,
    Resume,
    ShutDown,
    Shutdown,
    Start,
    StateChanged,
    Stop,
)
from actors.orchestrator.peers import Patience, Peers
from actors.orchestrator.schedule import next_due
from actors.pnl.messages import Marked
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
from actors.strategy.messages import GrantEnded, Proposal

DEFAULT_SCAN_INTERVAL = timedelta(hours=1)
"""Until the first terms are known."""
CYCLING = frozenset({BotState.RUNNING, BotState.PAUSED})
CLOSING = frozenset({BotState.STOPPING, BotState.STOPPED, BotState.HALTED})
"""States in which whatever is held is closed, also what a late order opens."""


@dataclass(frozen=True, slots=True)
class CycleDue:
    """The timer's word."""


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
        ends_at: datetime | None = None,
    ) -> None:
        """``ends_at``: when a replay has no more prices; nothing is begun from then on."""
        self._store = store
        self._peers = peers
        self._strategy_spec = strategy_spec
        self._patience = patience
        self._ends_at = ends_at
        self._memory: Memory
        self._cycling: Cycling
        self._next_cycle_at: datetime | None = None
        self._scan_interval = DEFAULT_SCAN_INTERVAL
        self._statuses: dict[str, PairStatus] = {}
        self._held_known = False
        self._reconciled: Reconciled | None = None
        self._last_cycle: CycleReport | None = None
        self._skipped = 0
        self._shutdown: list[ReplyTo] = []
        self._shutting_down = False

    def started(self) -> None:
        self._cycling = Cycling(
            self.context, self._peers, self._patience, self._may_trade, self._cycle_ended
        )
        now = self.context.now()
        # The one before was told to shut down then, and that is not on record.
        self._shutting_down = self._ends_at is not None and now >= self._ends_at
        fresh = Memory(BotState.STOPPED, BotState.STOPPED, now, "never started", 0, now)
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
            case ClosePosition():
                self._close_position(message)
            case GetState():
                self.context.reply(self._state())
            case GetLastCycle():
                self.context.reply(LastCycle(self._last_cycle))
            case Shutdown():
                self._begin_shutdown()
            case CycleDue():
                self._on_cycle_due()
            case TermsInForce() | SnapshotTaken() | Proposal() | Marked() | PhaseOverdue():
                self._cycling.receive(message)
            case GrantEnded():
                self._cycling.receive(message)
                self._stopped_if_flat()
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
            case ChildStarted():
                pass
            case Refused():
                self._on_refused(message)

    # --- commands and states ---------------------------------------------------------------------

    def _command(self, command: Command) -> None:
        state, then = self._memory.state, self._memory.then
        transition = after(state, then, command, flat=self._all_flat())
        self._enter(transition)
        self.context.reply(CommandAnswer(self._memory.state, transition.text, command.command_id))

    def _enter(self, to: Transition) -> None:
        """Make a transition: on disk first, then seen, then acted upon."""
        before = self._memory
        if (to.state, to.then) != (before.state, before.then):
            now = self.context.now()
            self._remember(Memory(to.state, to.then, now, to.text, before.cycle, now))
            kind = Severity.ALARM if to.state is BotState.HALTED else Severity.INFO
            self._record(f"bot.{to.state.value}", kind, to.text)
        if to.state not in CYCLING:
            self._next_cycle_at = None
            self.context.cancel("cycle")
        elif self._next_cycle_at is None:
            self._on_cycle_due()
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
        if (asker := self.context.keep_reply_if_asked()) is not None:
            self._shutdown.append(asker)
        self._answer_shutdown()

    def _answer_shutdown(self) -> None:
        """Once no order is under way and no grant could still send one."""
        if not self._shutting_down or self._cycling.in_flight or self._under_way():
            return
        for asker in self._shutdown:
            asker.answer(ShutDown(orders_in_flight=0))
        self._shutdown.clear()

    # --- reconciliation --------------------------------------------------------------------------

    def _reconcile(self) -> None:
        self._ask(self._peers.execution, Reconcile(self._memory.reason))
        self.context.after("reconcile", self._patience.answer, ReconcileAgain())

    def _on_reconciled(self, answer: Reconciled) -> None:
        if answer == self._reconciled:  # one comparison answers all who asked meanwhile
            return
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
                urgent = self._memory.state is BotState.HALTED
                self._close(status.pair_key, self._memory.reason, urgent=urgent)
            self._stopped_if_flat()
        self._answer_shutdown()

    def _under_way(self) -> list[str]:
        return sorted(key for key, one in self._statuses.items() if one.state not in AT_REST)

    def _all_flat(self) -> bool:
        """Nothing held, nobody let in just now; orphans do not count: only a person can help."""
        gone = (PositionState.FLAT, PositionState.ORPHANED)
        flat = self._held_known and all(one.state in gone for one in self._statuses.values())
        return flat and not self._cycling.entering

    def _close_all(self, *, urgent: bool) -> None:
        """Close what is held, and withdraw the entries that are only being checked yet."""
        if self._memory.state not in (BotState.STOPPING, BotState.HALTED):
            return
        gone = (PositionState.FLAT, PositionState.ORPHANED)
        held = {key for key, status in self._statuses.items() if status.state not in gone}
        for pair_key in sorted(held | self._cycling.entering):
            self._close(pair_key, self._memory.reason, urgent=urgent)
        if not self._stopped_if_flat():
            self.context.after("close", self._patience.retry, CloseAgain())

    def _close(self, pair_key: str, reason: str, *, urgent: bool) -> None:
        snapshot = self._cycling.snapshot
        market = snapshot.of(pair_key) if snapshot is not None else None
        decision = exit_decision(market, (reason,), self.context.now())
        self._ask(self._peers.execution, ClosePair(pair_key, decision, urgent))

    def _stopped_if_flat(self) -> bool:
        if not self._all_flat():
            return False
        if self._memory.state is BotState.STOPPING:
            text = "stopped: all positions are closed"
            self._enter(Transition(BotState.STOPPED, BotState.STOPPED, Do.NOTHING, text))
        self.context.cancel("close")
        return True

    def _close_position(self, command: ClosePosition) -> None:
        position_id = command.position_id
        for status in self._statuses.values():
            if status.position is not None and status.position.id == position_id:
                self._close(status.pair_key, "closed by hand", urgent=False)
                self.context.reply(
                    CommandAnswer(self._memory.state, f"closing {position_id}", command.command_id)
                )
                return
        raise Rejected("no_such_position", f"no open position is called {position_id}")

    def _start_strategies(self, pairs: tuple[Pair, ...]) -> None:
        for pair in pairs:
            if pair.key not in self._cycling.strategies:
                self._cycling.strategies.add(pair.key)
                self._ask(self._peers.strategies, StartChild(self._strategy_spec(pair)))

    # --- cycles ----------------------------------------------------------------------------------

    def _on_cycle_due(self) -> None:
        if self._memory.state not in CYCLING or self._shutting_down:
            return
        if self._cycling.in_flight:  # dropped, never queued: one picture of the market is enough
            self._skipped += 1
        else:
            self._begin_cycle()
        self._schedule_cycle()
        self._tell_state()

    def _begin_cycle(self) -> None:
        memory = self._memory
        self._remember(replace(memory, cycle=memory.cycle + 1, seen_at=self.context.now()))
        self._ask(self._peers.market, GetPairs())
        self._cycling.begin(memory.cycle + 1)

    def _schedule_cycle(self) -> None:
        terms = self._cycling.terms
        self._scan_interval = terms.scan_interval if terms is not None else DEFAULT_SCAN_INTERVAL
        now = self.context.now()
        self._next_cycle_at = next_due(now, self._scan_interval)
        self.context.after("cycle", self._next_cycle_at - now, CycleDue())

    def _may_trade(self) -> bool:
        return self._memory.state is BotState.RUNNING and not self._shutting_down

    def _cycle_ended(self, cycle: Cycle) -> None:
        finished = report(cycle, self._memory.state, self.context.now())
        if finished is not None:
            self._last_cycle = finished
            self._peers.views.tell(finished)
        for problem in cycle.problems:
            self._record("cycle.problem", Severity.WARNING, f"cycle {cycle.number}: {problem}")
        terms = self._cycling.terms
        changed = terms is not None and terms.scan_interval != self._scan_interval
        if changed and self._next_cycle_at is not None:
            self._schedule_cycle()
        self._tell_state()
        self._answer_shutdown()

    def _on_refused(self, refused: Refused) -> None:
        self._cycling.refused(refused)
        match refused.message:
            case ClosePair(pair_key):
                text = f"closing {pair_key} was refused: {refused.reason}"
                self._record("position.close_refused", Severity.ALARM, text)

    def _ask(self, peer: Address, question: object) -> None:
        peer.tell(question, reply_to=self.context.address)

    def _record(self, kind: str, severity: Severity, text: str) -> None:
        event = Event(self.context.now(), kind, severity, self.context.address.name, text)
        self._peers.journal.tell(RecordEvent(event))
