"""All that the exchange knows; it outlives the server that shows it."""

from collections.abc import Callable, Iterable
from decimal import Decimal

from tests.emulator.answers import Refused
from tests.emulator.clock import Clock
from tests.emulator.funding import Funding
from tests.emulator.instruments import LINEAR, Listing, by_key, listed
from tests.emulator.numbers import Json
from tests.emulator.quotes import Quotes

Listener = Callable[[str, Json], None]
"""Told (topic, data) of what happens to an account."""


class Exchange:
    def __init__(
        self, clock: Clock | None = None, seed: int = 0, listings: Iterable[Listing] | None = None
    ) -> None:
        self.clock = clock or Clock()
        self.listings = by_key(listed() if listings is None else listings)
        self.quotes = Quotes(seed)
        self.funding = Funding(self.clock.now_ms(), seed)
        self.maintenance = False
        self.sequence = 0
        for one in self.perpetuals():
            self.funding.open(one)

    def next_number(self) -> int:
        """Rises by one; ids are made of it."""
        self.sequence += 1
        return self.sequence

    def perpetuals(self) -> list[Listing]:
        return [one for one in self.listings.values() if one.category == LINEAR]

    def in_category(self, category: str) -> list[Listing]:
        """Raises `Refused` for a category that does not exist; some exist and are empty."""
        if category not in ("spot", "linear", "inverse", "option"):
            raise Refused(10001, "params error: Category is invalid")
        return [one for one in self.listings.values() if one.category == category]

    def listing(self, category: str, symbol: str) -> Listing:
        """Raises `Refused`."""
        if (found := self.listings.get((category, symbol))) is None:
            raise Refused(10001, f"params error: symbol invalid {symbol}")
        return found

    def relist(self, listing: Listing) -> None:
        """Put the changed listing in the place of the old one."""
        self.listings[(listing.category, listing.symbol)] = listing

    def mark(self, listing: Listing) -> Decimal:
        return self.quotes.mark(listing)

    def poll(self) -> None:
        """Let happen what is due by now."""
        for _ in self.funding.cross(self.perpetuals(), self.clock.now_ms()):
            pass
