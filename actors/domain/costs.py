"""What a round trip costs, and how long funding takes to pay for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from actors.domain.decisions import RoundTrip
from actors.domain.exact import total, total_of
from actors.domain.market import PairMarket, Ticker
from actors.domain.terms import FeeRates


@dataclass(frozen=True, slots=True)
class ClosingCost:
    """What it is expected to cost to sell the spot leg and to buy the short back now, in USDT."""

    fees: Decimal
    """Two taker fees."""
    spread: Decimal
    """Half of each leg's spread."""
    slippage: Decimal
    """As assumed for each order."""

    @property
    def total(self) -> Decimal:
        return total(self.fees, self.spread, self.slippage)


def round_trip(spot_spread_bp: Decimal, perp_spread_bp: Decimal, fees: FeeRates) -> RoundTrip:
    """Fractions of one leg's notional.

    Each order pays its taker fee, half of its own leg's spread, and the assumed slippage.
    """
    return RoundTrip(
        fees=fees.round_trip,
        spread=(spot_spread_bp + perp_spread_bp) / 10_000,
        slippage=fees.round_trip_slippage,
    )


def closing_cost(
    market: PairMarket, fees: FeeRates, spot_quantity: Decimal, perp_quantity: Decimal
) -> ClosingCost | None:
    """The way out of what is held (base coins, either sign): half of :func:`round_trip`, in money.

    None while a spread is unknown of a leg that is held.
    """
    legs = (
        (market.spot, fees.spot_taker, spot_quantity),
        (market.perp, fees.perp_taker, perp_quantity),
    )
    orders = []
    for ticker, taker, quantity in legs:
        if quantity:
            cost = _order_cost(ticker, taker, fees.slippage_bp, abs(quantity))
            if cost is None:
                return None
            orders.append(cost)
    return summed_costs(orders)


def summed_costs(costs: Iterable[ClosingCost]) -> ClosingCost:
    costs = tuple(costs)
    return ClosingCost(
        fees=total_of(one.fees for one in costs),
        spread=total_of(one.spread for one in costs),
        slippage=total_of(one.slippage for one in costs),
    )


def _order_cost(
    ticker: Ticker | None, taker: Decimal, slippage_bp: Decimal, quantity: Decimal
) -> ClosingCost | None:
    mid = None if ticker is None else ticker.mid
    if ticker is None or ticker.bid is None or ticker.ask is None or mid is None or mid <= 0:
        return None
    notional = quantity * mid
    return ClosingCost(
        fees=notional * taker,
        spread=quantity * (ticker.ask - ticker.bid) / 2,
        slippage=notional * slippage_bp / 10_000,
    )


def break_even_hours(cost: Decimal, rate_8h: Decimal) -> Decimal | None:
    """Hours until funding at ``rate_8h`` has paid ``cost`` (a fraction); None if it never does."""
    if rate_8h <= 0:
        return None
    return (cost / rate_8h * 8).quantize(Decimal("0.1"), ROUND_CEILING)


def break_even_settlements(cost: Decimal, rate_8h: Decimal, interval_hours: int) -> int | None:
    """Whole settlements until funding at ``rate_8h`` has paid ``cost``; None if it never does."""
    hours = break_even_hours(cost, rate_8h)
    return None if hours is None else whole_settlements(hours, interval_hours)


def whole_settlements(hours: Decimal, interval_hours: int) -> int:
    """How many settlements, ``interval_hours`` apart, it takes until ``hours`` have been paid."""
    return int((hours / interval_hours).to_integral_value(ROUND_CEILING))
