"""Everything one run needs, opened and checked before the first actor starts."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from actors.cli.books import vault_name
from actors.cli.exit_codes import ExitCode
from actors.cli.failure import CommandFailed
from actors.cli.front import front_end
from actors.cli.live_prices import live_market
from actors.cli.recorded import data_folder, load_recording
from actors.cli.world import World, claim, last_instant
from actors.config.loading import Loaded
from actors.config.settings import Mode, Settings
from actors.orchestrator.memory import recall
from actors.runtime import (
    Clock,
    LiveRuntime,
    Runtime,
    ScaledClock,
    SimulatedRuntime,
    SystemClock,
)
from actors.store import Store
from actors.system import House
from actors.venues.paper import PaperRules, PaperVenue
from actors.venues.port import MarketData
from actors.venues.replay import Recording, ReplayMarket
from actors.views.messages import ModeInfo

SEED = 0
"""Of the simulated runtime that replays as fast as possible: the same run every time."""

WATCH_PERIOD = timedelta(minutes=30)
"""A recorded price holds for an hour, so nothing happens on the account more often."""


@dataclass(frozen=True, slots=True)
class Session:
    runtime: Runtime
    house: House
    start: datetime
    until: datetime | None
    """Where a replay ends; None: the market goes on for ever."""
    resumed: bool
    """True when an earlier run's books are carried on."""
    never_started: bool
    """The bot has never been told to start: not by a person, and not at the start of a run."""


@contextmanager
def opened(loaded: Loaded) -> Iterator[Session]:
    """A session on the settings' market, with a paper account; closes the store at the end.

    Raises CommandFailed, StoreError or RecordingError, each with what to do.
    """
    mode = loaded.settings.trading.mode
    if mode is Mode.LIVE:
        message = "trading.mode live: real money is not traded by this version; use paper"
        raise CommandFailed(ExitCode.USAGE, message)
    making = _on_live_prices if mode is Mode.PAPER else _on_recorded_prices
    with making(loaded) as session:
        yield session


@contextmanager
def _on_recorded_prices(loaded: Loaded) -> Iterator[Session]:
    settings = loaded.settings
    web = front_end(settings)
    recording = load_recording(settings)
    speed = None if settings.historical.speed == "max" else float(settings.historical.speed)
    with _books(settings, _recorded_world(settings, recording), speed is not None) as store:
        last = last_instant(store, vault_name(settings))
        start, until = _span(settings, recording, last)
        runtime: SimulatedRuntime | LiveRuntime
        if speed is None:
            runtime = SimulatedRuntime(start, SEED, ordering="fifo")
        else:
            runtime = LiveRuntime(ScaledClock(start, speed))
        market = ReplayMarket(recording, runtime.clock, settings.exchange.id)
        house = House(
            settings,
            store,
            _paper(settings, market, runtime.clock, store),
            ModeInfo("replay", settings.exchange.id, speed, start, until),
            web,
            haste=speed or 1.0,
            watch_period=WATCH_PERIOD,
            places=loaded.places,
        )
        never_started = recall(store) is None
        yield Session(runtime, house, start, until, last is not None, never_started)


@contextmanager
def _on_live_prices(loaded: Loaded) -> Iterator[Session]:
    settings = loaded.settings
    web = front_end(settings)
    clock = SystemClock()
    market = live_market(settings, clock)
    world = World(settings.trading.mode.value, settings.exchange.id, _network(settings))
    with _books(settings, world, survive_power_loss=True) as store:
        last = last_instant(store, vault_name(settings))
        try:
            venue = _paper(settings, market, clock, store)
        except ValueError as error:
            message = f"{error}: is this machine's clock right?"
            raise CommandFailed(ExitCode.STORE, message) from error
        runtime = LiveRuntime(clock, at_end=market.close)
        house = House(
            settings,
            store,
            venue,
            ModeInfo("paper", settings.exchange.id, None, network=_network(settings)),
            web,
            places=loaded.places,
        )
        never_started = recall(store) is None
        yield Session(runtime, house, clock.now(), None, last is not None, never_started)


@contextmanager
def _books(settings: Settings, world: World, survive_power_loss: bool) -> Iterator[Store]:
    store = Store.open(settings.store.url, survive_power_loss=survive_power_loss)
    try:
        store.claim()
        claim(store, world)
        yield store
    finally:
        store.close()


def _recorded_world(settings: Settings, recording: Recording) -> World:
    span = recording.span
    name = data_folder(settings).resolve().name
    market = f"{name}, {span.start:%Y-%m-%d} to {span.end:%Y-%m-%d}"
    return World(settings.trading.mode.value, settings.exchange.id, market)


def _network(settings: Settings) -> str:
    """Which market the prices are of: a test network's are others."""
    return "test network" if settings.exchange.sandbox else ""


def _span(
    settings: Settings, recording: Recording, last: datetime | None
) -> tuple[datetime, datetime]:
    """From where to where; books that exist are carried on where they end."""
    start = last or settings.historical.from_ or recording.span.start
    until = settings.historical.until or recording.span.end
    if start < until:
        return start, until
    if last is not None:
        raise CommandFailed(
            ExitCode.USAGE,
            f"The replay in {settings.store.url} has reached {last:%Y-%m-%d %H:%M} UTC already and "
            f"was to end at {until:%Y-%m-%d %H:%M}. perpcarry report shows it; for a new one give "
            "another --store, or move the old one away.",
        )
    raise CommandFailed(
        ExitCode.USAGE,
        f"The replay would begin at {start:%Y-%m-%d %H:%M} UTC, which is not before its end at "
        f"{until:%Y-%m-%d %H:%M}.",
    )


def _paper(settings: Settings, market: MarketData, clock: Clock, store: Store) -> PaperVenue:
    paper, fees = settings.paper, settings.fees
    rules = PaperRules(
        starting_balance=paper.starting_balance_usd,
        spot_taker=fees.spot_taker,
        perp_taker=fees.perp_taker,
        leverage=settings.trading.leverage,
        maintenance_rate=paper.maintenance_margin_rate,
        liquidation_fee=paper.liquidation_fee_rate,
        default_haircut=paper.collateral_haircut,
        latency=paper.latency,
    )
    return PaperVenue(market, clock, store.vault(vault_name(settings)), rules)
