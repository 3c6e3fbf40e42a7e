"""What an answer makes of an intent. Each order is judged by its own outcome alone."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from actors.domain.exact import total_of
from actors.domain.orders import Fill, OrderReport, OrderStatus
from actors.domain.positions import Intent


def filled_quantity(intent: Intent) -> Decimal:
    """Base coins, before fees."""
    return total_of(fill.quantity for fill in intent.fills)


def reported(intent: Intent, report: OrderReport, now: datetime) -> Intent | None:
    """The intent as the venue's report leaves it; None while that is not final or adds nothing.

    A report of "filled" without all of its fills is not final: venues tell them later. (A
    reduce-only order may have been cut by the venue, so there it is.)
    """
    merged = _merged(intent.fills, report.fills)
    if intent.status.is_final:
        return _with_fills(intent, merged, now) if len(merged) > len(intent.fills) else None
    if not report.status.is_final:
        return None
    quantity = total_of(fill.quantity for fill in merged)
    incomplete = report.status is OrderStatus.FILLED and quantity < intent.quantity
    if incomplete and not (intent.reduce_only and merged):
        return None
    return _ended(intent, merged, report.reason or "the venue filled nothing", now)


def refused(intent: Intent, reason: str, now: datetime) -> Intent:
    """The intent after a definite no, or after the venue has long not known it.

    Fills that were booked meanwhile count: then it has ended in part.
    """
    return _ended(intent, intent.fills, reason, now)


def with_fill(intent: Intent, fill: Fill, now: datetime) -> Intent | None:
    """The intent with a fill found at the venue; None where it is known.

    Also long after the order was given up: then it is no longer rejected. An order that is not
    resolved stays so, unless this completes it.
    """
    merged = _merged(intent.fills, (fill,))
    return None if len(merged) == len(intent.fills) else _with_fills(intent, merged, now)


def refusal_code(intent: Intent) -> str:
    """The venue's refusal as a word (``below_minimum``), from the reason ``code: text``."""
    return intent.reason.partition(":")[0] if intent.status is OrderStatus.REJECTED else ""


def _with_fills(intent: Intent, fills: tuple[Fill, ...], now: datetime) -> Intent:
    quantity = total_of(fill.quantity for fill in fills)
    if intent.status.is_final or quantity >= intent.quantity:
        return _ended(intent, fills, intent.reason, now)
    return replace(intent, fills=fills)


def _ended(intent: Intent, fills: tuple[Fill, ...], reason: str, now: datetime) -> Intent:
    quantity = total_of(fill.quantity for fill in fills)
    if quantity == 0:
        status = OrderStatus.REJECTED
    elif quantity < intent.quantity:
        status = OrderStatus.PARTIAL
    else:
        status, reason = OrderStatus.FILLED, ""
    return replace(intent, status=status, fills=fills, reason=reason, resolved_at=now)


def _merged(known: tuple[Fill, ...], others: tuple[Fill, ...]) -> tuple[Fill, ...]:
    keys = {(fill.venue, fill.fill_id) for fill in known}
    merged = list(known)
    for fill in others:
        key = (fill.venue, fill.fill_id)
        if key not in keys:
            keys.add(key)
            merged.append(fill)
    return tuple(merged)
