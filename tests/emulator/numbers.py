"""Decimals as the exchange writes them: never an exponent, steps kept."""

from collections.abc import Mapping
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any

Json = dict[str, Any]
Fields = Mapping[str, Any]
D = Decimal
ZERO = D(0)
CENT8 = D("0.00000001")


def text(value: Decimal) -> str:
    """Without exponent and without zeros at the end."""
    if value == 0:
        return "0"
    plain = f"{value:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def floor(value: Decimal, step: Decimal) -> Decimal:
    return (value / step).to_integral_value(ROUND_DOWN) * step


def ceiling(value: Decimal, step: Decimal) -> Decimal:
    return (value / step).to_integral_value(ROUND_CEILING) * step


def eight(value: Decimal) -> Decimal:
    """Rounded to the eight digits of a USDT amount."""
    return value.quantize(CENT8, ROUND_HALF_UP)
