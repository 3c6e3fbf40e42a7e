"""A paper account and its orders, as the exchange states them to who asks."""

from bisect import bisect_right
from collections.abc import Mapping
from datetime import datetime

from actors.domain.account import AccountState, Balance
from actors.domain.account import PerpHolding as StatedPerp
from actors.domain.exact import total_of
from actors.domain.instruments import Instrument
from actors.domain.orders import Fill, OrderReport, OrderStatus
from actors.domain.payments import FundingPayment
from actors.venues.paper.account import PaperAccount
from actors.venues.paper.margin import Marks, liquidation_price, value
from actors.venues.paper.records import Traded
from actors.venues.paper.rules import PaperRules


def state(
    account: PaperAccount,
    instruments: Mapping[str, Instrument],
    marks: Marks,
    rules: PaperRules,
    venue: str,
    now: datetime,
) -> AccountState:
    """The account at these marks; quote coins are always listed, other coins unless zero."""
    valuation = value(account, marks, rules)
    perps = tuple(
        StatedPerp(
            symbol=symbol,
            quantity=held.quantity,
            entry_price=held.entry_price,
            mark_price=marks.get(symbol),
            liquidation_price=(
                liquidation_price(account, valuation, instruments[symbol], marks, rules)
                if symbol in instruments
                else None
            ),
            unrealised_usdt=held.unrealised(marks[symbol]) if symbol in marks else None,
        )
        for symbol, held in sorted(account.perps.items())
    )
    balances = tuple(
        Balance(coin, amount)
        for coin, amount in sorted(account.balances.items())
        if amount != 0 or coin == rules.quote
    )
    return AccountState(
        venue=venue,
        at=now,
        balances=balances,
        perps=perps,
        equity_usdt=valuation.equity,
        available_usdt=valuation.available,
        initial_margin_usdt=valuation.initial_margin,
        maintenance_margin_usdt=valuation.maintenance_margin,
        margin_ratio=valuation.margin_ratio,
    )


def report(order: Traded, now: datetime) -> OrderReport | None:
    """What the exchange shows of an order now; None while it does not know it yet."""
    if is_visible(order, now):
        return OrderReport(
            order.client_id, f"{order.number}", _status(order), order.fills, order.reason
        )
    if order.known_before:
        return OrderReport(
            order.client_id, f"{order.number}", OrderStatus.UNKNOWN, (), "still being worked on"
        )
    return None


def is_visible(order: Traded, now: datetime) -> bool:
    return order.visible_at is None or order.visible_at <= now


def visible_fills(account: PaperAccount, since: datetime, now: datetime) -> tuple[Fill, ...]:
    """Fills with ``at >= since`` that show by now, oldest first."""
    found: list[Fill] = []
    for fill, order in reversed(account.fills):
        if fill.at < since:
            break
        if is_visible(order, now):
            found.append(fill)
    return tuple(reversed(found))


def payments_since(account: PaperAccount, since: datetime) -> tuple[FundingPayment, ...]:
    """Payments of settlements after ``since``, oldest first."""
    first = bisect_right(account.payments, since, key=lambda one: one.at)
    return tuple(account.payments[first:])


def _status(order: Traded) -> OrderStatus:
    filled = total_of(fill.quantity for fill in order.fills)
    if filled == 0:
        return OrderStatus.REJECTED
    return OrderStatus.FILLED if filled == order.quantity else OrderStatus.PARTIAL
