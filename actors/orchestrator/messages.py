"""What the orchestrator takes and answers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from actors.domain.decisions import Stage, Verdict
from actors.domain.market import MarketSnapshot, PairMarket
from actors.domain.positions import PositionState
from actors.domain.terms import Terms
from actors.execution.messages import Reconciled


class BotState(StrEnum):
    STOPPED = "stopped"
    STARTING = "starting"
    """Reconciling with the venue; no entries yet."""
    RUNNING = "running"
    PAUSED = "paused"
    """Positions are kept; none is entered or left, but by hand or out of danger."""
    STOPPING = "stopping"
    """Closing everything."""
    HALTED = "halted"
    """After an emergency stop: latched until a person clears it."""


@dataclass(frozen=True, slots=True)
class Start:
    command_id: int = 0
    """The journal's number of it, here as in all commands: the answer bears it. 0 = none."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Close all positions, then stop."""

    command_id: int = 0


@dataclass(frozen=True, slots=True)
class Restart:
    """Re-enter the loop: reconcile and start a new cycle. Positions are kept."""

    command_id: int = 0


@dataclass(frozen=True, slots=True)
class Pause:
    command_id: int = 0


@dataclass(frozen=True, slots=True)
class Resume:
    command_id: int = 0


@dataclass(frozen=True, slots=True)
class EmergencyStop:
    """Close everything at market now, and latch."""

    reason: str = ""
    command_id: int = 0


@dataclass(frozen=True, slots=True)
class ClearEmergency:
    """Release the latch; the bot is then stopped."""

    command_id: int = 0


@dataclass(frozen=True, slots=True)
class ClosePosition:
    """Close one position. Rejected with code no_such_position."""

    position_id: str
    command_id: int = 0


@dataclass(frozen=True, slots=True)
class Shutdown:
    """The process is ending: no new cycle, positions are kept, orders in flight are finished.

    Answered by ShutDown.
    """


@dataclass(frozen=True, slots=True)
class ShutDown:
    orders_in_flight: int


Command = Start | Stop | Restart | Pause | Resume | EmergencyStop | ClearEmergency | ClosePosition


@dataclass(frozen=True, slots=True)
class CommandAnswer:
    """What a command led to at once; its further course is told by StateChanged and CycleReport."""

    state: BotState
    text: str
    command_id: int = 0


@dataclass(frozen=True, slots=True)
class GetState:
    """Answered by StateChanged."""


@dataclass(frozen=True, slots=True)
class StateChanged:
    """Told to the views at every change."""

    state: BotState
    is_running: bool
    since: datetime
    cycle: int
    next_cycle_at: datetime | None
    reason: str = ""
    last_reconciled: Reconciled | None = None
    skipped_cycles: int = 0
    """Ticks that fell due while a cycle was still in flight; they are dropped, never queued."""


@dataclass(frozen=True, slots=True)
class Opportunity:
    """One pair in one cycle: what was decided and why (not)."""

    rank: int | None
    """1 = best; None where it has no score."""
    pair_key: str
    market: PairMarket
    state: PositionState
    verdict: Verdict
    reached: Stage
    """How far it came in the end, risk and grant included."""
    granted_quantity: Decimal | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FunnelStep:
    stage: Stage
    passed: int


@dataclass(frozen=True, slots=True)
class GetLastCycle:
    """Answered by LastCycle."""


@dataclass(frozen=True, slots=True)
class CycleReport:
    """A finished cycle, told to the views."""

    cycle: int
    started_at: datetime
    ended_at: datetime
    snapshot: MarketSnapshot
    terms: Terms
    state: BotState
    opportunities: tuple[Opportunity, ...]
    """Best first."""
    funnel: tuple[FunnelStep, ...]
    silent_pairs: tuple[str, ...]
    """Strategies that did not answer in time and were left out."""
    guards: tuple[str, ...]
    """Risk limits that stop entries now, in words."""
    entered: tuple[str, ...]
    left: tuple[str, ...]
    problems: tuple[str, ...] = ()

    @property
    def duration(self) -> timedelta:
        return self.ended_at - self.started_at


@dataclass(frozen=True, slots=True)
class LastCycle:
    report: CycleReport | None
    """None where none has ended since the orchestrator was started."""
