"""A reconciliation under way: where it stands, and the timers that carry it on."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from actors.domain.account import AccountState
from actors.domain.orders import Fill
from actors.execution.messages import Difference


@dataclass(frozen=True, slots=True)
class LookNow:
    """From a timer: begin a comparison, or look again in the one under way."""


@dataclass(frozen=True, slots=True)
class ComparisonExpired:
    """From a timer: the comparison lacks answers."""


@dataclass(frozen=True, slots=True)
class WatchTick:
    """From a timer: time to compare, if anything is held."""


class Stage(StrEnum):
    RESOLVING = "resolving"
    ACCOUNT = "account"
    FILLS = "fills"
    PRICES = "prices"
    PAUSE = "pause"


@dataclass(slots=True)
class Comparison:
    """One reconciliation under way."""

    unresolved_at_start: int
    stage: Stage = Stage.RESOLVING
    request_id: str = ""
    looks: int = 0
    account: AccountState | None = None
    changes: dict[str, int] = field(default_factory=dict)
    """How often each pair had changed when the account was asked for."""
    fills_since: datetime | None = None
    fills_asked_at: datetime | None = None
    strange_fills: tuple[Fill, ...] = ()
    seen: tuple[Difference, ...] = ()
    """What the look before showed."""
    quiet: set[str] = field(default_factory=set)
    """Pairs that could be compared."""
    complete: bool = False
    """Every pair was compared and every difference confirmed."""
    problem: str = ""
