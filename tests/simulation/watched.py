"""The doors at which the witness listens: the exchange, its own records, and the store."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection

from actors.domain.ledger import LedgerTransaction
from actors.domain.orders import OrderReport, OrderRequest
from actors.domain.positions import Intent, Position
from actors.store import CommandRecord, CommandStatus, Store, Transaction
from actors.store.commands import Commands
from actors.store.ledger import Ledger
from actors.store.positions import Positions
from actors.store.state import State
from actors.store.transaction import Guard
from actors.venues.paper import PaperVenue
from actors.venues.paper.vault import MemoryVault
from tests.simulation.witness import Note, Witness


class WatchedVenue:
    """Passes everything on; of an order the witness hears before it arrives."""

    def __init__(self, inner: PaperVenue, witness: Witness) -> None:
        self._inner = inner
        self._witness = witness
        self.name = inner.name

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    async def place(self, order: OrderRequest) -> OrderReport:
        self._witness.placed(order)
        return await self._inner.place(order)


class WatchedVault(MemoryVault):
    """What is appended here has happened at the exchange."""

    def __init__(self, witness: Witness) -> None:
        super().__init__()
        self._witness = witness

    def append(self, records: Sequence[str]) -> None:
        super().append(records)
        self._witness.appended(records)


class WatchedStore(Store):
    """Tells of what a transaction has written once it is durable, and of nothing else."""

    witness: Witness | None = None

    @contextmanager
    def transaction(self, fence: Guard | None = None) -> Iterator[Transaction]:
        notes: list[Note] = []
        with super().transaction(fence) as tx:
            if self.witness is not None:
                _listen(tx, self.witness, notes)
            yield tx
        if notes and self.witness is not None:
            self.witness.committed(notes)


def _listen(tx: Transaction, witness: Witness, notes: list[Note]) -> None:
    tx.positions = _Positions(tx.connection, witness, notes)
    tx.ledger = _Ledger(tx.connection, witness, notes)
    tx.commands = _Commands(tx.connection, witness, notes)
    tx.state = _State(tx.connection, witness, notes)


class _Listening:
    """Writes, and notes for the witness what it wrote."""

    def __init__(self, connection: Connection, witness: Witness, notes: list[Note]) -> None:
        super().__init__(connection)  # type: ignore[call-arg]  # of the room that is listened to
        self._witness = witness
        self._notes = notes

    def _note(self, heard: Callable[..., None], *what: object) -> None:
        self._notes.append(partial(heard, *what))


class _Positions(_Listening, Positions):
    def save(self, position: Position) -> None:
        super().save(position)
        self._note(self._witness.holdings.saved, position)

    def add_intents(self, intents: Sequence[Intent]) -> None:
        super().add_intents(intents)
        self._note(self._witness.holdings.intended, tuple(intents))
        self._note_fills(intents)

    def resolve_intent(self, intent: Intent) -> None:
        super().resolve_intent(intent)
        self._note(self._witness.holdings.resolved, intent)
        self._note_fills((intent,))

    def _note_fills(self, intents: Sequence[Intent]) -> None:
        for intent in intents:
            for fill in intent.fills:
                self._note(self._witness.money.on_disk, fill)


class _Ledger(_Listening, Ledger):
    def book(self, transactions: Sequence[LedgerTransaction]) -> int:
        count = super().book(transactions)
        self._note(self._witness.money.booked, tuple(transactions), count)
        return count


class _Commands(_Listening, Commands):
    def accept(
        self, idempotency_key: str, name: str, argument: str, who: str, at: datetime
    ) -> tuple[CommandRecord, bool]:
        record, is_new = super().accept(idempotency_key, name, argument, who, at)
        if is_new:
            self._note(self._witness.people.accepted, record)
        return record, is_new

    def finish(self, id: int, status: CommandStatus, outcome: str, at: datetime) -> bool:
        is_first = super().finish(id, status, outcome, at)
        if is_first:
            self._note(self._witness.people.finished, id, outcome)
        return is_first


class _State(_Listening, State):
    def set(self, key: str, value: str) -> None:
        super().set(key, value)
        self._note(self._witness.people.remembered, key, value)
