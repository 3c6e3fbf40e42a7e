"""Values as text and back: one way of writing for files, environment, command line and form."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from math import isfinite
from pathlib import Path
from typing import Any

from pydantic import SecretStr

_UNITS = {
    "w": timedelta(weeks=1),
    "d": timedelta(days=1),
    "h": timedelta(hours=1),
    "m": timedelta(minutes=1),
    "s": timedelta(seconds=1),
    "ms": timedelta(milliseconds=1),
}
_DURATION = re.compile(r"(\d{1,12}(?:\.\d{1,6})?)(ms|[wdhms])", re.ASCII)
_LONGEST_INPUT = 60


def text_of(value: object) -> str:
    """A setting's value as a person would write it; unset is empty, a secret is masked."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case SecretStr():
            return "********"
        case Enum():
            return str(value.value)
        case Decimal():
            return decimal_text(value)
        case float():
            return decimal_text(Decimal(repr(value))) if isfinite(value) else str(value)
        case timedelta():
            return duration_text(value)
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case Path():
            return str(value)
        case tuple() | list():
            return ", ".join(text_of(one) for one in value)
        case Mapping() if all(isinstance(one, Decimal) for one in value.values()):
            return ", ".join(f"{key}: {text_of(one)}" for key, one in value.items())
        case Mapping():
            return json.dumps(_plain(value), default=str)
        case _:
            return str(value)


def shown_input(value: object) -> str:
    """What a person gave, short enough for a message."""
    try:
        text = f'"{value}"' if isinstance(value, str) else text_of(value)
    except ValueError:  # Python does not write out numbers of thousands of digits
        text = "a huge number"
    text = "".join(one if one.isprintable() else "?" for one in text)
    return text if len(text) <= _LONGEST_INPUT else text[:_LONGEST_INPUT] + "..."


def decimal_text(value: Decimal) -> str:
    """Plain digits, no exponent, no trailing zeros."""
    if not value.is_finite() or abs(value.adjusted()) > _LONGEST_INPUT:
        return str(value)
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def duration_text(value: timedelta) -> str:
    """``1h``, ``1d12h``, ``250ms``."""
    parts, rest = "", value
    for name, unit in _UNITS.items():
        if name == "w":  # 7d reads better than 1w
            continue
        count, rest = divmod(rest, unit)
        if count:
            parts += f"{count}{name}"
    return parts or "0s"


def _plain(value: object) -> object:
    """As JSON wants it: names are text."""
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value


def parse_duration(value: object) -> timedelta:
    """``30s``, ``5m``, ``1h30m``, ``2d``, or a number of seconds. Raises ValueError."""
    try:
        match value:
            case timedelta():
                return value
            case bool():
                pass
            case int() | float() | Decimal():
                return timedelta(seconds=float(value))
            case str():
                text = value.replace(" ", "")
                if re.fullmatch(r"\d{1,12}(\.\d{1,6})?", text, re.ASCII):
                    return timedelta(seconds=float(text))
                parts = _DURATION.findall(text)
                if text and "".join(number + unit for number, unit in parts) == text:
                    return sum(
                        (float(number) * _UNITS[unit] for number, unit in parts), timedelta()
                    )
            case _:
                pass
    except (OverflowError, ValueError):
        pass
    raise ValueError("is not a duration")


def parse_time(value: object) -> datetime | None:
    """A date or an ISO 8601 time, UTC where it names no zone. Raises ValueError."""
    if value is None or value == "":
        return None
    moment: datetime | None = None
    if isinstance(value, datetime):
        moment = value
    elif isinstance(value, date):
        moment = datetime(value.year, value.month, value.day, tzinfo=UTC)
    elif isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value.strip())
        except ValueError:
            moment = None
    if moment is None:
        raise ValueError("is not a date or time")
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("is not a date or time") from None


def parse_list(value: object) -> object:
    """``A, B`` or a JSON list as a list; anything else unchanged."""
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith("["):
        return _json(value)
    return [part.strip() for part in value.split(",") if part.strip()]


def parse_map(value: object) -> object:
    """``A: 1, B: 2`` or a JSON object as a dict; anything else unchanged. Raises ValueError."""
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith("{"):
        return _json(value)
    entries: dict[str, str] = {}
    for part in value.split(","):
        name, colon, number = part.partition(":")
        if part.strip() and not colon:
            raise ValueError("lacks a colon")
        if part.strip() and name.strip() in entries:
            raise ValueError(f"names {name.strip()} twice")
        if part.strip():
            entries[name.strip()] = number.strip()
    return entries


def parse_object(value: object) -> object:
    """A JSON object as a dict; anything but text unchanged. Raises ValueError."""
    if value == "":
        return {}
    return _json(value) if isinstance(value, str) else value


def _json(text: str) -> Any:
    try:
        return json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError):
        raise ValueError("is not valid JSON") from None
