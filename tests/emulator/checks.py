"""Whether an order is taken at all: steps, limits, what is held, what can be afforded."""

from decimal import Decimal, InvalidOperation

from tests.emulator.answers import Refused
from tests.emulator.exchange import Exchange
from tests.emulator.instruments import LINEAR, SPOT, TRADING, Listing
from tests.emulator.margin import collateral_ratio, margin
from tests.emulator.numbers import ZERO, D
from tests.emulator.orders import BUY, SELL, Order
from tests.emulator.routing import Query

LONGEST_LINK = 36


def positive(query: Query, name: str) -> Decimal:
    """Raises `Refused` unless the parameter is a number above zero."""
    try:
        value = D(query.get(name, ""))
    except InvalidOperation:
        value = ZERO
    if not value.is_finite() or value <= 0:
        raise Refused(10001, f"params error: {name} invalid")
    return value


def check_form(exchange: Exchange, query: Query) -> None:
    """Raises `Refused` for words the exchange does not know and for a link id used before."""
    if query.get("side") not in (BUY, SELL):
        raise Refused(10001, "params error: side invalid")
    if query.get("orderType") not in ("Market", "Limit"):
        raise Refused(10001, "params error: OrderType invalid")
    link_id = query.get("orderLinkId", "")
    if len(link_id) > LONGEST_LINK:
        raise Refused(10001, "params error: orderLinkId must be at most 36 characters")
    if link_id and link_id in exchange.account.links:
        raise Refused(110072, "OrderLinkedID is duplicate")


def check_listing(listing: Listing, reduce_only: bool) -> None:
    if listing.status == TRADING or (listing.status == "PreDelisting" and reduce_only):
        return
    if listing.category == SPOT:
        raise Refused(170121, "Invalid symbol.")
    if listing.status == "PreDelisting":
        raise Refused(110023, "Currently you can only reduce positions on this contract.")
    raise Refused(110074, "This contract is not live")


def check_numbers(exchange: Exchange, listing: Listing, order: Order) -> None:
    """Steps, smallest and largest quantity, smallest value, and how far off a price may be."""
    spot = listing.category == SPOT
    last = exchange.quotes.mid(listing)
    if order.budget is None:
        if order.quantity % listing.lot:
            raise _either(spot, 170137, "Order volume decimal too long.", 10001, "Qty invalid")
        if order.quantity < listing.min_quantity:
            low = "The number of contracts exceeds minimum limit allowed"
            raise _either(spot, 170136, "Order quantity exceeded lower limit.", 10001, low)
        most = listing.max_market_quantity if order.kind == "Market" else listing.max_quantity
        if order.quantity > most:
            high = "The number of contracts exceeds maximum limit allowed: too large"
            raise _either(spot, 170135, "Order quantity exceeded upper limit.", 10001, high)
    if order.kind == "Limit":
        if order.price % listing.tick:
            raise _either(spot, 170134, "Order price decimal too long.", 10001, "Price invalid")
        # Buying below and selling above the market may lie as far off as one likes.
        if (order.price / last - 1) * order.sign > listing.price_limit:
            message = "Buy order price cannot be higher, sell price lower than the limit."
            raise _either(spot, 170193, message, 110003, "Order price exceeds allowable range.")
    value = order.budget or order.quantity * (order.price or last)
    if value < listing.min_notional and not order.reduce_only:
        low = f"Order does not meet minimum order value {listing.min_notional}USDT"
        raise _either(spot, 170140, "Order value exceeded lower limit.", 110094, low)


def check_reduces(exchange: Exchange, order: Order) -> Decimal:
    """The quantity a reduce-only order can have at most. Raises `Refused` if it reduces nothing."""
    size = exchange.account.position(order.symbol).size
    if size == 0:
        raise Refused(110017, "current position is zero, cannot fix reduce-only order qty")
    if size * order.sign > 0:
        raise Refused(110017, "Reduce-only rule not satisfied")
    return min(order.quantity, abs(size))


def check_funds(exchange: Exchange, listing: Listing, order: Order) -> None:
    account, whole = exchange.account, margin(exchange)
    price = order.price or exchange.quotes.mid(listing)
    if listing.category == LINEAR:
        if order.reduce_only:
            return
        position = account.position(order.symbol)
        against = abs(position.size) if position.size * order.sign < 0 else ZERO
        opening = max(ZERO, order.quantity - against)
        needed = opening * price / position.leverage
        needed += opening * price * exchange.fee_rates[LINEAR][0]
        if needed > whole.available:
            raise Refused(110007, "ab not enough for new order")
        return
    coin = listing.quote if order.side == BUY else listing.base
    needed = order.quantity if order.side == SELL else order.budget or order.quantity * price
    free = account.balance(coin) - account.locked(coin, exchange.spot_coins)
    lost = needed * (1 - collateral_ratio(listing.base)) if order.side == BUY else ZERO
    if needed > free or lost > whole.available:
        raise Refused(170131, "Insufficient balance.")


def _either(spot: bool, spot_code: int, spot_text: str, code: int, text: str) -> Refused:
    return Refused(spot_code, spot_text) if spot else Refused(code, text)
