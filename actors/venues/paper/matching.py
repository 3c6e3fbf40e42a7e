"""What an order does when it reaches the exchange: refused, or filled from the book at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from actors.domain.exact import ZERO, product, total_of
from actors.domain.instruments import Instrument, Market
from actors.domain.market import Depth, Level
from actors.domain.orders import OrderRequest, Side
from actors.venues.paper.account import PaperAccount
from actors.venues.paper.margin import Marks, value
from actors.venues.paper.rules import PaperRules
from actors.venues.port import VenueRefused

LONGEST_CLIENT_ID = 36
QUOTE_STEP = Decimal("1e-8")
"""Fees and funding in quote coins are booked in whole steps of this."""


@dataclass(frozen=True, slots=True)
class Execution:
    """A quantity that changed hands at one price, and its fee."""

    quantity: Decimal
    price: Decimal
    fee: Decimal
    fee_coin: str


def match(
    order: OrderRequest,
    listed: Instrument | None,
    depth: Depth,
    account: PaperAccount,
    marks: Marks,
    rules: PaperRules,
    most: Decimal | None = None,
) -> tuple[Execution, ...]:
    """Fill an immediate-or-cancel market order; what the book does not hold is cancelled.

    ``listed`` is the instrument as the exchange lists it, ``most`` a limit on what may fill (base
    coins). Raises VenueRefused, with nothing changed, for an order that breaks a rule.
    """
    instrument = _check_form(order, listed, account)
    wanted = _check_reduce_only(order, account)
    levels = depth.asks if order.side is Side.BUY else depth.bids
    if not levels:
        raise VenueRefused("closed_symbol", f"{instrument.symbol} has no offers now")
    _check_size(order, instrument, levels[0].price)
    executions = _execute(instrument, order.side, levels, wanted, rules)
    _check_funds(order, instrument, executions, account, marks, rules)
    if most is None or most >= wanted:
        return executions
    return _execute(instrument, order.side, levels, most, rules)


def walk(levels: Sequence[Level], quantity: Decimal) -> tuple[Level, ...]:
    """What a market order of ``quantity`` takes from each level, best first."""
    taken, left = [], quantity
    for level in levels:
        if left <= 0:
            break
        part = min(level.quantity, left)
        taken.append(Level(level.price, part))
        left -= part
    return tuple(taken)


def round_quote(amount: Decimal) -> Decimal:
    """An amount in quote coins in whole steps of :data:`QUOTE_STEP`."""
    return amount.quantize(QUOTE_STEP, ROUND_HALF_EVEN)


def _execute(
    instrument: Instrument,
    side: Side,
    levels: Sequence[Level],
    quantity: Decimal,
    rules: PaperRules,
) -> tuple[Execution, ...]:
    return tuple(
        Execution(part.quantity, part.price, *_fee(instrument, side, part, rules))
        for part in walk(levels, quantity)
    )


def _check_form(
    order: OrderRequest, listed: Instrument | None, account: PaperAccount
) -> Instrument:
    if not 0 < len(order.client_id) <= LONGEST_CLIENT_ID:
        reason = f"a client id has 1 to {LONGEST_CLIENT_ID} characters: {order.client_id!r}"
        raise VenueRefused("other", reason)
    if order.client_id in account.orders:
        raise VenueRefused("duplicate_client_id", f"{order.client_id} was used before")
    if listed is None:
        raise VenueRefused("closed_symbol", f"{order.instrument.symbol} is not traded here")
    if not order.quantity.is_finite() or order.quantity <= 0:
        raise VenueRefused("other", f"{listed.symbol}: quantity {order.quantity} is not above 0")
    if order.quantity % listed.lot_step:
        reason = f"{order.quantity} is not a multiple of the lot step {listed.lot_step}"
        raise VenueRefused("other", f"{listed.symbol}: {reason}")
    largest = listed.max_market_quantity
    if largest is not None and order.quantity > largest:
        reason = f"{order.quantity} is above the largest market order of {largest}"
        raise VenueRefused("other", f"{listed.symbol}: {reason}")
    return listed


def _check_reduce_only(order: OrderRequest, account: PaperAccount) -> Decimal:
    """The quantity that may fill: a reduce-only order never goes through zero."""
    if not order.reduce_only or order.instrument.market is Market.SPOT:
        return order.quantity
    reducible = _opposite(order, account)
    if reducible == 0:
        reason = f"{order.instrument.symbol}: nothing held that a {order.side} could reduce"
        raise VenueRefused("reduce_only_flat", reason)
    return min(order.quantity, reducible)


def _check_size(order: OrderRequest, instrument: Instrument, price: Decimal) -> None:
    if order.reduce_only and instrument.market is Market.PERP:
        return  # whatever is left may be closed
    if order.quantity < instrument.min_quantity:
        reason = f"{order.quantity} is below the minimum of {instrument.min_quantity}"
        raise VenueRefused("below_minimum", f"{instrument.symbol}: {reason}")
    notional = product(order.quantity, price)
    if notional < instrument.min_notional:
        reason = (
            f"{notional:.4f} {instrument.quote} is below the minimum of {instrument.min_notional}"
        )
        raise VenueRefused("below_minimum", f"{instrument.symbol}: {reason}")


def _check_funds(
    order: OrderRequest,
    instrument: Instrument,
    executions: Sequence[Execution],
    account: PaperAccount,
    marks: Marks,
    rules: PaperRules,
) -> None:
    if instrument.market is Market.SPOT and order.side is Side.SELL:
        owned = account.balance(instrument.base)
        if order.quantity > owned:
            reason = f"{order.quantity} {instrument.base} to sell, {owned} owned"
            raise VenueRefused("insufficient_funds", reason)
        return
    notional = total_of(product(part.quantity, part.price) for part in executions)
    if instrument.market is Market.SPOT:
        needed = notional
    else:
        quantity = total_of(part.quantity for part in executions)
        held = account.perp(order.instrument.symbol).quantity
        after = held + (quantity if order.side is Side.BUY else -quantity)
        growth = abs(after) - abs(held)
        if growth <= 0:
            return  # closing is never refused for want of money
        needed = notional * growth / quantity / rules.leverage
    needed += total_of(part.fee for part in executions if part.fee_coin == instrument.quote)
    available = value(account, marks, rules).available
    if needed > available:
        reason = f"{needed:.4f} {instrument.quote} needed, {available:.4f} available"
        raise VenueRefused("insufficient_funds", f"{instrument.symbol}: {reason}")


def _opposite(order: OrderRequest, account: PaperAccount) -> Decimal:
    """How much of the perpetual is held on the other side of the order."""
    held = account.perp(order.instrument.symbol).quantity
    return max(ZERO, -held if order.side is Side.BUY else held)


def _fee(instrument: Instrument, side: Side, part: Level, rules: PaperRules) -> tuple[Decimal, str]:
    if instrument.market is Market.PERP:
        return round_quote(part.quantity * part.price * rules.perp_taker), instrument.quote
    if side is Side.BUY and rules.spot_fee_in_base:
        return product(part.quantity, rules.spot_taker), instrument.base
    return round_quote(part.quantity * part.price * rules.spot_taker), instrument.quote
