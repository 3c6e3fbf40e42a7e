"""Values to JSON: decimals as plain text, times as ISO-8601 UTC, spans in seconds, None as null.

A figure that is not a finite number is not known, so it is null too.
"""

from collections.abc import Callable
from dataclasses import is_dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import orjson

from web.shape import parts_of

_OPTIONS = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_UTC_Z


def to_json(value: object) -> bytes:
    """UTF-8 text. Raises TypeError for what has no form in JSON."""
    return orjson.dumps(value, default=_plain, option=_OPTIONS)


def plain_decimal(value: Decimal) -> str | None:
    """Every digit and no exponent: ``0.00000012``."""
    return f"{value:f}" if value.is_finite() else None


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return plain_decimal(value)
    if isinstance(value, timedelta):
        return value.total_seconds()
    if is_dataclass(value) and not isinstance(value, type):
        return _writer(type(value))(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


@cache
def _writer(kind: type) -> Callable[[Any], dict[str, Any]]:
    parts = parts_of(kind)
    names = tuple(part.name for part in parts)
    maps = tuple(part.name for part in parts if part.is_map)

    def write(value: Any) -> dict[str, Any]:
        members = {name: getattr(value, name) for name in names}
        for name in maps:
            members[name] = dict(members[name])
        return members

    return write
