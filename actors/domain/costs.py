"""What a round trip costs, and how long funding takes to pay for it."""

from decimal import ROUND_CEILING, Decimal

from actors.domain.decisions import RoundTrip
from actors.domain.market import PairMarket
from actors.domain.terms import FeeRates

ORDERS = 4
"""Spot and perpetual, in and out."""


def round_trip(market: PairMarket, fees: FeeRates) -> RoundTrip | None:
    """Fractions of one leg's notional; None while a spread is unknown.

    Each order pays its taker fee, half of its own leg's spread, and the assumed slippage.
    """
    spot_bp = market.spot.spread_bp if market.spot else None
    perp_bp = market.perp.spread_bp if market.perp else None
    if spot_bp is None or perp_bp is None:
        return None
    return RoundTrip(
        fees=2 * (fees.spot_taker + fees.perp_taker),
        spread=(spot_bp + perp_bp) / 10_000,
        slippage=ORDERS * fees.slippage_bp / 10_000,
    )


def break_even_hours(cost: Decimal, rate_8h: Decimal) -> Decimal | None:
    """Hours until funding at ``rate_8h`` has paid ``cost`` (a fraction); None if it never does."""
    if rate_8h <= 0:
        return None
    return (cost / rate_8h * 8).quantize(Decimal("0.1"), ROUND_CEILING)


def break_even_settlements(cost: Decimal, rate_8h: Decimal, interval_hours: int) -> int | None:
    """Whole settlements until funding at ``rate_8h`` has paid ``cost``; None if it never does."""
    if rate_8h <= 0:
        return None
    return int((cost / rate_8h * 8 / interval_hours).to_integral_value(ROUND_CEILING))
