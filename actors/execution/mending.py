"""Orders that make two unequal legs equal again: pure arithmetic with lots and minima."""

from dataclasses import dataclass
from decimal import Decimal

from actors.domain.exact import ZERO
from actors.domain.instruments import Instrument
from actors.domain.orders import Leg, OrderAction, Side
from actors.domain.positions import Position
from actors.domain.sizing import below_minimum, grossed_up
from actors.execution.legs import Legs, instrument_of
from actors.execution.rules import Rules


@dataclass(frozen=True, slots=True)
class Order:
    """An order to be sent; it becomes an intent, with its id, when it is written down."""

    leg: Leg
    action: OrderAction
    side: Side
    quantity: Decimal
    """Base coins, a multiple of the leg's lot."""
    reduce_only: bool = False


def top_up(position: Position, legs: Legs, rules: Rules) -> Order | None:
    """What the lagging leg lacks, as far as it lacks it against the target too; None if too little.

    None also after ``rules.max_top_ups`` of that leg.
    """
    leg = Leg.PERP if legs.delta > 0 else Leg.SPOT
    done = [
        intent
        for intent in position.intents
        if intent.leg is leg and intent.action is OrderAction.TOP_UP
    ]
    if len(done) >= rules.max_top_ups:
        return None
    instrument = instrument_of(position.pair, leg)
    lacking = min(abs(legs.delta), position.target_quantity - legs.hedged)
    quantity = instrument.floor_quantity(lacking)
    if leg is Leg.SPOT and quantity > 0:
        quantity = grossed_up(lacking, rules.spot_fee_rate, instrument.lot_step)
    if not _can_order(instrument, quantity, last_price(position, leg)):
        return None
    return Order(leg, OrderAction.TOP_UP, Side.BUY if leg is Leg.SPOT else Side.SELL, quantity)


def reduction(position: Position, legs: Legs) -> tuple[Order, ...]:
    """Orders that bring the leading leg down to the lagging one; none where that cannot be had.

    Where the difference alone is too little for a spot order, both legs are reduced by a little
    more, so that the spot order is large enough.
    """
    step = position.pair.step
    if legs.delta < 0:
        excess = position.pair.short.floor_quantity(-legs.delta)
        return (_buy_back(excess),) if excess >= position.pair.short.min_quantity else ()
    price = last_price(position, Leg.SPOT)
    spot = position.pair.long
    excess = spot.floor_quantity(legs.delta)
    if _can_order(spot, excess, price):
        return (_sell(excess),)
    least = max(spot.min_quantity, spot.min_notional / price) - excess
    more = max((least / step).to_integral_value("ROUND_CEILING") * step, step)
    more = max(more, position.pair.short.ceil_quantity(position.pair.short.min_quantity))
    if too_small_to_hold(position, legs.hedged - more):
        return ()
    return (_sell(excess + more), _buy_back(more))


def too_small_to_hold(position: Position, quantity: Decimal) -> str:
    """Why so little in both legs cannot be held (nor be closed later); empty where it can."""
    if quantity < position.pair.step:
        return f"only {max(quantity, ZERO)} {position.pair.long.base} stand in both legs"
    for leg in (Leg.SPOT, Leg.PERP):
        reason = below_minimum(
            instrument_of(position.pair, leg), quantity, last_price(position, leg)
        )
        if reason:
            return reason
    return ""


def last_price(position: Position, leg: Leg) -> Decimal:
    """Of the leg's last fill; before the first one, that of the entry decision."""
    for intent in reversed(position.intents):
        if intent.leg is leg:
            for fill in reversed(intent.fills):
                if fill.price > 0:
                    return fill.price
    return position.entry.spot_price if leg is Leg.SPOT else position.entry.perp_price


def _can_order(instrument: Instrument, quantity: Decimal, price: Decimal) -> bool:
    return quantity > 0 and not below_minimum(instrument, quantity, price)


def _sell(quantity: Decimal) -> Order:
    return Order(Leg.SPOT, OrderAction.UNWIND, Side.SELL, quantity)


def _buy_back(quantity: Decimal) -> Order:
    # Reduce-only orders know no minimum notional.
    return Order(Leg.PERP, OrderAction.UNWIND, Side.BUY, quantity, reduce_only=True)
