"""Orders and positions of the account whose key signed."""

from dataclasses import dataclass

from tests.emulator.answers import Refused
from tests.emulator.checks import positive
from tests.emulator.exchange import Exchange
from tests.emulator.instruments import LINEAR, SPOT
from tests.emulator.lists import WEEK_MS, listing_of, span
from tests.emulator.margin import position_answer
from tests.emulator.matching import NO_TROUBLE, Trouble, amend, cancel, place
from tests.emulator.numbers import Json
from tests.emulator.orders import Order
from tests.emulator.routing import Query, Routes
from tests.emulator.signing import ApiKey

routes = Routes()


@dataclass(frozen=True, slots=True)
class Caller:
    exchange: Exchange
    key: ApiKey
    trouble: Trouble = NO_TROUBLE


def may_trade(key: ApiKey, category: str) -> None:
    """Raises `Refused` (10005) for a key without the right."""
    right = ("Spot", "SpotTrade") if category == SPOT else ("ContractTrade", "Order")
    if key.read_only or right[1] not in key.rights.get(right[0], ()):
        raise Refused(10005, "Permission denied, please check your API key permissions.")


@routes.post("/v5/order/create")
def create(caller: Caller, query: Query) -> Json:
    may_trade(caller.key, query.get("category", ""))
    return _named(place(caller.exchange, query, caller.trouble))


@routes.post("/v5/order/cancel")
def cancel_one(caller: Caller, query: Query) -> Json:
    may_trade(caller.key, query.get("category", ""))
    order = _open_order(caller.exchange, query)
    cancel(caller.exchange, order)
    return _named(order)


@routes.post("/v5/order/amend")
def amend_one(caller: Caller, query: Query) -> Json:
    may_trade(caller.key, query.get("category", ""))
    order = _open_order(caller.exchange, query)
    amend(caller.exchange, order, query)
    return _named(order)


@routes.post("/v5/order/cancel-all")
def cancel_all(caller: Caller, query: Query) -> Json:
    may_trade(caller.key, query.get("category", ""))
    found = [
        one
        for one in caller.exchange.account.open_orders()
        if one.category == query.get("category") and query.get("symbol") in (None, "", one.symbol)
    ]
    for order in found:
        cancel(caller.exchange, order)
    return {"list": [_named(one) for one in found], "success": "1"}


@routes.get("/v5/order/realtime")
def open_orders(caller: Caller, query: Query) -> Json:
    """Open orders; asked for by id or with openOnly=1, also those that ended a short while ago."""
    account = caller.exchange.account
    _needs_a_scope(query)
    found = list(account.open_orders())
    if _by_id(query) or query.get("openOnly") == "1":
        found += [one for one in account.recent if not one.is_open]
    return _orders(caller.exchange, found, query)


@routes.get("/v5/order/history")
def order_history(caller: Caller, query: Query) -> Json:
    """Ended orders of the last seven days or of the span asked for; by id without a span."""
    exchange = caller.exchange
    first, last = span(query, exchange.clock.now_ms(), WEEK_MS)
    found = [
        one
        for one in exchange.account.orders.values()
        if not one.is_open and (_by_id(query) or first <= one.created_ms <= last)
    ]
    return _orders(exchange, found, query)


@routes.get("/v5/execution/list")
def executions(caller: Caller, query: Query) -> Json:
    """Of the last seven days or of the span asked for; ``size`` is not known, ``limit`` is."""
    exchange = caller.exchange
    now_ms = exchange.clock.now_ms()
    first, last = span(query, now_ms, WEEK_MS)
    rows = [
        one.answer()
        for one in reversed(exchange.account.executions)
        if one.visible_ms <= now_ms
        and (_by_id(query) or first <= one.at_ms <= last)
        and one.order.category == query.get("category")
        and query.get("execType") in (None, "", one.kind)
        and _asked_for(one.order, query)
    ]
    return listing_of(rows, query, 50, 100)


@routes.get("/v5/position/list")
def positions(caller: Caller, query: Query) -> Json:
    """By symbol a row even when flat; by settleCoin only what is held."""
    exchange, account = caller.exchange, caller.exchange.account
    if query.get("category") != LINEAR:
        return {"list": [], "nextPageCursor": "", "category": query.get("category", "")}
    if symbol := query.get("symbol"):
        held = [account.position(exchange.listing(LINEAR, symbol).symbol)]
    elif query.get("settleCoin") or query.get("baseCoin"):
        held = account.held()
    else:
        raise Refused(10001, "params error: symbol or settleCoin is required")
    return listing_of((position_answer(exchange, one) for one in held), query, 20, 200)


@routes.post("/v5/position/set-leverage")
def set_leverage(caller: Caller, query: Query) -> Json:
    may_trade(caller.key, LINEAR)
    listing = caller.exchange.listing(query.get("category", ""), query.get("symbol", ""))
    leverage = positive(query, "buyLeverage")
    if leverage != positive(query, "sellLeverage"):
        raise Refused(10001, "params error: buyLeverage must equal sellLeverage in one-way mode")
    if leverage > listing.max_leverage:
        raise Refused(110013, "cannot set leverage due to risk limit")
    position = caller.exchange.account.position(listing.symbol)
    if leverage == position.leverage:
        raise Refused(110043, "leverage not modified")
    position.leverage = leverage
    return {}


@routes.post("/v5/position/switch-mode")
def switch_mode(caller: Caller, query: Query) -> Json:
    """One-way mode is all there is."""
    may_trade(caller.key, LINEAR)
    if query.get("mode") == "0":
        raise Refused(110025, "Position mode is not modified")
    raise Refused(110024, "You have an existing position, so position mode cannot be switched")


def _named(order: Order) -> Json:
    return {"orderId": order.order_id, "orderLinkId": order.link_id}


def _by_id(query: Query) -> bool:
    return bool(query.get("orderId") or query.get("orderLinkId"))


def _asked_for(order: Order, query: Query) -> bool:
    return (
        query.get("symbol") in (None, "", order.symbol)
        and query.get("orderId") in (None, "", order.order_id)
        and query.get("orderLinkId") in (None, "", order.link_id)
    )


def _needs_a_scope(query: Query) -> None:
    scoped = any(query.get(name) for name in ("symbol", "settleCoin", "baseCoin"))
    if query.get("category") == LINEAR and not scoped and not _by_id(query):
        raise Refused(10001, "params error: symbol, settleCoin or baseCoin is required")


def _orders(exchange: Exchange, found: list[Order], query: Query) -> Json:
    now_ms = exchange.clock.now_ms()
    rows = [
        one.answer()
        for one in sorted(found, key=lambda one: -one.number)
        if one.visible_ms <= now_ms
        and one.category == query.get("category")
        and _asked_for(one, query)
    ]
    return listing_of(rows, query, 20, 50)


def _open_order(exchange: Exchange, query: Query) -> Order:
    account = exchange.account
    found = account.orders.get(query.get("orderId", ""))
    if not query.get("orderId"):
        found = account.links.get(query.get("orderLinkId", ""))
    spot = query.get("category") == SPOT
    if found is None or found.category != query.get("category") or not found.is_open:
        if spot:
            raise Refused(170213, "Order does not exist.")
        raise Refused(110001, "order not exists or too late to cancel")
    return found
