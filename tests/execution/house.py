"""Execution and its gateway on the simulated runtime, with everyone they talk to recorded."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from actors.domain.instruments import Pair
from actors.domain.positions import ExitDecision, Position, PositionState
from actors.domain.terms import FeeRates, Terms
from actors.execution.actor import ExecutionActor
from actors.execution.judge import refusal_code
from actors.execution.legs import Legs
from actors.execution.messages import (
    ClosePair,
    Difference,
    ListPairs,
    OpenPair,
    PairsListed,
    PairStatus,
    Reconcile,
    Reconciled,
    WatchPair,
)
from actors.execution.plan import unresolved
from actors.execution.rules import Rules
from actors.gateway.actor import GatewayActor
from actors.journal.messages import Event, RecordEvent, Severity
from actors.runtime import (
    Actor,
    ChildSpec,
    FaultPlan,
    Refused,
    SimulatedClock,
    SimulatedRuntime,
    SupervisorSpec,
)
from actors.store import Store

from .scripted_venue import ScriptedVenue
from .world import FEE, PAIR, SPOT, SPOT_PRICE, START, STEP, entry

TERMS = Terms(fees=FeeRates(spot_taker=FEE, perp_taker=FEE))
KEY = PAIR.key
DUST = 10 * SPOT.min_notional / SPOT_PRICE


class Recorder(Actor):
    """Keeps what it is told, in a list that outlives it."""

    def __init__(self, told: list[Any]) -> None:
        self._told = told

    def receive(self, message: Any) -> None:
        self._told.append(message)


@dataclass
class House:
    seed: int = 1
    script: list[str] = field(default_factory=list)
    faults: FaultPlan | None = None
    rules: Rules = field(default_factory=Rules)

    def __post_init__(self) -> None:
        self.clock = SimulatedClock(START)
        self.store = Store.open("sqlite://", installation_id="ab12")
        self.venue = ScriptedVenue(self.clock, list(self.script))
        self.strategy: list[Any] = []
        self.views: list[Any] = []
        self.pnl: list[Any] = []
        self.journal: list[Any] = []
        self.lives = 0
        self.start()

    # --- the process -----------------------------------------------------------------------------

    def start(self) -> None:
        self.lives += 1
        runtime = SimulatedRuntime(self.clock, self.seed * 1000 + self.lives, faults=self.faults)
        self.runtime = runtime

        def execution() -> Actor:
            return ExecutionActor(
                self.store,
                gateway=runtime.address("root/gateway"),
                pnl=runtime.address("root/pnl"),
                journal=runtime.address("root/journal"),
                strategy_of=lambda key: runtime.address(f"root/{key}"),
                listeners=(runtime.address("root/views"),),
                rules=self.rules,
            )

        runtime.start(
            SupervisorSpec(
                "root",
                children=(
                    ChildSpec("journal", lambda: Recorder(self.journal)),
                    ChildSpec("gateway", lambda: GatewayActor(self.venue)),
                    ChildSpec("pnl", lambda: Recorder(self.pnl)),
                    ChildSpec("views", lambda: Recorder(self.views)),
                    ChildSpec("execution", execution),
                    ChildSpec(KEY, lambda: Recorder(self.strategy)),
                ),
                max_restarts=100_000,
            )
        )

    def lose_process(self) -> None:
        self.runtime.lose_process()
        self.start()

    def run(self, span: float) -> None:
        """Seconds of virtual time."""
        self.runtime.run_for(timedelta(seconds=span))

    # --- asking ----------------------------------------------------------------------------------

    def ask(self, message: object, seconds: float = 30) -> Any:
        return self.runtime.ask("root/execution", message, timedelta(seconds=seconds))

    def tell(self, message: object) -> None:
        """As the strategy would; answers and refusals come to it."""
        self.runtime.address("root/execution").tell(
            message, reply_to=self.runtime.address(f"root/{KEY}")
        )

    def wish(self, quantity: str = "10", pair: Pair = PAIR) -> OpenPair:
        return OpenPair(pair, Decimal(quantity), entry(self.clock.now()), TERMS)

    def open(self, quantity: str = "10", then: float = 5) -> None:
        self.reconcile()
        self.tell(self.wish(quantity))
        self.run(then)

    def close(self, *, urgent: bool = False, then: float = 5) -> None:
        exit = ExitDecision(self.clock.now(), entry().spot_price, entry().perp_price, ("enough",))
        self.tell(ClosePair(KEY, exit, urgent))
        self.run(then)

    def reconcile(self, seconds: float = 200) -> Reconciled:
        answer = self.ask(Reconcile("test"), seconds)
        assert isinstance(answer, Reconciled)
        return answer

    def status(self) -> PairStatus:
        answer = self.ask(WatchPair(KEY))
        assert isinstance(answer, PairStatus)
        return answer

    def listed(self) -> tuple[PairStatus, ...]:
        answer = self.ask(ListPairs())
        assert isinstance(answer, PairsListed)
        return answer.pairs

    # --- looking ---------------------------------------------------------------------------------

    def restarts(self, name: str) -> int:
        (view,) = [one for one in self.runtime.observe() if one.address == name]
        return view.restarts

    @property
    def positions(self) -> list[Position]:
        with self.store.reading() as tx:
            return tx.positions.all()

    @property
    def position(self) -> Position:
        (one,) = self.positions
        return one

    @property
    def events(self) -> list[Event]:
        return [one.event for one in self.journal if isinstance(one, RecordEvent)]

    def kinds(self, severity: Severity | None = None) -> list[str]:
        return [one.kind for one in self.events if severity in (None, one.severity)]

    def refusals(self) -> list[str]:
        return [one.code for one in self.strategy if isinstance(one, Refused)]

    def states(self) -> list[PositionState]:
        """As the strategy was told, without repetition."""
        told = [one.state for one in self.strategy if isinstance(one, PairStatus)]
        return [one for at, one in enumerate(told) if at == 0 or told[at - 1] is not one]

    # --- what must hold --------------------------------------------------------------------------

    def check(self) -> None:
        """No order stood twice, and ledger and venue agree; positions at rest are hedged."""
        assert all(count == 1 for count in self.fills_per_order().values())
        spot, short = Decimal(0), Decimal(0)
        for position in self.positions:
            legs = Legs.of(position)
            spot, short = spot + legs.spot, short + legs.short
            assert not unresolved(position), "an order is still unknown"
            if position.closed_at is not None:
                assert legs.short == 0
                assert 0 <= legs.spot < (DUST if _refused_as_dust(position) else SPOT.lot_step)
            else:
                assert position.state is PositionState.OPEN
                assert abs(legs.delta) < STEP
        assert (self.venue.sol, -self.venue.perp) == (spot, short)

    def fills_per_order(self) -> dict[str, int]:
        """How many fills the venue has of each order: it makes one for each that takes effect."""
        counts: dict[str, int] = {}
        for fill, _ in self.venue.fills:
            counts[fill.client_id] = counts.get(fill.client_id, 0) + 1
        return counts


def kinds_of(differences: tuple[Difference, ...]) -> list[tuple[str, str]]:
    return [(one.kind, one.symbol) for one in differences]


def _refused_as_dust(position: Position) -> bool:
    return any(refusal_code(one) == "below_minimum" for one in position.intents)
