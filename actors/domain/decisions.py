"""What a policy answers: an action, a score, and the reasons in words."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class Action(StrEnum):
    ENTER = "enter"
    STAY_OUT = "stay_out"
    HOLD = "hold"
    LEAVE = "leave"


class Stage(StrEnum):
    """The funnel: how far a pair came in a cycle. The order is the order of the checks."""

    SCANNED = "scanned"
    DATA = "data"
    """All figures known and fresh."""
    LIQUID = "liquid"
    """Volume and spread suffice, pair allowed."""
    RATE = "rate"
    """The rate itself pays the short."""
    NET = "net"
    """It still pays after the full round trip."""
    RISK = "risk"
    """The limits leave room."""
    GRANTED = "granted"


@dataclass(frozen=True, slots=True)
class RoundTrip:
    """Cost of entering and leaving both legs, as fractions of one leg's notional."""

    fees: Decimal
    """Four taker fees."""
    spread: Decimal
    """Half the spread, paid four times (two legs, in and out)."""
    slippage: Decimal

    @property
    def total(self) -> Decimal:
        return self.fees + self.spread + self.slippage


@dataclass(frozen=True, slots=True)
class Held:
    """What a policy may know of the position it judges."""

    position_id: str
    quantity: Decimal
    opened_at: datetime
    settlements: int
    """Funding settlements lived through since it was opened."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A policy's answer for one pair. Fractions: of one leg's notional, over ``horizon_hours``."""

    action: Action
    reached: Stage
    """The last stage of the funnel that the pair passed."""
    reasons: tuple[str, ...]
    score: Decimal | None = None
    """Expected net yield over the horizon after the full round trip: what pairs are ranked by."""
    expected_funding: Decimal | None = None
    round_trip: RoundTrip | None = None
    horizon_hours: Decimal | None = None
    break_even_hours: Decimal | None = None
    """Hours until the expected funding has paid the round trip; None if it never does."""
