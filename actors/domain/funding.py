"""Funding prints and rates. A rate is never shown or compared without its period."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

HOURS_PER_YEAR = 8760


@dataclass(frozen=True, slots=True)
class FundingPrint:
    """One settled funding rate: what was really paid at ``at``. Positive: longs paid shorts."""

    symbol: str
    at: datetime
    rate: Decimal
    """Fraction of notional for this print, over ``interval_hours``."""
    interval_hours: int
    mark_price: Decimal | None = None
    """Quote per base coin at the settlement; None where not recorded."""
    after_gap: bool = False
    """True where prints are missing before this one, so that an interval could not be seen."""

    @property
    def rate_8h(self) -> Decimal:
        return per_8h(self.rate, self.interval_hours)


@dataclass(frozen=True, slots=True)
class FundingRate:
    """What a venue says now about the next settlement of one perpetual."""

    symbol: str
    predicted_rate: Decimal | None
    """The venue's prediction for the next settlement, per interval; moves until then."""
    interval_hours: int | None
    next_settlement: datetime | None
    as_of: datetime
    last_settled: FundingPrint | None = None
    cap: Decimal | None = None
    """The most that one print can be, per interval; None where the venue doesn't say."""
    floor: Decimal | None = None
    """The least that one print can be, usually below 0."""

    @property
    def rate_8h(self) -> Decimal | None:
        if self.predicted_rate is None or self.interval_hours is None:
            return None
        return per_8h(self.predicted_rate, self.interval_hours)

    @property
    def at_limit(self) -> bool | None:
        """Whether the predicted rate is at its cap or floor; None while either is not known."""
        if self.predicted_rate is None or self.cap is None or self.floor is None:
            return None
        return not self.floor < self.predicted_rate < self.cap


def per_8h(rate: Decimal, interval_hours: int) -> Decimal:
    """A print's rate as a rate per 8 hours, the unit in which rates are compared."""
    return rate * 8 / interval_hours


def per_year(rate_8h: Decimal) -> Decimal:
    """A rate per 8 hours as a simple (not compounded) fraction a year."""
    return rate_8h * HOURS_PER_YEAR / 8


def payment_usdt(short_quantity: Decimal, mark_price: Decimal, rate: Decimal) -> Decimal:
    """What a short of ``short_quantity`` base coins receives (+) or pays (-) at one settlement.

    Payment = position quantity x mark price x rate, to whoever holds at that instant.
    """
    return short_quantity * mark_price * rate
