"""ccxt's funding rates as ours. The interval is the symbol's own, and changes.

What is not stated is None: an exchange that does not say its interval has it read off the gaps
between settlements (``usual_hours``), never assumed.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from actors.domain.funding import FundingRate
from actors.venues.ccxt.markets import Listing
from actors.venues.ccxt.values import above_zero, exact, inner, moment

_HOURS = re.compile(r"(\d+)h")


def rate_of(
    row: Mapping[str, Any],
    listing: Listing,
    stamped_at: datetime,
    market: Mapping[str, Any],
    told_apart: Mapping[str, Any] | None = None,
    usual_hours: int | None = None,
) -> FundingRate:
    """What the exchange says of the next settlement.

    ``market``: the listing as ccxt has it. ``told_apart``: the symbol's row where intervals and
    caps are a question of their own. Of several intervals the one in the freshest answer counts.
    """
    as_of = moment(row.get("timestamp")) or stamped_at
    said, apart, listed = inner(row, "info"), told_apart or {}, inner(market, "info")
    cap, floor = _limits(said, inner(apart, "info"), listed)
    return FundingRate(
        symbol=listing.instrument.symbol,
        predicted_rate=exact(row.get("fundingRate")),
        interval_hours=(
            _hours(said.get("fundingIntervalHour"))
            or _interval(apart.get("interval"))
            or _interval(row.get("interval"))
            or usual_hours
        ),
        next_settlement=_next(row, as_of),
        as_of=as_of,
        cap=cap,
        floor=floor,
    )


def _next(row: Mapping[str, Any], as_of: datetime) -> datetime | None:
    """The first settlement that is announced for after ``as_of``."""
    announced = (moment(row.get("fundingTimestamp")), moment(row.get("nextFundingTimestamp")))
    return min((at for at in announced if at is not None and at > as_of), default=None)


def _limits(
    said: Mapping[str, Any], apart: Mapping[str, Any], listed: Mapping[str, Any]
) -> tuple[Decimal | None, Decimal | None]:
    """The most and the least that one print can be, by any of the names exchanges give them."""
    both = exact(said.get("fundingCap"))  # Bybit's ticker: the same to both sides
    if both is not None and both > 0:
        return both, -both
    for source, most, least in (
        (said, "maxFundingRate", "minFundingRate"),
        (apart, "adjustedFundingRateCap", "adjustedFundingRateFloor"),
        (listed, "upperFundingRate", "lowerFundingRate"),
    ):
        cap, floor = exact(source.get(most)), exact(source.get(least))
        if cap is not None and floor is not None and floor < cap:
            return cap, floor
    return None, None


def _interval(text: object) -> int | None:
    """``8h`` in hours."""
    match = _HOURS.fullmatch(text) if isinstance(text, str) else None
    return _hours(match[1]) if match else None


def _hours(value: object) -> int | None:
    hours = above_zero(value)
    whole = hours is not None and hours == hours.to_integral_value() and hours <= _LONGEST_HOURS
    return int(hours) if hours is not None and whole else None


_LONGEST_HOURS = 24
