"""One position from its entry on."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from actors.domain.instruments import Pair
from actors.domain.orders import Leg, OrderAction, OrderStatus, Side
from actors.domain.positions import EntryDecision, ExitDecision, Goal, PositionState
from actors.domain.results import ClosedTrade
from actors.journal.messages import EventRecorded
from actors.views.messages.positions import PositionView


@dataclass(frozen=True, slots=True)
class GetPosition:
    """Open or closed. Answered by PositionLife; rejected with code no_such_position."""

    position_id: str


@dataclass(frozen=True, slots=True)
class LifeOrder:
    """An order as it was meant, and as it came out."""

    client_id: str
    leg: Leg
    action: OrderAction
    attempt: int
    side: Side
    quantity: Decimal
    """Asked for, base coins."""
    filled_quantity: Decimal
    reduce_only: bool
    status: OrderStatus
    reason: str
    resolved_at: datetime | None
    """When its outcome was known; None while it is not."""


@dataclass(frozen=True, slots=True)
class LifeFill:
    client_id: str
    fill_id: str
    leg: Leg
    side: Side
    quantity: Decimal
    price: Decimal
    value_usdt: Decimal
    fee: Decimal
    """Positive = paid, negative = rebate; in ``fee_coin``."""
    fee_coin: str
    fee_usdt: Decimal | None
    """As a result: negative = paid; None where the coin has no price."""
    slippage_usdt: Decimal | None
    """Against the price that the decision saw: negative = worse; None where it saw none."""


@dataclass(frozen=True, slots=True)
class LifeFunding:
    rate: Decimal | None
    """Of this print, per interval."""
    interval_hours: int | None
    """From the gap to the print before (or after); None where that does not tell."""
    rate_8h: Decimal | None
    quantity: Decimal | None
    """Signed base coins held at the settlement; negative = short."""
    mark_price: Decimal | None
    notional_usdt: Decimal | None
    """Of the position at the settlement."""
    amount: Decimal
    """Positive = received; in ``coin``."""
    coin: str


@dataclass(frozen=True, slots=True)
class LifeTotals:
    """All that was booked up to a step."""

    spot_quantity: Decimal
    perp_quantity: Decimal
    """Negative = short."""
    delta: Decimal
    """Spot held less perp short, base coins."""
    price_usdt: Decimal
    """Realised price result of both legs."""
    funding_usdt: Decimal
    fees_usdt: Decimal
    """Negative = paid."""
    net_usdt: Decimal
    """Realised: price, funding and fees."""


@dataclass(frozen=True, slots=True)
class LifeStep:
    """What happened at one instant; of order, fill, funding and event at most one is there."""

    at: datetime
    kind: str
    """entered, order, fill, funding, opened, exit, closed or event."""
    text: str
    """In words, where words say it: the reasons of a decision, the text of an event."""
    totals: LifeTotals
    order: LifeOrder | None = None
    fill: LifeFill | None = None
    funding: LifeFunding | None = None
    event: EventRecorded | None = None


@dataclass(frozen=True, slots=True)
class PositionLife:
    at: datetime
    position_id: str
    pair_key: str
    pair: Pair
    state: PositionState
    """flat where it is closed."""
    goal: Goal
    problem: str
    target_quantity: Decimal
    created_at: datetime
    opened_at: datetime | None
    closed_at: datetime | None
    entry: EntryDecision
    exit: ExitDecision | None
    steps: tuple[LifeStep, ...]
    """By time."""
    totals: LifeTotals
    now: PositionView | None
    """What it is worth now; None where it is closed."""
    trade: ClosedTrade | None
    """Its final result. None while it is open, and shortly after its close: late funding counts."""
