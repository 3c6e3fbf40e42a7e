"""Sums of results, exact to the last digit."""

from collections.abc import Iterable
from decimal import Decimal

from actors.domain.exact import ZERO, total
from actors.domain.results import PnlSplit

NOTHING = PnlSplit(ZERO, ZERO, ZERO, ZERO, ZERO, ZERO)


def added(one: PnlSplit, other: PnlSplit) -> PnlSplit:
    """The sum of two results; its slippage is unknown where one of the two is."""
    return PnlSplit(
        spot_price=total(one.spot_price, other.spot_price),
        perp_price=total(one.perp_price, other.perp_price),
        funding=total(one.funding, other.funding),
        fees_spot=total(one.fees_spot, other.fees_spot),
        fees_perp=total(one.fees_perp, other.fees_perp),
        slippage=_known_sum(one.slippage, other.slippage),
    )


def summed(splits: Iterable[PnlSplit]) -> PnlSplit:
    result = NOTHING
    for split in splits:
        result = added(result, split)
    return result


def _known_sum(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else total(one, other)
