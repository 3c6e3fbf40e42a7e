"""What to do next for a position: a pure function of what is on disk.

It looks at durable facts alone (the goal, the intents with their outcomes, the fills). So going on
after a crash is the same as going on: there is no other path.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from actors.domain.market import Depth
from actors.domain.orders import Leg, OrderAction, Side
from actors.domain.positions import Goal, Intent, Position
from actors.domain.sizing import grossed_up, slippage_bp
from actors.execution.ids import is_external
from actors.execution.judge import refusal_code
from actors.execution.legs import Legs, instrument_of
from actors.execution.mending import Order, last_price, reduction, too_small_to_hold, top_up
from actors.execution.rules import Rules


class Turn(StrEnum):
    """A point in a position's life that is written down before anything else happens."""

    OPENED = "opened"
    GIVEN_UP = "given_up"
    """The hedge cannot be had or kept: from here on everything is unwound."""
    CLOSED = "closed"
    FAILED = "failed"
    """Unwound without ever having stood."""


@dataclass(frozen=True, slots=True)
class Books:
    """Both order books as just seen; None where the venue did not tell."""

    spot: Depth | None = None
    perp: Depth | None = None

    def of(self, leg: Leg) -> Depth | None:
        return self.spot if leg is Leg.SPOT else self.perp


@dataclass(frozen=True, slots=True)
class Step:
    """What to do next. All empty: the position is at rest."""

    send: tuple[Order, ...] = ()
    ask: tuple[str, ...] = ()
    """Client ids of orders whose outcome is not known."""
    wait_until: datetime | None = None
    needs_books: bool = False
    """Look at the order books, then decide."""
    needs_account: bool = False
    """The venue contradicts the ledger: compare them."""
    turn: Turn | None = None
    reason: str = ""
    failures: int = 0
    """Orders in a row that filled nothing, where ``send`` or ``wait_until`` is a further try."""


def next_step(position: Position, rules: Rules, now: datetime, books: Books | None = None) -> Step:
    """The next step. ``books`` only where the last step needed them and they are fresh."""
    if position.closed_at is not None:
        return Step()
    if position.goal is Goal.FLAT:
        return _flatten(position, rules, now, books)
    return _hold(position, rules, now, books)


def unresolved(position: Position, leg: Leg | None = None) -> tuple[str, ...]:
    """Client ids of the position's (or leg's) orders without a final outcome."""
    return tuple(
        intent.client_id
        for intent in position.intents
        if not intent.status.is_final and leg in (None, intent.leg)
    )


# --- holding ---------------------------------------------------------------------------------


def _hold(position: Position, rules: Rules, now: datetime, books: Books | None) -> Step:
    ask = unresolved(position)
    if ask:
        return Step(ask=ask)
    if not position.intents:
        if now > position.entry.at + rules.decision_age:
            return Step(turn=Turn.GIVEN_UP, reason="the decision to enter is too old by now")
        return Step(send=_entry(position, rules), reason="enter")
    legs = Legs.of(position)
    if too_small := too_small_to_hold(position, legs.hedged):
        return Step(turn=Turn.GIVEN_UP, reason=too_small)
    if abs(legs.delta) < position.pair.step:
        return Step() if position.opened_at else Step(turn=Turn.OPENED)
    return _mend(position, legs, rules, now, books)


def _entry(position: Position, rules: Rules) -> tuple[Order, ...]:
    quantity = position.target_quantity
    spot = grossed_up(quantity, rules.spot_fee_rate, position.pair.long.lot_step)
    return (
        Order(Leg.SPOT, OrderAction.OPEN, Side.BUY, spot),
        Order(Leg.PERP, OrderAction.OPEN, Side.SELL, quantity),
    )


def _mend(position: Position, legs: Legs, rules: Rules, now: datetime, books: Books | None) -> Step:
    """The legs differ: top the lagging one up while opening, else reduce the leading one."""
    why = f"spot {legs.spot} against short {legs.short}"
    order = top_up(position, legs, rules) if position.opened_at is None else None
    if order is not None and books is None:
        return Step(needs_books=True, reason=why)
    if order is not None and _bearable(position, order, rules, books):
        return _paced(position, (order,), rules, now, f"top the {order.leg} leg up: {why}")
    orders = reduction(position, legs)
    last = _own(position, orders[0].leg)[-1:] if orders else []
    if not orders or (last and refusal_code(last[0]) == "below_minimum"):
        return Step(turn=Turn.GIVEN_UP, reason=f"{why}: too little to order the difference")
    return _paced(position, orders, rules, now, f"reduce the {orders[0].leg} leg: {why}")


def _bearable(position: Position, order: Order, rules: Rules, books: Books | None) -> bool:
    """Whether the book fills the order within the slippage bound of the entry decision."""
    depth = None if books is None else books.of(order.leg)
    if depth is None:
        return False
    entry = position.entry
    price = entry.spot_price if order.leg is Leg.SPOT else entry.perp_price
    cost = slippage_bp(depth, order.side, order.quantity, price)
    return cost is not None and cost <= rules.max_slippage_bp


def _paced(
    position: Position, orders: tuple[Order, ...], rules: Rules, now: datetime, reason: str
) -> Step:
    """Send the orders, after a pause where the last ones of a leg filled nothing."""
    failures = max(_failures(position, order.leg) for order in orders)
    due = max(_due(position, order.leg, rules, now) for order in orders)
    if due > now:
        return Step(wait_until=due, reason=reason, failures=failures)
    return Step(send=orders, reason=reason, failures=failures)


# --- flattening ------------------------------------------------------------------------------


def _flatten(position: Position, rules: Rules, now: datetime, books: Books | None) -> Step:
    patience_ends = _patience_ends(position, rules)
    if patience_ends is not None and now < patience_ends:
        if books is None:
            return Step(needs_books=True)
        if too_dear := _too_dear_to_close(position, rules, books):
            again = min(now + rules.book_pause, patience_ends)
            return Step(wait_until=again, reason=too_dear)
    steps = [_flatten_leg(position, leg, rules, now) for leg in (Leg.SPOT, Leg.PERP)]
    if all(step == Step() for step in steps):
        failed = position.opened_at is None and position.exit is None
        return Step(turn=Turn.FAILED if failed else Turn.CLOSED)
    waits = [step.wait_until for step in steps if step.wait_until is not None]
    return Step(
        send=steps[0].send + steps[1].send,
        ask=steps[0].ask + steps[1].ask,
        wait_until=min(waits, default=None),
        needs_account=any(step.needs_account for step in steps),
        reason=" | ".join(step.reason for step in steps if step.reason),
        failures=max(step.failures for step in steps),
    )


def _flatten_leg(position: Position, leg: Leg, rules: Rules, now: datetime) -> Step:
    """Bring one leg to nothing, whatever the other one does. ``Step()``: it is there."""
    ask = unresolved(position, leg)
    if ask:
        return Step(ask=ask)
    instrument = instrument_of(position.pair, leg)
    net = Legs.of(position).net(leg)
    quantity = instrument.floor_quantity(abs(net))
    last = _own(position, leg)[-1:]
    refusal = refusal_code(last[0]) if last else ""
    if quantity == 0:
        return Step()
    if leg is Leg.SPOT and _is_dust(position, quantity):
        return Step()
    if instrument.max_market_quantity is not None:
        quantity = min(quantity, instrument.floor_quantity(instrument.max_market_quantity))
    action = OrderAction.UNWIND if position.exit is None else OrderAction.CLOSE
    side = Side.SELL if net > 0 else Side.BUY
    order = Order(leg, action, side, quantity, reduce_only=leg is Leg.PERP and net < 0)
    contradicted = refusal in ("reduce_only_flat", "insufficient_funds")
    failures, due = _failures(position, leg), _due(position, leg, rules, now)
    reason = f"{side} {quantity} of the {leg} leg" + (f", refused: {refusal}" if refusal else "")
    if due > now:
        return Step(wait_until=due, needs_account=contradicted, reason=reason, failures=failures)
    return Step(send=(order,), reason=reason, failures=failures)


def _is_dust(position: Position, quantity: Decimal) -> bool:
    """Whether so little spot cannot be sold: by its minimum, or since the venue refused it.

    A refusal counts as long as it can be right: if the price has fallen to a tenth at most.
    """
    spot = position.pair.long
    if quantity < spot.min_quantity:
        return True
    value = quantity * last_price(position, Leg.SPOT)
    if value >= 10 * spot.min_notional and quantity >= 10 * spot.min_quantity:
        return False
    return any(
        refusal_code(intent) == "below_minimum" and intent.quantity >= quantity
        for intent in _own(position, Leg.SPOT)[-1:]
    )


def _patience_ends(position: Position, rules: Rules) -> datetime | None:
    """Until when a close may wait for a better book; None where it may not wait at all.

    Only a whole hedge waits, and only until the first closing order.
    """
    exit = position.exit
    if exit is None or exit.spot_price is None or position.opened_at is None:
        return None
    started = any(intent.action is OrderAction.CLOSE for intent in position.intents)
    if started or unresolved(position) or abs(Legs.of(position).delta) >= position.pair.step:
        return None
    return exit.at + rules.close_patience


def _too_dear_to_close(position: Position, rules: Rules, books: Books) -> str:
    exit, legs = position.exit, Legs.of(position)
    if exit is None:
        return ""
    for leg, side, quantity, price in (
        (Leg.SPOT, Side.SELL, legs.spot, exit.spot_price),
        (Leg.PERP, Side.BUY, legs.short, exit.perp_price),
    ):
        depth = books.of(leg)
        if depth is None or price is None:
            continue
        cost = slippage_bp(depth, side, quantity, price)
        if cost is None:
            return f"the {leg} book is thinner than {quantity}"
        if cost > rules.max_slippage_bp:
            return f"closing the {leg} leg now would slip {cost:.1f} bp"
    return ""


# --- the intents so far ------------------------------------------------------------------------


def _own(position: Position, leg: Leg) -> list[Intent]:
    """The leg's orders of our own, oldest first."""
    return [
        intent
        for intent in position.intents
        if intent.leg is leg and not is_external(intent.client_id)
    ]


def _failures(position: Position, leg: Leg) -> int:
    """How many of the leg's last orders in a row filled nothing."""
    count = 0
    for intent in reversed(_own(position, leg)):
        if intent.fills:
            break
        count += 1
    return count


def _due(position: Position, leg: Leg, rules: Rules, now: datetime) -> datetime:
    failures = _failures(position, leg)
    last = _own(position, leg)[-1:]
    if failures == 0 or last[0].resolved_at is None:
        return now
    return last[0].resolved_at + rules.retry_after(failures)
