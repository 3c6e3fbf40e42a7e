"""Everything one run needs, opened and checked before the first actor starts."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from actors.cli.books import vault_name
from actors.cli.exit_codes import ExitCode
from actors.cli.failure import CommandFailed
from actors.cli.front import front_end
from actors.cli.recorded import data_folder, load_recording
from actors.cli.world import World, claim, last_instant
from actors.config.loading import Loaded
from actors.config.settings import Mode, Settings
from actors.orchestrator.memory import recall
from actors.runtime import Clock, LiveRuntime, Runtime, ScaledClock, SimulatedRuntime
from actors.store import Store
from actors.system import House
from actors.venues.paper import PaperRules, PaperVenue
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
    until: datetime
    resumed: bool
    """True when an earlier run's books are carried on."""
    never_started: bool
    """The bot has never been told to start: not by a person, and not at the start of a run."""


@contextmanager
def opened(loaded: Loaded) -> Iterator[Session]:
    """A session on the settings' replay; closes the store at the end.

    Raises CommandFailed, StoreError or RecordingError, each with what to do.
    """
    settings = loaded.settings
    if settings.trading.mode is not Mode.REPLAY:
        raise CommandFailed(
            ExitCode.USAGE,
            f"trading.mode {settings.trading.mode.value} needs an exchange, which this version "
            "does not speak to yet: use replay",
        )
    web = front_end(settings)
    recording = load_recording(settings)
    speed = None if settings.historical.speed == "max" else float(settings.historical.speed)
    store = Store.open(settings.store.url, survive_power_loss=speed is not None)
    try:
        store.claim()
        claim(store, _world(settings, recording))
        last = last_instant(store, vault_name(settings))
        start, until = _span(settings, recording, last)
        runtime: SimulatedRuntime | LiveRuntime
        if speed is None:
            runtime = SimulatedRuntime(start, SEED, ordering="fifo")
        else:
            runtime = LiveRuntime(ScaledClock(start, speed))
        house = House(
            settings,
            store,
            _venue(settings, recording, runtime.clock, store),
            ModeInfo("replay", settings.exchange.id, speed, start, until),
            web,
            haste=speed or 1.0,
            watch_period=WATCH_PERIOD,
            places=loaded.places,
        )
        yield Session(
            runtime,
            house,
            start,
            until,
            resumed=last is not None,
            never_started=recall(store) is None,
        )
    finally:
        store.close()


def _world(settings: Settings, recording: Recording) -> World:
    span = recording.span
    name = data_folder(settings).resolve().name
    market = f"{name}, {span.start:%Y-%m-%d} to {span.end:%Y-%m-%d}"
    return World(settings.trading.mode.value, settings.exchange.id, market)


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


def _venue(settings: Settings, recording: Recording, clock: Clock, store: Store) -> PaperVenue:
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
    market = ReplayMarket(recording, clock, settings.exchange.id)
    return PaperVenue(market, clock, store.vault(vault_name(settings)), rules)
