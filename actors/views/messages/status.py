"""The bot, its last cycle and its alarms."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from actors.domain.costs import ClosingCost
from actors.domain.ledger import EquityPoint
from actors.domain.periods import Unknown
from actors.orchestrator.messages import FunnelStep, StateChanged


@dataclass(frozen=True, slots=True)
class GetStatus: ...


@dataclass(frozen=True, slots=True)
class ModeInfo:
    """Where prices and money come from; fixed for the life of the process."""

    mode: str
    """replay, paper or live."""
    venue: str
    speed: float | None
    """Replay only; None = as fast as possible."""
    span_from: datetime | None = None
    span_until: datetime | None = None
    network: str = ""
    """``test network`` where prices are a test network's; empty for the real market's."""


@dataclass(frozen=True, slots=True)
class CycleSummary:
    cycle: int
    started_at: datetime
    ended_at: datetime
    duration: timedelta
    funnel: tuple[FunnelStep, ...]
    guards: tuple[str, ...]
    silent_pairs: tuple[str, ...]
    problems: tuple[str, ...]
    why: tuple[str, ...]
    """Why the bot is (not) trading, in sentences, most important first."""


@dataclass(frozen=True, slots=True)
class ClosingAll:
    """What a stop or an emergency stop would cost now, by estimate."""

    positions: int
    cost: ClosingCost | None
    """None while it is not known for a position."""
    unknown: Unknown = ()
    """Pair to reason."""


@dataclass(frozen=True, slots=True)
class Status:
    at: datetime
    version: str
    mode: ModeInfo
    bot: StateChanged | None
    """None until the orchestrator has spoken."""
    last_cycle: CycleSummary | None
    equity: EquityPoint | None
    open_positions: int
    alarms: tuple[str, ...]
    actors_up: int
    actors_down: int
    closing: ClosingAll | None = None
    """None until the ledger has been read."""
