"""What ccxt hands on, as values of ours. Whatever is not there, or is no number, is None."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def exact(value: object) -> Decimal | None:
    """The decimal as the exchange wrote it: ccxt's floats are the nearest to few digits."""
    if value is None or isinstance(value, bool):
        return None
    try:
        number = Decimal(repr(value) if isinstance(value, float) else str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def above_zero(value: object) -> Decimal | None:
    """A price, a quantity or a limit; exchanges write 0 for "there is none"."""
    number = exact(value)
    return number if number is not None and number > 0 else None


def moment(milliseconds: object) -> datetime | None:
    """An instant from ccxt's milliseconds since 1970; None for 0 and for what is none."""
    number = above_zero(milliseconds)
    if number is None or number > _LATEST_MS:
        return None
    return _EPOCH + timedelta(milliseconds=int(number))


def milliseconds(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(milliseconds=1)


def inner(row: Mapping[str, Any], *names: str) -> Mapping[str, Any]:
    """What lies under the names, one in the other; empty where there is nothing."""
    for name in names:
        found = row.get(name)
        if not isinstance(found, Mapping):
            return {}
        row = found
    return row


_LATEST_MS = 4_102_444_800_000
"""The year 2100: later ones are no milliseconds."""
