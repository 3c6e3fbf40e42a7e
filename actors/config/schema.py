"""What there is to set: one entry a setting, read off the sections.

The form, the reference in docs/, the messages about wrong values and the list of known keys all
come from here.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, Literal, get_args, get_origin

import annotated_types
from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from actors.config.field_spec import FieldSpec
from actors.config.kinds import PairKey
from actors.config.settings import Settings
from actors.config.texts import text_of

_PASSWORD = re.compile(r"(\w://[^\s/:@]*:)[^\s/]*@")


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
    meanings = extra.get("choices")
    choices = meanings.items() if isinstance(meanings, dict) else ()
    return FieldSpec(
        key=key,
        attribute=attribute,
        kind="choice" if choices else _kind(field.annotation, types),
        default=text_of(field.get_default(call_default_factory=True, validated_data={})),
        description=field.description or "",
        unit=str(extra.get("unit", "")),
        minimum=bounds.get("minimum"),
        maximum=bounds.get("maximum"),
        choices=tuple((str(choice), str(meaning)) for choice, meaning in choices),
        editable=bool(extra.get("editable")),
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


def _kind(annotation: Any, types: tuple[type, ...]) -> str:
    if SecretStr in types:
        return "secret"
    if datetime in types:
        return "time"
    if PairKey in get_args(annotation):
        return "pairs" if tuple in types else "pair_amounts"
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
