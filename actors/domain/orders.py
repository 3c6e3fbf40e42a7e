"""Orders and what came of them. Quantities in base coins, prices in quote per base coin."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from actors.domain.instruments import Instrument, Market


class Side(StrEnum):
    BUY = "buy"
    SELL = "sell"


class Leg(StrEnum):
    SPOT = "spot"
    PERP = "perp"


class OrderAction(StrEnum):
    """Why an order is sent; part of its client id."""

    OPEN = "open"
    TOP_UP = "topup"
    UNWIND = "unwind"
    CLOSE = "close"


class OrderStatus(StrEnum):
    """Where an order stands. Only the last three are final."""

    INTENDED = "intended"
    """On disk, perhaps not sent yet."""
    UNKNOWN = "unknown"
    """Sent, but the answer is lost or not final: ask by client id until it is known."""
    FILLED = "filled"
    PARTIAL = "partial"
    """Ended with a part filled."""
    REJECTED = "rejected"
    """Known to have filled nothing: refused, or known not to exist at the venue."""

    @property
    def is_final(self) -> bool:
        return self in (OrderStatus.FILLED, OrderStatus.PARTIAL, OrderStatus.REJECTED)


@dataclass(frozen=True, slots=True)
class OrderRequest:
    """A market (immediate-or-cancel) order as it is handed to a venue."""

    client_id: str
    """At most 36 characters, unique for the account; a venue refuses a repeat."""
    instrument: Instrument
    side: Side
    quantity: Decimal
    reduce_only: bool = False


@dataclass(frozen=True, slots=True)
class Fill:
    """One execution, as the venue reported it."""

    venue: str
    fill_id: str
    """The venue's own id, unique with ``venue``."""
    client_id: str
    symbol: str
    market: Market
    side: Side
    quantity: Decimal
    price: Decimal
    fee: Decimal
    """Positive = paid, negative = rebate; in ``fee_coin``."""
    fee_coin: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OrderReport:
    """What the venue knows of one order."""

    client_id: str
    venue_order_id: str | None
    status: OrderStatus
    """FILLED, PARTIAL or REJECTED when final; UNKNOWN while the venue still works on it."""
    fills: tuple[Fill, ...]
    """All of them when the status is final."""
    reason: str = ""
