"""What is held of one leg: a signed quantity and what it cost, folded fill by fill.

The ledger and the paper account fold with these same classes: they agree to the last digit.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from actors.domain.exact import (
    ZERO,
    average_price,
    difference,
    negative,
    product,
    share,
    total,
)
from actors.domain.orders import Fill, Side


@dataclass(frozen=True, slots=True)
class Holding:
    """A signed quantity with its cost; negative = short (then the cost is negative too)."""

    quantity: Decimal = ZERO
    """Base coins."""
    cost: Decimal = ZERO
    """Quote coins paid for what is still held (a short: minus what it was sold for)."""

    @property
    def entry_price(self) -> Decimal | None:
        """Average price of what is held, quote per base coin; None when flat."""
        return average_price(self.cost, self.quantity)

    def traded(self, quantity: Decimal, price: Decimal) -> tuple[Self, Decimal]:
        """The holding after a trade of a signed ``quantity``, and the price result it realised.

        A part closed takes its share of the cost, rounded to 1e-12; closing the whole takes the
        rest exactly. A trade through zero closes the whole and opens what is over.
        """
        after = total(self.quantity, quantity)
        value = product(quantity, price)
        if self.quantity * quantity >= 0:
            return type(self)(after, total(self.cost, value)), ZERO
        if after == 0:
            return type(self)(), difference(negative(value), self.cost)
        if (after > 0) == (self.quantity > 0):
            closed_cost = share(self.cost, negative(quantity), self.quantity)
            rest = type(self)(after, difference(self.cost, closed_cost))
            return rest, difference(negative(value), closed_cost)
        closed_value = product(self.quantity, price)
        return type(self)(after, product(after, price)), difference(closed_value, self.cost)

    def unrealised(self, mark_price: Decimal) -> Decimal:
        """Price result if all were closed at ``mark_price``, in quote coins."""
        return difference(product(self.quantity, mark_price), self.cost)


@dataclass(frozen=True, slots=True)
class SpotHolding(Holding):
    """Coins in the wallet that belong to one position."""

    def after(self, fill: Fill, base: str) -> tuple["SpotHolding", Decimal]:
        """The holding after a spot fill, and the realised price result without the fee.

        A fee taken in the base coin is a sale of that many coins at the fill's own price, whose
        proceeds are the fee: the coins leave the holding, the price result does not see them again.
        """
        fee = fill.fee if fill.fee_coin == base else ZERO
        return self.traded(difference(_signed(fill), fee), fill.price)


@dataclass(frozen=True, slots=True)
class PerpHolding(Holding):
    """A perpetual position; the wallet moves only by its realised result, fees and funding."""

    def after(self, fill: Fill) -> tuple["PerpHolding", Decimal]:
        """The holding after a perpetual's fill, and the realised price result without the fee."""
        return self.traded(_signed(fill), fill.price)


def _signed(fill: Fill) -> Decimal:
    return fill.quantity if fill.side is Side.BUY else negative(fill.quantity)
