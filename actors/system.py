"""The supervision tree: the map of the house.

    root
    ├── journal         commands before they act, events after they happened
    ├── config          settings, and what was changed of them while running
    ├── gateways        one for each venue account
    ├── market          one snapshot a cycle
    ├── pnl             the ledger
    ├── views           the read model that the front end asks
    ├── execution       every position, every order
    ├── strategies      one for each pair, on the pool
    ├── orchestrator    the cycle
    └── web             the front end

The order is that of the start; the stop goes the other way. The root is one_for_one: nobody depends
on another's life, only on its address, for letters wait until somebody reads them again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from actors import __version__
from actors.config.actor import ConfigActor
from actors.config.settings import Settings
from actors.config.terms import terms_of
from actors.domain.instruments import Pair
from actors.execution.actor import ExecutionActor
from actors.execution.rules import Rules
from actors.gateway.actor import GatewayActor
from actors.journal.actor import JournalActor, Target
from actors.journal.messages import Event, RecordEvent, Severity
from actors.market.actor import MarketActor
from actors.orchestrator.actor import OrchestratorActor
from actors.orchestrator.commands import COMMANDS
from actors.orchestrator.peers import Patience, Peers
from actors.pnl.actor import ANSWER_LIMIT, PnlActor
from actors.runtime import (
    Address,
    ChildSpec,
    Runtime,
    RuntimeEvent,
    Spec,
    SupervisorSpec,
    process_watch,
)
from actors.store import Store
from actors.strategy.actor import StrategyActor
from actors.venues.port import Venue
from actors.versions import versions
from actors.views.actor import ViewsActor
from actors.views.messages import ModeInfo
from web.actor import WebActor
from web.settings import WebSettings

HISTORY_SLOW_HALF_LIVES = 6
"""How much funding history is read: by then 98 % of a slow average's weight is there."""

LOUD = {
    "hung": Severity.ALARM,
    "killed": Severity.WARNING,
    "gave_up": Severity.ALARM,
    "buried": Severity.ALARM,
    "crashed": Severity.WARNING,
    "start_failed": Severity.WARNING,
    "restarted": Severity.INFO,
}
"""What of the runtime's events goes on record."""


@dataclass(frozen=True, slots=True)
class House:
    """What the actors are given."""

    settings: Settings
    store: Store
    venue: Venue
    mode: ModeInfo
    web: WebSettings | None = None
    """None = no front end."""
    haste: float = 1.0
    """How many times as fast as the machine's clock the runtime's clock runs.

    The actors' patience with each other grows with it.
    """
    watch_period: timedelta = timedelta(minutes=5)
    """Between two comparisons of the ledger with the venue's account."""
    places: Mapping[str, str] = field(default_factory=dict)
    """Where settings that are no defaults were found, by key."""


def addresses(runtime: Runtime, house: House) -> "Addresses":
    """Every fixed address of the house, by the name of its room."""

    def at(name: str) -> Address:
        return runtime.address(f"root/{name}")

    return Addresses(
        journal=at("journal"),
        config=at("config"),
        gateway=at(f"gateways/{house.venue.name}"),
        market=at("market"),
        pnl=at("pnl"),
        views=at("views"),
        execution=at("execution"),
        strategies=at("strategies"),
        orchestrator=at("orchestrator"),
        web=at("web"),
    )


@dataclass(frozen=True, slots=True)
class Addresses:
    journal: Address
    config: Address
    gateway: Address
    market: Address
    pnl: Address
    views: Address
    execution: Address
    strategies: Address
    orchestrator: Address
    web: Address


def tree(runtime: Runtime, house: House) -> SupervisorSpec:
    """The whole house, ready for ``runtime.start``."""
    to = addresses(runtime, house)
    store, settings = house.store, house.settings
    terms = terms_of(settings)
    patience = max(house.haste, 1.0)
    rules = replace(Rules(), watch_period=house.watch_period).under(terms).stretched(patience)
    history = timedelta(hours=terms.carry.slow_half_life_hours * HISTORY_SLOW_HALF_LIVES)

    def strategy_of(pair_key: str) -> Address:
        return runtime.address(f"{to.strategies.name}/{pair_key}")

    peers = Peers(
        config=to.config,
        market=to.market,
        execution=to.execution,
        pnl=to.pnl,
        views=to.views,
        journal=to.journal,
        strategies=to.strategies,
        strategy_of=strategy_of,
    )

    targets = {name: Target(to.orchestrator, make) for name, make in COMMANDS.items()}

    def supervisor_of(name: str) -> Address | None:
        parents = {one.address: one.parent for one in runtime.observe()}
        parent = parents.get(name)
        return None if parent is None else runtime.address(parent)

    def strategy(pair: Pair) -> ChildSpec:
        return ChildSpec(
            pair.key, lambda: StrategyActor(pair, to.execution, to.journal), dispatch="pool"
        )

    rooms: list[Spec] = [
        ChildSpec(
            "journal",
            lambda: JournalActor(store, to.views, targets, supervisor_of, runtime.dead_letters),
        ),
        ChildSpec(
            "config",
            lambda: ConfigActor(store, settings, to.views, to.journal, house.places),
        ),
        SupervisorSpec(
            "gateways", children=[ChildSpec(house.venue.name, lambda: GatewayActor(house.venue))]
        ),
        ChildSpec("market", lambda: MarketActor(to.gateway, terms.carry, history)),
        ChildSpec(
            "pnl",
            lambda: PnlActor(
                store, to.gateway, to.views, to.journal, answer_limit=ANSWER_LIMIT * patience
            ),
        ),
        ChildSpec(
            "views",
            lambda: ViewsActor(
                runtime.observe,
                runtime.dead_letters.list,
                house.mode,
                __version__,
                pnl=to.pnl,
                config=to.config,
                execution=to.execution,
                orchestrator=to.orchestrator,
                journal=to.journal,
                gateways=(to.gateway,),
                process=process_watch(),
                versions=versions(),
            ),
        ),
        ChildSpec(
            "execution",
            lambda: ExecutionActor(
                store,
                to.gateway,
                to.pnl,
                to.journal,
                strategy_of,
                listeners=(to.views, to.orchestrator),
                rules=rules,
            ),
        ),
        SupervisorSpec("strategies", max_restarts=1000),
        ChildSpec(
            "orchestrator",
            lambda: OrchestratorActor(
                store, peers, strategy, Patience().stretched(patience), house.mode.span_until
            ),
        ),
    ]
    if house.web is not None:
        web = house.web
        rooms.append(ChildSpec("web", lambda: WebActor(to.views, to.journal, to.config, web)))
    return SupervisorSpec("root", children=rooms, max_restarts=30)


def recorder(runtime: Runtime) -> None:
    """Put what happens to actors on record, from now on."""
    journal = runtime.address("root/journal")

    def record(event: RuntimeEvent) -> None:
        severity = LOUD.get(event.kind)
        if severity is None:
            return
        text = f"{event.address} {event.kind}" + (f": {event.detail}" if event.detail else "")
        journal.tell(
            RecordEvent(
                Event(event.at, f"actor.{event.kind}", severity, event.address, text, event.trace)
            )
        )

    runtime.on_event = record
