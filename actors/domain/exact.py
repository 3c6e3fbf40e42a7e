"""Sums, products and signs of money without rounding.

Decimal's usual 28 digits are plenty for a price, but a long sum of products of small prices and
fine quantities can outgrow them, and then two honest sums of the same amounts differ in the last
digit.
"""

from collections.abc import Iterable, Sequence
from decimal import (
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    Inexact,
    InvalidOperation,
    Overflow,
    localcontext,
)
from itertools import accumulate

AMOUNT_STEP = Decimal("1e-12")
"""What a share of a cost is rounded to (quote coins)."""
PRICE_STEP = Decimal("1e-18")
"""What an average price is rounded to (quote per base coin)."""

ZERO = Decimal(0)

_EXACT = Context(prec=100, traps=[InvalidOperation, Overflow, Inexact])
_WIDE = Context(prec=100, rounding=ROUND_HALF_EVEN, traps=[InvalidOperation, Overflow])


def product(quantity: Decimal, price: Decimal) -> Decimal:
    """Both multiplied, every digit kept."""
    return _EXACT.multiply(quantity, price)


def total(*amounts: Decimal) -> Decimal:
    """The amounts summed, every digit kept."""
    return total_of(amounts)


def total_of(amounts: Iterable[Decimal]) -> Decimal:
    """The amounts summed, every digit kept; 0 for none."""
    result = ZERO
    for amount in amounts:
        result = _EXACT.add(result, amount)
    return result


def long_total(amounts: Sequence[Decimal]) -> Decimal:
    """As :func:`total_of`, quicker for thousands of amounts."""
    with localcontext(_EXACT):
        return sum(amounts, ZERO)


def running_totals(amounts: Iterable[Decimal]) -> list[Decimal]:
    """The sum up to and with each amount, every digit kept."""
    return list(accumulate(amounts, _EXACT.add))


def difference(one: Decimal, other: Decimal) -> Decimal:
    """``one`` less ``other``, every digit kept."""
    return _EXACT.subtract(one, other)


def negative(amount: Decimal) -> Decimal:
    """Minus ``amount``, every digit kept: Decimal's own minus rounds to 28 digits."""
    return _EXACT.minus(amount)


def quotient(value: Decimal, quantity: Decimal) -> Decimal:
    """``value`` / ``quantity`` to a hundred digits: a price that was multiplied comes out again."""
    return _WIDE.divide(value, quantity)


def fraction(part: Decimal, whole: Decimal) -> Decimal | None:
    """``part`` / ``whole`` rounded to :data:`AMOUNT_STEP`; None where ``whole`` is not positive."""
    if whole <= 0:
        return None
    return plain(_WIDE.divide(part, whole).quantize(AMOUNT_STEP, context=_WIDE))


def share(amount: Decimal, part: Decimal, whole: Decimal) -> Decimal:
    """``amount`` x ``part`` / ``whole``, rounded half to even to :data:`AMOUNT_STEP`."""
    exact = _WIDE.divide(_WIDE.multiply(amount, part), whole)
    return exact.quantize(AMOUNT_STEP, context=_WIDE)


def average_price(value: Decimal, quantity: Decimal) -> Decimal | None:
    """``value`` / ``quantity`` rounded to :data:`PRICE_STEP`; None for no quantity."""
    if quantity == 0:
        return None
    return plain(_WIDE.divide(value, quantity).quantize(PRICE_STEP, context=_WIDE))


def plain(number: Decimal) -> Decimal:
    """The same number without trailing zeros and without an exponent where it is whole."""
    short = number.normalize(_WIDE)
    exponent = short.as_tuple().exponent
    return (
        short.quantize(Decimal(1), context=_WIDE)
        if isinstance(exponent, int) and exponent > 0
        else short
    )
