"""What a position holds in each leg, derived from its fills."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from actors.domain.exact import ZERO, difference, total
from actors.domain.instruments import Instrument, Pair
from actors.domain.orders import Fill, Leg, Side
from actors.domain.positions import Position


@dataclass(frozen=True, slots=True)
class Legs:
    """Base coins held in the two legs."""

    spot: Decimal
    """In the wallet for this position: bought less sold less fees taken in the base coin."""
    short: Decimal
    """Sold short of the perpetual; negative would be long."""

    @classmethod
    def of(cls, position: Position) -> Self:
        spot, short = ZERO, ZERO
        base = position.pair.long.base
        for intent in position.intents:
            for fill in intent.fills:
                if intent.leg is Leg.SPOT:
                    spot = total(spot, spot_change(fill, base))
                else:
                    short = difference(short, _signed(fill))
        return cls(spot, short)

    @property
    def delta(self) -> Decimal:
        """Spot held less perp short: positive = long the coin."""
        return difference(self.spot, self.short)

    @property
    def hedged(self) -> Decimal:
        """What both legs hold: the smaller one."""
        return min(self.spot, self.short)

    def net(self, leg: Leg) -> Decimal:
        """The leg's signed quantity; negative = short."""
        return self.spot if leg is Leg.SPOT else -self.short


def instrument_of(pair: Pair, leg: Leg) -> Instrument:
    return pair.long if leg is Leg.SPOT else pair.short


def spot_change(fill: Fill, base: str) -> Decimal:
    """By how much a spot fill changes the wallet's base coins, fee included."""
    fee = fill.fee if fill.fee_coin == base else ZERO
    return difference(_signed(fill), fee)


def _signed(fill: Fill) -> Decimal:
    return fill.quantity if fill.side is Side.BUY else -fill.quantity
