"""Money that moves without an order."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class FundingPayment:
    """One funding payment as the venue booked it. Positive ``amount`` = received."""

    venue: str
    payment_id: str
    """The venue's transaction id; ``symbol@boundary`` on paper."""
    symbol: str
    at: datetime
    """The settlement."""
    amount: Decimal
    coin: str
    rate: Decimal | None
    """Of this print, per interval; None where the venue does not say."""
    quantity: Decimal | None
    """Signed base coins held at the settlement (negative = short)."""
    mark_price: Decimal | None
