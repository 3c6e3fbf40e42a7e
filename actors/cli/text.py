"""Figures as text, rounded for people. Unknown is ``-``, never 0."""

from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal, localcontext

UNKNOWN = "-"


def usdt(value: Decimal | None, *, signed: bool = False) -> str:
    """Two decimal places."""
    if value is None:
        return UNKNOWN
    rounded = _rounded(value, 2) or Decimal(0)  # neither +0.00 nor -0.00
    return f"{rounded:{'+' if signed and rounded else ''},.2f}"


def percent(fraction: Decimal | float | None, places: int = 2, *, signed: bool = True) -> str:
    if fraction is None:
        return UNKNOWN
    number = _rounded(Decimal(repr(fraction)) if isinstance(fraction, float) else fraction, 12)
    return f"{number:{'+' if signed else ''}.{places}%}"


def bp(fraction: Decimal | float | None) -> str:
    """A fraction in basis points, two decimal places."""
    if fraction is None:
        return UNKNOWN
    return f"{float(fraction) * 10_000:+.2f}"


def number(value: Decimal | None) -> str:
    """A quantity or price with all its digits."""
    if value is None:
        return UNKNOWN
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def price(value: Decimal | None) -> str:
    """Eight significant digits at most."""
    if value is None:
        return UNKNOWN
    with localcontext(prec=8, rounding=ROUND_HALF_EVEN):
        return number(+value)


def moment(value: datetime | None) -> str:
    return UNKNOWN if value is None else f"{value:%Y-%m-%d %H:%M}"


def _rounded(value: Decimal, places: int) -> Decimal:
    # Sums of the ledger may have more digits than the default context keeps.
    with localcontext(prec=100):
        return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)
