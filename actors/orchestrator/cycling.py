"""The course of a cycle: terms -> snapshot -> proposals -> grants -> executed.

Each phase has its time limit; whoever has not answered by then is left out, by name. There is one
cycle at a time, and an answer to an older one falls away.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from actors.config.messages import GetTerms, TermsInForce
from actors.domain.market import MarketSnapshot
from actors.domain.risk import EquityMarks, entry_guards
from actors.domain.terms import Terms
from actors.market.messages import SnapshotTaken, TakeSnapshot
from actors.orchestrator.cycle import Cycle, Phase
from actors.orchestrator.granting import granted
from actors.orchestrator.peers import Patience, Peers
from actors.orchestrator.ranking import ranked
from actors.pnl.messages import Marked, MarkToMarket
from actors.runtime import Address, Context, Refused
from actors.strategy.messages import GrantEnded, GrantEntry, GrantExit, Proposal, Propose


@dataclass(frozen=True, slots=True)
class PhaseOverdue:
    """The timer's word."""

    cycle: int
    phase: Phase


Answer = TermsInForce | SnapshotTaken | Proposal | GrantEnded | Marked | PhaseOverdue


class Cycling:
    """Runs one cycle after the other when told to; remembers what the last one saw."""

    def __init__(
        self,
        context: Context,
        peers: Peers,
        patience: Patience,
        may_trade: Callable[[], bool],
        ended: Callable[[Cycle], None],
    ) -> None:
        self.terms: Terms | None = None
        """As of the last cycle."""
        self.snapshot: MarketSnapshot | None = None
        self.strategies: set[str] = set()
        """Pair keys that have a strategy to ask."""
        self._context = context
        self._peers = peers
        self._patience = patience
        self._may_trade = may_trade
        self._ended = ended
        self._cycle: Cycle | None = None
        self._marks = EquityMarks()

    @property
    def in_flight(self) -> bool:
        return self._cycle is not None

    @property
    def entering(self) -> set[str]:
        """Pairs that were let in and have not come to rest; they may still look flat."""
        cycle = self._cycle
        if cycle is None or cycle.grants is None:
            return set()
        return {one.pair_key for one in cycle.grants.entries} & cycle.awaiting

    def begin(self, number: int) -> None:
        """Start a cycle. Raises RuntimeError while one is in flight: cycles never overlap."""
        if self._cycle is not None:
            raise RuntimeError(f"cycle {self._cycle.number} is still in flight")
        self._cycle = Cycle(number, self._context.now())
        self._await(self._cycle, Phase.TERMS, self._patience.answer)
        self._ask(self._peers.config, GetTerms(number))

    def receive(self, answer: Answer) -> None:
        match answer:
            case TermsInForce():
                self._on_terms(answer)
            case SnapshotTaken(snapshot):
                self._on_snapshot(snapshot)
            case Proposal():
                self._on_proposal(answer)
            case GrantEnded():
                self._on_grant_ended(answer)
            case Marked():
                self._marks = EquityMarks(
                    answer.equity_usdt, answer.day_start_usdt, answer.peak_usdt
                )
            case PhaseOverdue():
                self._on_overdue(answer)

    def refused(self, refused: Refused) -> None:
        """A strategy that cannot be reached is not waited for."""
        match refused.message:
            case Propose(cycle=number, market=market):
                cycle = self._in_phase(number, Phase.PROPOSALS)
                if cycle is not None:
                    cycle.unreachable.add(market.pair.key)
                    if cycle.awaiting <= cycle.unreachable:
                        self._grant(cycle)

    def _ask(self, peer: Address, question: object) -> None:
        peer.tell(question, reply_to=self._context.address)

    def _await(self, cycle: Cycle, phase: Phase, at_most: timedelta) -> None:
        cycle.phase = phase
        self._context.after("phase", at_most, PhaseOverdue(cycle.number, phase))

    def _in_phase(self, number: int, phase: Phase) -> Cycle | None:
        """The cycle in flight if it is this one in this phase."""
        cycle = self._cycle
        if cycle is None or cycle.number != number or cycle.phase is not phase:
            return None
        return cycle

    def _on_terms(self, answer: TermsInForce) -> None:
        cycle = self._in_phase(answer.cycle, Phase.TERMS)
        if cycle is None:
            return
        cycle.terms = self.terms = answer.terms
        self._await(cycle, Phase.SNAPSHOT, self._patience.answer)
        self._ask(self._peers.market, TakeSnapshot(cycle.number))

    def _on_snapshot(self, snapshot: MarketSnapshot) -> None:
        cycle = self._in_phase(snapshot.cycle, Phase.SNAPSHOT)
        if cycle is None or cycle.terms is None:
            return
        cycle.snapshot = self.snapshot = snapshot
        self._ask(self._peers.pnl, MarkToMarket(snapshot))
        self._await(cycle, Phase.PROPOSALS, self._patience.proposals)
        by_key = {one.pair.key: one for one in snapshot.pairs}
        asked = {key: one for key, one in by_key.items() if key in self.strategies}
        cycle.awaiting = set(asked)
        for key, market in asked.items():
            question = Propose(cycle.number, snapshot.at, market, cycle.terms)
            self._ask(self._peers.strategy_of(key), question)
        if not asked:
            self._grant(cycle)

    def _on_proposal(self, proposal: Proposal) -> None:
        cycle, key = self._in_phase(proposal.cycle, Phase.PROPOSALS), proposal.pair.key
        if cycle is None or key not in cycle.awaiting:
            return
        cycle.awaiting.discard(key)
        cycle.proposals[key] = proposal
        if cycle.awaiting <= cycle.unreachable:
            self._grant(cycle)

    def _grant(self, cycle: Cycle) -> None:
        """Rank, check the limits, and let the best in: the only place that starts a trade."""
        if cycle.snapshot is None or cycle.terms is None:
            return
        cycle.silent = tuple(sorted(cycle.awaiting))
        cycle.ranking = ranked(cycle.proposals.values())
        account, at = cycle.snapshot.account, cycle.snapshot.at
        cycle.guards = entry_guards(account, self._marks, cycle.terms.risk, at)
        trade = self._may_trade()
        cycle.grants = granted(
            cycle.ranking, cycle.snapshot, cycle.guards, cycle.terms, entries=trade, exits=trade
        )
        exits = {
            one.pair_key: GrantExit(cycle.number, one.reasons, one.urgent)
            for one in cycle.grants.exits
        }
        entries = {
            one.pair_key: GrantEntry(cycle.number, one.quantity, cycle.terms)
            for one in cycle.grants.entries
        }
        cycle.awaiting = set(exits) | set(entries)
        self._await(cycle, Phase.EXECUTION, self._patience.execution)
        for pair_key, grant in (*exits.items(), *entries.items()):
            self._ask(self._peers.strategy_of(pair_key), grant)
        if not cycle.awaiting:
            self._end(cycle)

    def _on_grant_ended(self, end: GrantEnded) -> None:
        cycle = self._in_phase(end.cycle, Phase.EXECUTION)
        if cycle is None:
            return
        cycle.ended[end.pair_key] = end
        cycle.awaiting.discard(end.pair_key)
        if not cycle.awaiting:
            self._end(cycle)

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
                self._end(cycle)
            case Phase.TERMS | Phase.SNAPSHOT:
                cycle.problems.append(f"no answer in time: {overdue.phase.value}")
                self._end(cycle)

    def _end(self, cycle: Cycle) -> None:
        self._cycle = None
        self._context.cancel("phase")
        self._ended(cycle)
