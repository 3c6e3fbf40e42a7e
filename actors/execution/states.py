"""What a position is called, and how it changes at its turns."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from actors.domain.exact import ZERO
from actors.domain.orders import Leg, OrderAction, OrderStatus, Side
from actors.domain.positions import (
    ExitDecision,
    Goal,
    Intent,
    Position,
    PositionState,
)
from actors.execution.ids import client_id
from actors.execution.legs import Legs
from actors.execution.mending import Order
from actors.execution.plan import Turn, unresolved


def state_of(position: Position) -> PositionState:
    """The name of where the position stands, from its facts."""
    if position.closed_at is not None:
        return PositionState.FLAT
    naked = abs(Legs.of(position).delta) >= position.pair.step and not unresolved(position)
    if position.goal is Goal.FLAT:
        orderly = position.exit is not None and position.opened_at is not None
        return PositionState.CLOSING if orderly else PositionState.REPAIRING
    if position.opened_at is None:
        mending = any(intent.action is not OrderAction.OPEN for intent in position.intents)
        return PositionState.REPAIRING if mending or naked else PositionState.OPENING
    mending = naked or bool(unresolved(position))
    return PositionState.REPAIRING if mending else PositionState.OPEN


def turned(position: Position, turn: Turn, reason: str, now: datetime) -> Position:
    """The position after a turn."""
    match turn:
        case Turn.OPENED:
            return replace(position, opened_at=now)
        case Turn.GIVEN_UP if position.opened_at is not None:
            return to_be_closed(position, ExitDecision(now, None, None, (reason,)))
        case Turn.GIVEN_UP:
            return replace(position, goal=Goal.FLAT)
        case Turn.CLOSED | Turn.FAILED:
            return replace(position, closed_at=now)


def to_be_closed(position: Position, exit: ExitDecision) -> Position:
    """The position with the goal to be flat; where it is that already, the first decision stays."""
    if position.goal is Goal.FLAT:
        return position
    return replace(position, goal=Goal.FLAT, exit=exit)


def reopened(position: Position) -> Position:
    """A closed position to which a late fill came: what it brought has to be unwound."""
    return replace(position, closed_at=None)


def intended(
    position: Position, orders: tuple[Order, ...], installation_id: str, now: datetime
) -> tuple[Intent, ...]:
    """The orders as intents with their ids: the next attempt of each leg and action."""
    return tuple(
        Intent(
            client_id=client_id(
                installation_id,
                position.id,
                order.leg,
                order.action,
                attempt := _next_attempt(position, order.leg, order.action),
            ),
            position_id=position.id,
            leg=order.leg,
            action=order.action,
            attempt=attempt,
            side=order.side,
            quantity=order.quantity,
            reduce_only=order.reduce_only,
            intended_at=now,
        )
        for order in orders
    )


def with_intent(position: Position, intent: Intent) -> Position:
    """The position with one intent replaced, or added where it is new."""
    ids = [one.client_id for one in position.intents]
    if intent.client_id not in ids:
        return replace(position, intents=(*position.intents, intent))
    return replace(
        position,
        intents=tuple(
            intent if one.client_id == intent.client_id else one for one in position.intents
        ),
    )


def intent_of(position: Position, client_id: str) -> Intent | None:
    return next((one for one in position.intents if one.client_id == client_id), None)


def figures(position: Position) -> str:
    """What stands and what is under way, for events."""
    legs = Legs.of(position)
    waiting = len(unresolved(position))
    refused = [
        f"{intent.client_id}: {intent.reason}"
        for intent in position.intents[-2:]
        if intent.status is OrderStatus.REJECTED
    ]
    return (
        f"spot {legs.spot}, short {legs.short}, delta {legs.delta}"
        f" {position.pair.long.base}, {waiting} orders under way"
        + "".join(f"; {one}" for one in refused)
    )


def cash_result(position: Position) -> Decimal:
    """Quote coins that the position's fills brought, less fees in quote coins.

    Once it is flat that is its result without funding (and without the value of dust). Only for
    a person to read: the ledger books it to the last digit.
    """
    quote = position.pair.short.quote
    result = ZERO
    for fill in position.fills:
        value = fill.quantity * fill.price
        result += value if fill.side is Side.SELL else -value
        result -= fill.fee if fill.fee_coin == quote else ZERO
    return result


def _next_attempt(position: Position, leg: Leg, action: OrderAction) -> int:
    return 1 + max(
        (one.attempt for one in position.intents if (one.leg, one.action) == (leg, action)),
        default=0,
    )
