"""Orders meet the book: taking at once, resting, being taken, being given up."""

from dataclasses import dataclass
from decimal import Decimal

from tests.emulator.answers import Refused
from tests.emulator.checks import (
    check_form,
    check_funds,
    check_listing,
    check_numbers,
    check_reduces,
    positive,
)
from tests.emulator.exchange import Exchange
from tests.emulator.instruments import LINEAR, SPOT, Listing
from tests.emulator.numbers import ZERO, Json, eight, floor, text
from tests.emulator.orders import BUY, FILLED, PARTLY, Execution, Order
from tests.emulator.quotes import Level
from tests.emulator.routing import Query

DEPTH = 200


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is to go wrong with an order: see `Kind.PARTIAL` and `Kind.HIDE`."""

    fraction: Decimal | None = None
    hidden_ms: int = 0


NO_TROUBLE = Trouble()


def place(exchange: Exchange, query: Query, trouble: Trouble = NO_TROUBLE) -> Order:
    """Take an order and match it. Raises `Refused`, and then nothing has happened."""
    listing = exchange.listing(query.get("category", ""), query.get("symbol", ""))
    check_form(exchange, query)
    order = _order(exchange, listing, query, trouble)
    check_listing(listing, order.reduce_only)
    check_numbers(exchange, listing, order)
    if order.reduce_only:
        order.quantity = check_reduces(exchange, order)
    check_funds(exchange, listing, order)
    exchange.account.keep(order)
    _match(exchange, listing, order, trouble)
    _tell(exchange, order)
    return order


def cancel(exchange: Exchange, order: Order, cancel_type: str = "CancelByUser") -> None:
    order.end(exchange.clock.now_ms(), cancel_type, "EC_PerCancelRequest")
    exchange.account.recent.append(order)
    _tell(exchange, order)


def amend(exchange: Exchange, order: Order, query: Query) -> None:
    """A new price or quantity for a resting order, which may then be filled at once."""
    listing = exchange.listing(order.category, order.symbol)
    price, quantity = order.price, order.quantity
    if query.get("price"):
        order.price = positive(query, "price")
    if query.get("qty"):
        order.quantity = positive(query, "qty")
    try:
        check_numbers(exchange, listing, order)
        if order.quantity <= order.filled:
            raise Refused(10001, "Qty invalid")
    except Refused:
        order.price, order.quantity = price, quantity
        raise
    order.updated_ms = exchange.clock.now_ms()
    _match(exchange, listing, order, NO_TROUBLE)
    _tell(exchange, order)


def fill_resting(exchange: Exchange) -> None:
    """Orders that the market has come to are filled at their own price, as makers."""
    for order in tuple(exchange.account.open_orders()):
        listing = exchange.listing(order.category, order.symbol)
        if order.reduce_only:
            left = -exchange.account.position(order.symbol).size * order.sign
            if left <= 0:
                cancel(exchange, order, "CancelByReduceOnly")
                continue
            order.quantity = min(order.quantity, order.filled + left)
        available = sum((size for _, size in _reachable(exchange, listing, order)), ZERO)
        if quantity := min(order.leaves, available):
            trade(exchange, listing, order, order.price, quantity, is_maker=True)
            _finish_if_filled(exchange, order)
            _tell(exchange, order)


def trade(
    exchange: Exchange,
    listing: Listing,
    order: Order,
    price: Decimal,
    quantity: Decimal,
    *,
    is_maker: bool = False,
    kind: str = "Trade",
) -> Execution:
    """Fill a part of an order and book it."""
    now_ms = exchange.clock.now_ms()
    rate = ZERO if kind == "AdlTrade" else exchange.fee_rates[listing.category][is_maker]
    order.filled += quantity
    order.value += price * quantity
    order.status, order.updated_ms = PARTLY, now_ms
    number = exchange.next_number()
    closed = ZERO
    if listing.category == SPOT:
        coin = listing.base if order.side == BUY else listing.quote
        fee = rate * (quantity if order.side == BUY else price * quantity)
        _book_spot(exchange, listing, order, (price, quantity), fee, number)
    else:
        coin, fee = listing.quote, eight(price * quantity * rate)
        closed = _book_perp(exchange, order, (price, quantity), fee, number)
    order.fees[coin] = order.fees.get(coin, ZERO) + fee
    execution = Execution(
        number,
        exchange.new_id(number),
        order,
        kind,
        price,
        quantity,
        fee,
        coin,
        rate,
        is_maker,
        now_ms,
        max(now_ms, order.visible_ms),
        order.quantity - order.filled,
        exchange.mark(listing) if listing.category == LINEAR else None,
        closed,
    )
    exchange.account.executions.append(execution)
    exchange.tell("execution", execution.answer(), execution.visible_ms)
    return execution


def _order(exchange: Exchange, listing: Listing, query: Query, trouble: Trouble) -> Order:
    market = query["orderType"] == "Market"
    quantity, budget, unit = positive(query, "qty"), None, ""
    if market and listing.category == SPOT:
        buys = query["side"] == BUY
        unit = query.get("marketUnit") or ("quoteCoin" if buys else "baseCoin")
        if unit == "quoteCoin":
            budget = quantity
            quantity = floor(budget / exchange.quotes.mid(listing), listing.lot)
    now_ms, number = exchange.clock.now_ms(), exchange.next_number()
    return Order(
        number,
        exchange.new_id(number),
        query.get("orderLinkId", ""),
        listing.category,
        listing.symbol,
        query["side"],
        query["orderType"],
        quantity,
        ZERO if market else positive(query, "price"),
        "IOC" if market else query.get("timeInForce") or "GTC",
        query.get("reduceOnly") == "true" and listing.category == LINEAR,
        now_ms,
        now_ms + trouble.hidden_ms,
        budget,
        unit,
    )


def _match(exchange: Exchange, listing: Listing, order: Order, trouble: Trouble) -> None:
    levels = _reachable(exchange, listing, order)
    now_ms, account = exchange.clock.now_ms(), exchange.account
    if order.time_in_force == "PostOnly":
        if levels:
            order.end(now_ms, "CancelByPostOnly", "EC_PostOnlyWillTakeLiquidity")
            account.recent.append(order)
        return
    most = order.leaves
    if trouble.fraction is not None:
        most = floor(order.quantity * trouble.fraction, listing.lot)
    if order.time_in_force == "FOK" and sum((size for _, size in levels), ZERO) < order.leaves:
        levels = []
    budget = order.budget
    for price, size in levels:
        quantity = min(size, order.leaves, most)
        if budget is not None:
            quantity = min(size, most, floor(budget / price, listing.lot))
            budget -= quantity * price
        if quantity <= 0:
            break
        most -= quantity
        trade(exchange, listing, order, price, quantity)
    if order.budget is not None and order.filled:
        order.quantity = order.filled if trouble.fraction is None else order.quantity
    _finish_if_filled(exchange, order)
    if order.is_open and order.time_in_force != "GTC":
        order.end(
            now_ms, "CancelByIOC", "EC_NoImmediateQtyToFill" if not order.filled else "EC_NoError"
        )
        account.recent.append(order)


def _reachable(exchange: Exchange, listing: Listing, order: Order) -> list[Level]:
    """The levels of the other side that the order's price reaches."""
    book = exchange.quotes.book(listing, DEPTH)
    levels = book.asks if order.side == BUY else book.bids
    limit = order.price or exchange.quotes.mid(listing) * (1 + order.sign * listing.price_limit)
    return [level for level in levels if (level[0] - limit) * order.sign <= 0]


def _finish_if_filled(exchange: Exchange, order: Order) -> None:
    if order.filled and order.filled >= order.quantity:
        order.status = FILLED
        exchange.account.recent.append(order)


def _book_spot(
    exchange: Exchange,
    listing: Listing,
    order: Order,
    at: tuple[Decimal, Decimal],
    fee: Decimal,
    number: int,
) -> None:
    """One entry for each of the two coins; the fee is in the coin received."""
    price, quantity = at
    entry = _entry(exchange, order, price, quantity, number)
    sides = ((listing.base, quantity * order.sign), (listing.quote, -quantity * price * order.sign))
    for coin, flow in sides:
        charged = fee if flow > 0 else ZERO
        booked = entry | {"cashFlow": text(flow), "fee": text(charged), "qty": text(abs(flow))}
        exchange.account.pay(coin, flow - charged, booked, exchange.clock.now_ms(), number)


def _book_perp(
    exchange: Exchange, order: Order, at: tuple[Decimal, Decimal], fee: Decimal, number: int
) -> Decimal:
    """What of the quantity closed."""
    price, quantity = at
    now_ms, position = exchange.clock.now_ms(), exchange.account.position(order.symbol)
    closed, gain = position.take(quantity * order.sign, price, now_ms)
    position.book(gain - fee)
    entry = _entry(exchange, order, price, quantity, number) | {
        "cashFlow": text(gain),
        "fee": text(fee),
        "size": text(position.size),
    }
    exchange.account.pay("USDT", gain - fee, entry, now_ms, number)
    return closed


def _entry(
    exchange: Exchange, order: Order, price: Decimal, quantity: Decimal, number: int
) -> Json:
    return {
        "symbol": order.symbol,
        "category": order.category,
        "side": order.side,
        "orderId": order.order_id,
        "orderLinkId": order.link_id,
        "tradePrice": text(price),
        "qty": text(quantity),
        "tradeId": exchange.new_id(number),
        "type": "TRADE",
        "feeRate": text(exchange.fee_rates[order.category][0]),
    }


def _tell(exchange: Exchange, order: Order) -> None:
    exchange.tell("order", order.answer(), order.visible_ms)
    exchange.tell_standing(order.symbol if order.category == LINEAR else None, order.visible_ms)
