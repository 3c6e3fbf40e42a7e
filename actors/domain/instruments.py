"""What can be traded: instruments, legs and pairs.

Quantities and prices inside the bot are in **base coins** (PEPE, not 1000PEPE): a venue converts at
its own border with :attr:`Instrument.multiplier`, so no room above it can forget to.
"""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from enum import StrEnum
from math import lcm


class Market(StrEnum):
    SPOT = "spot"
    PERP = "perp"


@dataclass(frozen=True, slots=True)
class Instrument:
    """One tradable thing of one venue. Limits are in base coins or quote, never in contracts."""

    venue: str
    symbol: str
    """The unified symbol: ``BTC/USDT`` (spot) or ``BTC/USDT:USDT`` (linear perpetual)."""
    market: Market
    base: str
    """The coin itself: ``PEPE`` also for ``1000PEPE/USDT:USDT``."""
    quote: str
    multiplier: Decimal
    """Base coins in one unit of the venue's quantity: 1000 for 1000PEPE, else 1."""
    lot_step: Decimal
    """Smallest step of a quantity, in base coins."""
    min_quantity: Decimal
    """In base coins."""
    min_notional: Decimal
    """In quote coins; 0 where the venue has none."""
    tick_size: Decimal
    """Smallest step of the price of one base coin, in quote coins."""
    max_market_quantity: Decimal | None = None
    """Largest market order in base coins; None where the venue names none."""

    def floor_quantity(self, quantity: Decimal) -> Decimal:
        """The largest multiple of the lot step at or below ``quantity`` (base coins)."""
        return (quantity / self.lot_step).to_integral_value(ROUND_FLOOR) * self.lot_step

    def ceil_quantity(self, quantity: Decimal) -> Decimal:
        """The smallest multiple of the lot step at or above ``quantity`` (base coins)."""
        return (quantity / self.lot_step).to_integral_value(ROUND_CEILING) * self.lot_step


@dataclass(frozen=True, slots=True)
class Pair:
    """A long leg and a short leg held in equal base quantity."""

    long: Instrument
    short: Instrument

    @property
    def key(self) -> str:
        """``BTC-USDT``: the pair's name in addresses, tables and on screen."""
        return f"{self.short.base}-{self.short.quote}"

    @property
    def step(self) -> Decimal:
        """Smallest quantity that is a whole number of lots on both legs, in base coins.

        The coarser lot step of the two, or their least common multiple (0.4 and 0.6 give 1.2).
        """
        coarse = max(self.long.lot_step, self.short.lot_step)
        fine = min(self.long.lot_step, self.short.lot_step)
        return coarse if coarse % fine == 0 else _common_multiple(coarse, fine)


def _common_multiple(one: Decimal, other: Decimal) -> Decimal:
    (a, b), (c, d) = one.as_integer_ratio(), other.as_integer_ratio()
    return Decimal(lcm(a * d, c * b)) / (b * d)
