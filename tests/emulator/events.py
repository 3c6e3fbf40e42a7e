"""What comes over an account without its asking: funding, liquidation, ADL, its owner's hand."""

from decimal import Decimal

from tests.emulator.exchange import Exchange
from tests.emulator.funding import Print
from tests.emulator.instruments import LINEAR, Listing
from tests.emulator.margin import margin
from tests.emulator.matching import cancel, fill_resting, place, trade
from tests.emulator.numbers import ZERO, eight, floor, text
from tests.emulator.orders import BUY, FILLED, SELL, Execution, Order


def happen(exchange: Exchange) -> None:
    """Let happen what is due by now."""
    for listing, entry in exchange.funding.cross(exchange.perpetuals(), exchange.clock.now_ms()):
        _settle(exchange, listing, entry)
    fill_resting(exchange)
    if margin(exchange).is_liquidated:
        liquidate(exchange)


def liquidate(exchange: Exchange) -> None:
    """Every perpetual is closed at its mark price, open orders are cancelled."""
    for order in tuple(exchange.account.open_orders()):
        cancel(exchange, order, "CancelByLiq")
    for position in exchange.account.held():
        _take_away(exchange, position.symbol, abs(position.size), "CreateByLiq", "BustTrade")


def deleverage(exchange: Exchange, symbol: str, fraction: Decimal) -> None:
    """ADL: a part of a position is taken away at the mark price, without a fee."""
    listing = exchange.listing(LINEAR, symbol)
    quantity = floor(abs(exchange.account.position(symbol).size) * fraction, listing.lot)
    if quantity:
        _take_away(exchange, symbol, quantity, "CreateByAdl_PassThrough", "AdlTrade")


def by_hand(exchange: Exchange, category: str, symbol: str, side: str, quantity: Decimal) -> Order:
    """A market order of a person with the app: no link id."""
    query = {
        "category": category,
        "symbol": symbol,
        "side": side,
        "orderType": "Market",
        "marketUnit": "baseCoin",
        "qty": text(quantity),
    }
    return place(exchange, query)


def deposit(exchange: Exchange, coin: str, amount: Decimal) -> None:
    """``amount``: negative takes coins out."""
    number = exchange.next_number()
    kind = "TRANSFER_IN" if amount > 0 else "TRANSFER_OUT"
    entry = {"type": kind, "cashFlow": text(amount)}
    exchange.account.pay(coin, amount, entry, exchange.clock.now_ms(), number)
    exchange.tell_standing(None)


def _settle(exchange: Exchange, listing: Listing, entry: Print) -> None:
    """Quantity x mark price x rate; positive rates are paid by longs to shorts."""
    position = exchange.account.position(listing.symbol)
    if not position.size:
        return
    mark, number = exchange.mark(listing), exchange.next_number()
    paid = eight(position.size * mark * entry.rate)
    sign = 1 if position.size > 0 else -1
    order = _outside_order(exchange, listing.symbol, abs(position.size), sign, "")
    order.order_id = f"{entry.at_ms // 1000}-{listing.symbol}-{number}"
    execution = Execution(
        number,
        exchange.new_id(number),
        order,
        "Funding",
        mark,
        abs(position.size),
        paid,
        listing.quote,
        entry.rate * sign,
        False,
        entry.at_ms,
        entry.at_ms,
        ZERO,
        mark,
    )
    exchange.account.executions.append(execution)
    position.book(-paid)
    row = {
        "type": "SETTLEMENT",
        "symbol": listing.symbol,
        "category": LINEAR,
        "side": position.side,
        "funding": text(-paid),
        "feeRate": text(entry.rate),
        "size": text(position.size),
        "qty": text(abs(position.size)),
        "tradePrice": text(mark),
        "tradeId": execution.exec_id,
        "orderId": order.order_id,
    }
    exchange.account.pay(listing.quote, -paid, row, entry.at_ms, number)
    exchange.tell("execution", execution.answer())
    exchange.tell_standing(listing.symbol)


def _take_away(
    exchange: Exchange, symbol: str, quantity: Decimal, create_type: str, kind: str
) -> None:
    listing = exchange.listing(LINEAR, symbol)
    sign = -1 if exchange.account.position(symbol).size > 0 else 1
    order = _outside_order(exchange, symbol, quantity, sign, create_type)
    order.reduce_only = True
    exchange.account.keep(order)
    trade(exchange, listing, order, exchange.mark(listing), quantity, kind=kind)
    order.status = FILLED
    exchange.account.recent.append(order)
    exchange.tell("order", order.answer())
    exchange.tell_standing(symbol)


def _outside_order(
    exchange: Exchange, symbol: str, quantity: Decimal, sign: int, create_type: str
) -> Order:
    now_ms, number = exchange.clock.now_ms(), exchange.next_number()
    side = BUY if sign > 0 else SELL
    return Order(
        number,
        exchange.new_id(number),
        "",
        LINEAR,
        symbol,
        side,
        "Market",
        quantity,
        ZERO,
        "IOC",
        False,
        now_ms,
        now_ms,
        create_type=create_type,
    )
