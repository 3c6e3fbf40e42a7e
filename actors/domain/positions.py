"""A position: one pair held long and short, from its first intent to its last fill."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from actors.domain.instruments import Pair
from actors.domain.orders import Fill, Leg, OrderAction, OrderStatus, Side


class PositionState(StrEnum):
    """The life of a position. A pair without one is FLAT."""

    FLAT = "flat"
    OPENING = "opening"
    OPEN = "open"
    CLOSING = "closing"
    REPAIRING = "repairing"
    """The legs differ by more than a lot and orders are under way to mend it."""
    ORPHANED = "orphaned"
    """The venue holds something that the ledger does not explain; a person must look."""


AT_REST = frozenset({PositionState.FLAT, PositionState.OPEN, PositionState.ORPHANED})
"""States in which no order is under way."""


class Goal(StrEnum):
    """Where execution drives a position to; durable, so a restart goes on with it."""

    HELD = "held"
    FLAT = "flat"


@dataclass(frozen=True, slots=True)
class EntryDecision:
    """Why a position was entered and at which prices, so that slippage can be told later."""

    at: datetime
    policy: str
    spot_price: Decimal
    """The ask the decision saw, quote per base coin."""
    perp_price: Decimal
    """The bid the decision saw."""
    expected_funding_usdt: Decimal
    expected_cost_usdt: Decimal
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExitDecision:
    at: datetime
    spot_price: Decimal | None
    """The bid the decision saw; None when it had no price (emergency)."""
    perp_price: Decimal | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Intent:
    """One order as meant and as it came out; on disk before it is sent."""

    client_id: str
    position_id: str
    leg: Leg
    action: OrderAction
    attempt: int
    side: Side
    quantity: Decimal
    reduce_only: bool
    intended_at: datetime
    status: OrderStatus = OrderStatus.INTENDED
    fills: tuple[Fill, ...] = ()
    reason: str = ""
    resolved_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """All durable facts of a position; quantities follow from the fills, never stand beside."""

    id: str
    """``BTC-USDT#3``: the pair's third position in this ledger."""
    pair: Pair
    goal: Goal
    state: PositionState
    target_quantity: Decimal
    """Base coins wanted in each leg."""
    created_at: datetime
    entry: EntryDecision
    exit: ExitDecision | None = None
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    intents: tuple[Intent, ...] = ()

    @property
    def fills(self) -> tuple[Fill, ...]:
        return tuple(fill for intent in self.intents for fill in intent.fills)
