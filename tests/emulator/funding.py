"""Funding rates: what is predicted, what was settled, and which boundaries were crossed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from tests.emulator.instruments import Listing
from tests.emulator.numbers import D

MINUTE_MS = 60_000
PRINTS_BEFORE = 200
"""Prints an exchange has behind it when it opens."""


@dataclass(frozen=True, slots=True)
class Print:
    """A settled rate: a fraction for one interval; positive = longs pay shorts."""

    at_ms: int
    rate: Decimal


@dataclass(slots=True)
class Funding:
    seen_ms: int
    """Boundaries up to here are settled."""
    seed: int = 0
    predicted: dict[str, Decimal] = field(default_factory=dict)
    settled: dict[str, list[Print]] = field(default_factory=dict)
    """Oldest first."""

    def open(self, listing: Listing) -> None:
        """Give a perpetual a past and a prediction of 1 bp."""
        draw = random.Random(f"{self.seed} {listing.symbol}")
        length = listing.interval_minutes * MINUTE_MS
        last = self.seen_ms // length * length
        self.predicted[listing.symbol] = D("0.0001")
        self.settled[listing.symbol] = [
            Print(last - length * back, D(draw.randint(-100, 300)) / 1_000_000)
            for back in range(PRINTS_BEFORE - 1, -1, -1)
        ]

    def next_boundary_ms(self, listing: Listing, now_ms: int) -> int:
        length = listing.interval_minutes * MINUTE_MS
        return (now_ms // length + 1) * length

    def cross(self, listings: list[Listing], now_ms: int) -> Iterator[tuple[Listing, Print]]:
        """Settle each boundary in (last seen, now] once, in the order of time."""
        due = []
        for listing in listings:
            at = self.next_boundary_ms(listing, self.seen_ms)
            while at <= now_ms:
                due.append((at, listing.symbol, listing))
                at = self.next_boundary_ms(listing, at)
        self.seen_ms = max(self.seen_ms, now_ms)
        for at, symbol, listing in sorted(due, key=lambda one: one[:2]):
            entry = Print(at, self.predicted[symbol])
            self.settled[symbol].append(entry)
            yield listing, entry
