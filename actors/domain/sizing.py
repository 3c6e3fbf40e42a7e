"""How much to order: lots, minima, fees in the base coin, and what the book can bear."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from actors.domain.exact import average_price, product, total
from actors.domain.instruments import Instrument, Pair
from actors.domain.market import Depth, Level
from actors.domain.orders import Side


@dataclass(frozen=True, slots=True)
class EntrySize:
    """Base coins per leg; 0 with the reason where nothing can be ordered."""

    quantity: Decimal
    reason: str = ""


def entry_quantity(
    pair: Pair, notional_usdt: Decimal, price: Decimal, spot_fee_rate: Decimal = Decimal(0)
) -> EntrySize:
    """The largest quantity both legs can hold for ``notional_usdt`` at ``price`` (per base coin).

    A whole number of lots on both legs, within both legs' minima and largest market orders.
    ``spot_fee_rate`` leaves room for the gross-up of the spot order (see :func:`grossed_up`).
    """
    if price <= 0:
        return EntrySize(Decimal(0), f"no usable price: {price}")
    wanted = max(notional_usdt, Decimal(0)) / price
    limits = [wanted]
    if pair.short.max_market_quantity is not None:
        limits.append(pair.short.max_market_quantity)
    if pair.long.max_market_quantity is not None:
        largest = pair.long.max_market_quantity * (1 - spot_fee_rate) - pair.long.lot_step
        limits.append(max(largest, Decimal(0)))
    quantity = floor_to(min(limits), pair.step)
    if product(quantity, price) > notional_usdt > 0:
        quantity -= pair.step  # the division above was rounded up
    if quantity == 0:
        return EntrySize(
            Decimal(0),
            f"{notional_usdt:.2f} USDT buys less than one lot of {pair.step} {pair.short.base}",
        )
    for leg in (pair.long, pair.short):
        if reason := below_minimum(leg, quantity, price):
            return EntrySize(Decimal(0), reason)
    return EntrySize(quantity)


def below_minimum(instrument: Instrument, quantity: Decimal, price: Decimal) -> str:
    """Why the venue would refuse so small an order, in words; empty where it would not."""
    if quantity < instrument.min_quantity:
        return f"{instrument.symbol}: {quantity} is below the minimum of {instrument.min_quantity}"
    if quantity * price < instrument.min_notional:
        return (
            f"{instrument.symbol}: {quantity * price:.2f} {instrument.quote} is below the minimum "
            f"notional of {instrument.min_notional}"
        )
    return ""


def floor_to(quantity: Decimal, step: Decimal) -> Decimal:
    """The largest multiple of ``step`` at or below ``quantity`` (not negative)."""
    return quantity // step * step


def grossed_up(quantity: Decimal, base_fee_rate: Decimal, lot: Decimal) -> Decimal:
    """What to buy so that ``quantity`` is left after a fee of ``base_fee_rate`` in base coins.

    A whole number of lots; at least ``quantity`` and less than ``quantity`` + ``lot`` is left.
    Raises ValueError for a rate outside 0 <= rate < 1.
    """
    if not 0 <= base_fee_rate < 1:
        raise ValueError(f"a fee rate lies between 0 and 1, not {base_fee_rate}")
    kept = 1 - base_fee_rate
    buy = floor_to(quantity / kept, lot)
    while product(buy, kept) < quantity:
        buy += lot
    return buy


def average_price_for(levels: Sequence[Level], quantity: Decimal) -> tuple[Decimal | None, Decimal]:
    """Average price of a market order that eats into ``levels`` (best first), and how much fills.

    Pass the asks to buy, the bids to sell. The price is None where nothing fills.
    """
    filled, value = Decimal(0), Decimal(0)
    for level in levels:
        part = min(level.quantity, quantity - filled)
        if part <= 0:
            break
        filled += part
        value = total(value, product(part, level.price))
    return average_price(value, filled), filled


def slippage_bp(
    depth: Depth, side: Side, quantity: Decimal, decision_price: Decimal
) -> Decimal | None:
    """How much worse than ``decision_price`` the book fills ``quantity``, in bp; positive = worse.

    None where the book shown does not hold that much.
    """
    levels = depth.asks if side is Side.BUY else depth.bids
    price, filled = average_price_for(levels, quantity)
    if price is None or filled < quantity:
        return None
    worse = price - decision_price if side is Side.BUY else decision_price - price
    return worse / decision_price * 10_000
