"""All that the exchange knows; it outlives the server that shows it."""

from collections.abc import Iterable
from decimal import Decimal

from tests.emulator.account import Account
from tests.emulator.answers import Refused
from tests.emulator.clock import Clock
from tests.emulator.funding import Funding
from tests.emulator.instruments import LINEAR, Listing, by_key, listed
from tests.emulator.margin import position_answer, spot_coins, wallet_answer
from tests.emulator.numbers import D, Json
from tests.emulator.quotes import Quotes
from tests.emulator.signing import ApiKey

BASE_TIER = {"spot": (D("0.001"), D("0.001")), "linear": (D("0.00055"), D("0.0002"))}
"""Taker and maker fee, fractions of the value."""


class Exchange:
    def __init__(
        self, clock: Clock | None = None, seed: int = 0, listings: Iterable[Listing] | None = None
    ) -> None:
        self.clock = clock or Clock()
        self.listings = by_key(listed() if listings is None else listings)
        self.quotes = Quotes(seed)
        self.funding = Funding(self.clock.now_ms(), seed)
        self.account = Account()
        self.keys = {one.key: one for one in (ApiKey(),)}
        self.fee_rates = dict(BASE_TIER)
        self.spot_coins = spot_coins(self)
        self.events: list[tuple[int, str, Json]] = []
        """What the account is still to be told: when (ms), topic, data."""
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

    def new_id(self, number: int) -> str:
        """In the form of a UUID, the same for the same number."""
        return f"{number:08x}-0000-4000-8000-{number:012x}"

    def tell(self, topic: str, data: Json, due_ms: int = 0) -> None:
        """Say it on the private WebSockets, not before ``due_ms``."""
        self.events.append((due_ms, topic, data))

    def tell_standing(self, symbol: str | None, due_ms: int = 0) -> None:
        """Say how the wallet stands, and the position in ``symbol``."""
        if symbol is not None:
            row = position_answer(self, self.account.position(symbol))
            self.tell("position", row, due_ms)
        self.tell("wallet", wallet_answer(self), due_ms)

    def restarted(self) -> None:
        """The list of open orders forgets those that ended; order history does not."""
        self.account.recent.clear()
        self.events.clear()

    def due_events(self) -> list[tuple[str, Json]]:
        """Taken out of what is still to be told."""
        now_ms = self.clock.now_ms()
        due = [(topic, data) for at, topic, data in self.events if at <= now_ms]
        self.events = [one for one in self.events if one[0] > now_ms]
        return due
