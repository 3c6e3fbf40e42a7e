"""What a store says of a bot, read from outside, and what must hold of it."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from actors.cli.books import paper_account
from actors.cli.world import last_instant
from actors.domain.exact import ZERO, total
from actors.domain.orders import Leg
from actors.domain.positions import AT_REST, Intent, Position
from actors.execution.legs import Legs, instrument_of
from actors.pnl.verify import verify
from actors.store import Store
from actors.venues.paper.account import PaperAccount
from actors.venues.paper.records import Traded, from_line
from tests.process.bot import DATABASE

VENUE = "binance"
VAULT = f"paper:{VENUE}"
OPEN = "SELECT client_id FROM intents WHERE status IN ('intended', 'unknown')"


class Window:
    """A view into a database that a bot is writing to."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / DATABASE

    def open_orders(self) -> frozenset[str]:
        """Client ids of orders on disk whose outcome is not."""
        return frozenset(row[0] for row in self._ask(OPEN))

    def count(self, table: str) -> int:
        return self._number(f"SELECT count(*) FROM {table}")

    def cycle(self) -> int:
        """The number of the last cycle begun."""
        return self._number("SELECT value ->> 'cycle' FROM state WHERE key = 'orchestrator'")

    def _number(self, question: str) -> int:
        rows = self._ask(question)
        return int(rows[0][0]) if rows else 0

    def _ask(self, question: str) -> list[tuple[str, ...]]:
        """Nothing while there is no database, or no table in it, yet."""
        try:
            with closing(sqlite3.connect(f"file:{self._path}?mode=ro", uri=True)) as database:
                return list(database.execute(question))
        except sqlite3.OperationalError:
            return []


@dataclass(frozen=True, slots=True)
class Books:
    """All that is on disk while no process runs: the bot's side, and the paper exchange's."""

    positions: tuple[Position, ...]
    orders: tuple[Traded, ...]
    """Every order that reached the exchange."""
    exchange: PaperAccount
    differences: tuple[str, ...]
    """Of the ledger, with itself and with the exchange."""
    last_at: datetime

    @property
    def intents(self) -> dict[str, Intent]:
        return {one.client_id: one for position in self.positions for one in position.intents}

    @property
    def active(self) -> list[Position]:
        return [one for one in self.positions if one.closed_at is None]


def read_books(folder: Path) -> Books:
    with opened(folder) as store:
        records = [from_line(line) for line in store.vault(VAULT).read()]
        last_at = last_instant(store, VAULT)
        exchange = PaperAccount(records)
        state = paper_account(store, VENUE)
        with store.reading() as tx:
            positions = tuple(tx.positions.all())
            differences = tuple(map(str, verify(tx, state)))
    assert last_at is not None
    orders = tuple(record for record in records if isinstance(record, Traded))
    return Books(positions, orders, exchange, differences, last_at)


@contextmanager
def opened(folder: Path) -> Iterator[Store]:
    store = Store.open(f"sqlite:///{folder / DATABASE}")
    try:
        yield store
    finally:
        store.close()


# --- what must hold ------------------------------------------------------------------------------


def check_always(books: Books) -> None:
    """At any instant, in the middle of anything."""
    twice = [one for one, n in Counter(one.client_id for one in books.orders).items() if n > 1]
    assert not twice, f"sent twice with effect: {twice}"
    intents = books.intents
    for order in books.orders:
        intent = intents.get(order.client_id)
        assert intent is not None, f"{order.client_id} arrived and was never written down"
        assert (intent.side, intent.quantity) == (order.side, order.quantity), order.client_id
        if intent.status.is_final:
            assert _fill_ids(intent) == {one.fill_id for one in order.fills}, order.client_id
    filled = {fill.fill_id for fill, _ in books.exchange.fills}
    invented = {one for intent in intents.values() for one in _fill_ids(intent)} - filled
    assert not invented, f"fills on record that the exchange does not know: {invented}"
    _check_explained(books)
    late = [one.client_id for one in intents.values() if one.intended_at > books.last_at]
    assert not late, f"the replay would go on before these orders: {late}"


def check_at_rest(books: Books) -> None:
    """After the bot had time to mend everything, and was stopped in order."""
    check_always(books)
    unknown = [one.client_id for one in books.intents.values() if not one.status.is_final]
    assert not unknown, f"outcome not known: {unknown}"
    for position in books.active:
        assert position.state in AT_REST, f"{position.id} is {position.state}"
        delta = Legs.of(position).delta
        assert abs(delta) < position.pair.step, f"{position.id}: delta {delta}"
    for position in books.positions:
        if position.closed_at is not None:
            legs = Legs.of(position)
            assert legs.short == 0, f"{position.id} is closed and short {legs.short}"
            _check_dust(position, legs.spot)
    assert not books.differences, "; ".join(books.differences)


def check_nothing_forgotten(before: Books, after: Books) -> None:
    """What was on disk before a restart is there after it."""
    assert {one.id for one in before.positions} <= {one.id for one in after.positions}
    assert before.intents.keys() <= after.intents.keys()
    for client_id, intent in before.intents.items():
        assert _fill_ids(intent) <= _fill_ids(after.intents[client_id]), client_id
    assert before.orders == after.orders[: len(before.orders)]


def _check_explained(books: Books) -> None:
    """What the exchange holds belongs to positions on record, one a pair, to the last digit."""
    keys = [one.pair.key for one in books.active]
    assert len(keys) == len(set(keys)), f"two positions of one pair: {sorted(keys)}"
    of_order = {order.client_id: order for order in books.orders}
    held: dict[str, Decimal] = {}
    for position in books.active:
        for intent in position.intents:
            order = of_order.get(intent.client_id)
            if intent.leg is Leg.PERP and order is not None:
                symbol = instrument_of(position.pair, intent.leg).symbol
                for fill in order.fills:
                    change = fill.quantity if fill.side == "buy" else -fill.quantity
                    held[symbol] = total(held.get(symbol, ZERO), change)
    theirs = {symbol: one.quantity for symbol, one in books.exchange.perps.items()}
    ours = {symbol: quantity for symbol, quantity in held.items() if quantity}
    assert theirs == ours, f"the exchange holds {theirs}, positions explain {ours}"


def _check_dust(position: Position, spot: Decimal) -> None:
    """Only what the exchange takes no order for may be left in the wallet."""
    instrument = position.pair.long
    too_small = max(instrument.lot_step, instrument.min_quantity)
    price = max((fill.price for fill in position.fills), default=ZERO)
    assert 0 <= spot < too_small or spot * price < 2 * instrument.min_notional, (
        f"{position.id} is closed and holds {spot}"
    )


def _fill_ids(intent: Intent) -> set[str]:
    return {fill.fill_id for fill in intent.fills}
