"""Prices and order books: a mid price per listing with the same levels around it at all times."""

import random
from dataclasses import dataclass, field
from decimal import Decimal

from tests.emulator.instruments import LINEAR, Listing
from tests.emulator.numbers import ZERO, D, ceiling, floor

Level = tuple[Decimal, Decimal]
"""Price and size."""

FIRST_PRICES = {
    "BTC": D(60_000),
    "ETH": D(3_000),
    "LTC": D(80),
    "ADA": D("0.45"),
    "XRP": D("0.6"),
    "DOGE": D("0.15"),
    "TRX": D("0.12"),
    "PEPE": D("0.00001"),
}
TURNOVER_24H = D(50_000_000)
STEP_BP = D(1)
"""Between two levels of a book."""
WALK_BP = 3


@dataclass(frozen=True, slots=True)
class Book:
    """Best level first."""

    bids: tuple[Level, ...]
    asks: tuple[Level, ...]


@dataclass(slots=True)
class Quotes:
    """``index``: USDT per coin. A book does not thin out by being hit; `thin` makes it so."""

    seed: int = 0
    index: dict[str, Decimal] = field(default_factory=lambda: dict(FIRST_PRICES))
    basis_bp: dict[str, Decimal] = field(default_factory=dict)
    """Perpetual's symbol to how far it lies above spot."""
    level_usdt: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    """Category and symbol to the value of a level; 20,000 where nothing is said."""
    version: int = 1
    _walk: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._walk = random.Random(self.seed)

    def price(self, coin: str) -> Decimal:
        return self.index.get(coin, D(1))

    def set_price(self, coin: str, price: Decimal, basis_bp: Decimal | None = None) -> None:
        self.index[coin] = price
        if basis_bp is not None:
            self.basis_bp[coin] = basis_bp
        self.version += 1

    def thin(self, category: str, symbol: str, level_usdt: Decimal) -> None:
        self.level_usdt[(category, symbol)] = level_usdt
        self.version += 1

    def step(self) -> None:
        """Every coin takes one step of its random walk."""
        for coin, price in self.index.items():
            change_bp = round(self._walk.gauss(0, WALK_BP), 4)
            self.index[coin] = price * (1 + D(str(change_bp)) / 10_000)
        self.version += 1

    def spot_value(self, listing: Listing) -> Decimal:
        """The index price of one unit of the listing."""
        return self.price(listing.coin) * listing.multiplier

    def mid(self, listing: Listing) -> Decimal:
        price = self.spot_value(listing)
        if listing.category == LINEAR:
            price *= 1 + self.basis_bp.get(listing.coin, ZERO) / 10_000
        return max(listing.tick * 2, floor(price, listing.tick))

    def mark(self, listing: Listing) -> Decimal:
        """The mark price of a perpetual: its mid."""
        return self.mid(listing)

    def book(self, listing: Listing, depth: int) -> Book:
        mid, tick, lot = self.mid(listing), listing.tick, listing.lot
        step = ceiling(mid * STEP_BP / 10_000, tick)
        value = self.level_usdt.get((listing.category, listing.symbol), D(20_000))
        bids, asks = [], []
        for number in range(depth):
            away = tick + step * number
            if mid - away > 0:
                bids.append((mid - away, max(lot, floor(value / mid, lot))))
            asks.append((mid + away, max(lot, floor(value / mid, lot))))
        return Book(tuple(bids), tuple(asks))
