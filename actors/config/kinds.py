"""The kinds of values that settings have, and how a setting is declared.

A declaration carries everything that the form, the documentation and the messages say about it.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr

from actors.config.texts import parse_duration, parse_list, parse_map, parse_object, parse_time

_PAIR = re.compile(r"[A-Z0-9]{1,20}-[A-Z0-9]{2,10}", re.ASCII)


class Section(BaseModel):
    """One group of settings."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, hide_input_in_errors=True, populate_by_name=True
    )


def setting(
    default: object,
    description: str,
    *,
    low: Any = None,
    high: Any = None,
    unit: str = "",
    editable: bool = False,
    alias: str | None = None,
    choices: Mapping[str, str] | None = None,
) -> Any:
    """Declare a setting.

    ``low`` and ``high`` are bounds, both allowed. ``editable``: may change while the bot runs.
    ``choices``: what each of them means, where there are only some.
    """
    return Field(
        default,
        description=description,
        ge=low,
        le=high,
        alias=alias,
        json_schema_extra={"unit": unit, "editable": editable, "choices": {**(choices or {})}},
    )


def decimal(
    default: str, description: str, *, low: str, high: str, unit: str, editable: bool = False
) -> Any:
    """Declare an exact number."""
    return setting(
        Decimal(default),
        description,
        low=Decimal(low),
        high=Decimal(high),
        unit=unit,
        editable=editable,
    )


def duration(default: str, description: str, *, low: str, high: str, editable: bool = False) -> Any:
    """Declare a span of time."""
    return setting(
        parse_duration(default),
        description,
        low=parse_duration(low),
        high=parse_duration(high),
        editable=editable,
    )


def _no_boolean(value: object) -> object:
    if isinstance(value, bool):  # YAML's yes would pass as 1
        raise ValueError("is not a number")
    return value


def _plain_text(value: str) -> str:
    if not value.isprintable():
        raise ValueError("holds characters that cannot be printed")
    if len(value) > 2000:
        raise ValueError("is too long")
    return value


def _pair_key(value: object) -> str:
    text = value.strip().upper().removesuffix(":USDT") if isinstance(value, str) else ""
    text = text.replace("/", "-")
    if not _PAIR.fullmatch(text):
        raise ValueError("is not a pair like BTC-USDT")
    return text


def _no_repetition(value: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value))


def _unset_if_empty(value: object) -> object:
    return None if value == "" else value


Amount = Annotated[
    Decimal,
    BeforeValidator(_no_boolean),
    Field(max_digits=30, decimal_places=18, allow_inf_nan=False),
]
"""An exact number."""
Count = Annotated[int, BeforeValidator(_no_boolean)]
"""A whole number."""
Number = Annotated[float, BeforeValidator(_no_boolean), Field(allow_inf_nan=False)]
"""For statistics only: money is an Amount."""
Duration = Annotated[timedelta, BeforeValidator(parse_duration)]
Time = Annotated[datetime | None, BeforeValidator(parse_time)]
Text = Annotated[str, AfterValidator(_plain_text)]
Secret = Annotated[SecretStr | None, BeforeValidator(_unset_if_empty)]
OptionalPath = Annotated[Path | None, BeforeValidator(_unset_if_empty)]
PairKey = Annotated[str, BeforeValidator(_pair_key)]
PairList = Annotated[
    tuple[PairKey, ...],
    BeforeValidator(parse_list),
    Field(max_length=2000),
    AfterValidator(_no_repetition),
]
PairAmounts = Annotated[
    Mapping[PairKey, Annotated[Amount, Field(gt=0, le=Decimal(10**9))]],
    BeforeValidator(parse_map),
    Field(max_length=2000),
]
FreeForm = Annotated[Mapping[str, Any], BeforeValidator(parse_object)]
"""Handed on as it is, unchecked."""
