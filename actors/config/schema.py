"""What there is to set: one entry a setting, read off the sections.

The form, the reference in docs/, the messages about wrong values and the list of known keys all
come from here.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, Literal, get_args, get_origin

import annotated_types
from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from actors.config.settings import Settings
from actors.config.texts import text_of


@dataclass(frozen=True, slots=True)
class FieldSpec:
    key: str
    """``section.name``."""
    attribute: str
    """The name in code where it differs (``from`` is a word of Python)."""
    kind: str
    """decimal, integer, number, boolean, text, choice, list, map, duration."""
    default: str
    description: str
    unit: str
    minimum: str | None
    maximum: str | None
    choices: tuple[str, ...]
    editable: bool
    secret: bool

    @property
    def section(self) -> str:
        return self.key.partition(".")[0]

    @property
    def name(self) -> str:
        return self.key.partition(".")[2]

    @property
    def variable(self) -> str:
        """The environment variable: ``TRADING_SCAN_INTERVAL``."""
        return self.key.replace(".", "_").upper()

    @property
    def right(self) -> str:
        """In words, what a value must look like."""
        text = _RIGHT.get(self.key) or _KIND_IN_WORDS.get(self.kind, "")
        if self.choices:
            text = "one of " + ", ".join(self.choices)
        if self.minimum is not None and self.maximum is not None:
            text += f" from {self.minimum} to {self.maximum}"
        return f"{text} ({self.unit})" if self.unit else text


_PASSWORD = re.compile(r"(\w://[^\s/:@]*:)[^\s/]*@")
_KIND_IN_WORDS = {
    "decimal": "a number",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "text": "text",
    "list": "a list of pairs like BTC-USDT, ETH-USDT",
    "map": "pairs with numbers like BTC-USDT: 5000, DOGE-USDT: 2000",
    "duration": "a duration like 30s, 5m, 1h, 2d",
}
_RIGHT = {
    "exchange.id": "an exchange's short name like binance or bybit",
    "exchange.ccxt_config": "names with values",
    "historical.data": "a folder",
    "historical.speed": "a number from 1 to 1000000, or max",
    "historical.from": "a date like 2025-01-31, or an ISO 8601 time",
    "historical.until": "a date like 2025-01-31, or an ISO 8601 time",
    "dashboard.host": "an address like 127.0.0.1, ::1, 192.168.1.20 or 0.0.0.0",
    "dashboard.tokens": "NAME ROLE DIGEST, NAME ROLE DIGEST",
    "dashboard.access_file": "a file",
    "dashboard.session_file": "a file",
    "dashboard.allowed_hosts": "a list of names like bot.lan, bot.lan:8443",
    "dashboard.public_url": "like https://bot.example.org, without a path",
    "store.url": "sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME",
}


@cache
def known() -> Mapping[str, FieldSpec]:
    """Every setting by its key, in the order of the sections."""
    return {spec.key: spec for spec in _specs()}


def sections() -> tuple[str, ...]:
    return tuple(Settings.model_fields)


def section_of(name: str) -> type[BaseModel]:
    annotation = Settings.model_fields[name].annotation
    assert isinstance(annotation, type)
    assert issubclass(annotation, BaseModel)
    return annotation


def value_of(settings: Settings, key: str) -> object:
    """The value of the setting ``key``."""
    spec = known()[key]
    value: object = getattr(getattr(settings, spec.section), spec.attribute)
    return value


def shown_value(settings: Settings, key: str) -> str:
    """The value as text; no secret in it."""
    return without_password(text_of(value_of(settings, key)))


def without_password(text: str) -> str:
    """The text with the passwords of addresses (``scheme://user:password@host``) masked."""
    return _PASSWORD.sub(r"\1********@", text)


def holds_secret(key: str, value: object) -> bool:
    """Whether this value of this setting must not be read by others."""
    spec = known().get(key)
    if spec is not None and spec.secret:
        return value not in (None, "")
    text = text_of(value) if isinstance(value, str | Mapping) else ""
    return without_password(text) != text


def _specs() -> Iterator[FieldSpec]:
    for section in sections():
        for attribute, field in section_of(section).model_fields.items():
            yield _spec(f"{section}.{field.alias or attribute}", attribute, field)


def _spec(key: str, attribute: str, field: FieldInfo) -> FieldSpec:
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    types = _types(field.annotation)
    bounds: dict[str, str] = {}
    for constraint in field.metadata:
        if isinstance(constraint, annotated_types.Ge):
            bounds["minimum"] = text_of(constraint.ge)
        if isinstance(constraint, annotated_types.Le):
            bounds["maximum"] = text_of(constraint.le)
    choices = next(
        (tuple(str(one.value) for one in kind) for kind in types if issubclass(kind, Enum)), ()
    )
    return FieldSpec(
        key=key,
        attribute=attribute,
        kind="choice" if choices else _kind(types),
        default=text_of(field.get_default(call_default_factory=True, validated_data={})),
        description=field.description or "",
        unit=str(extra.get("unit", "")),
        minimum=bounds.get("minimum"),
        maximum=bounds.get("maximum"),
        choices=choices,
        editable=bool(extra.get("editable")),
        secret=SecretStr in types,
    )


def _types(annotation: Any) -> tuple[type, ...]:
    """The plain types in an annotation, without Annotated, Optional and Literal."""
    origin = get_origin(annotation)
    if origin in (tuple, Mapping):
        return (origin,)
    if origin is Literal:
        return (str,)
    if origin is not None:
        found = [_types(part) for part in get_args(annotation)]
        return tuple(one for part in found for one in part)
    return (annotation,) if isinstance(annotation, type) else ()


def _kind(types: tuple[type, ...]) -> str:
    kinds: dict[type, str] = {
        bool: "boolean",
        int: "integer",
        Decimal: "decimal",
        float: "number",
        timedelta: "duration",
        tuple: "list",
        Mapping: "map",
    }
    return next((kinds[one] for one in types if one in kinds and len(types) == 1), "text")
