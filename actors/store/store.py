"""The store: one database, and transactions on it."""

from __future__ import annotations

import threading  # noqa: TID251 - a lock: the actors that share this store run in threads
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from typing import Self

from sqlalchemy.exc import SQLAlchemyError

from .claim import claim
from .engine import Database, connect, use_wal
from .errors import StoreError, explain
from .health import StoreHealth, Writes, read_health
from .schema import prepare
from .transaction import Guard, Transaction
from .vault import Vault


class Store:
    """One database. May be shared by threads; each transaction belongs to the thread it is in."""

    def __init__(self, database: Database, wait: timedelta) -> None:
        self.installation_id = ""
        """Four letters or digits, made with the database; part of every client id."""
        self._database = database
        self._turns = _Turns(wait, database.where)
        self._writes = Writes()
        self._closed = False
        self._give_back: Callable[[], None] | None = None

    @classmethod
    def open(
        cls,
        url: str,
        *,
        installation_id: str | None = None,
        wait: timedelta = timedelta(seconds=10),
        survive_power_loss: bool = True,
    ) -> Self:
        """Open the database; make it if it is not there, and move it up if it is old.

        ``sqlite://`` is a new database in memory, gone when closed. ``installation_id`` names a
        new database's, for runs that have to repeat. ``wait`` bounds the waiting for locks and
        for a server. Without ``survive_power_loss``, a SQLite file may lose the last
        transactions (never a part of one) when the power fails, and is several times as fast;
        losing the process loses nothing either way.

        Raises StoreError with what is wrong and what to do: locked, damaged, not a database, of a
        newer perpcarry, of something else, not writable, disk full, server unreachable.
        """
        store = cls(connect(url, wait, survive_power_loss), wait)
        try:
            store._prepare(installation_id)
        except BaseException:
            store.close()
            raise
        return store

    @contextmanager
    def transaction(self, fence: Guard | None = None) -> Iterator[Transaction]:
        """Read and write: all of the block is durable once it is left, or none of it happened.

        There is one writer at a time. The fence is checked at the beginning and just before the
        commit; what it raises goes through, as does any exception of the block. Raises StoreError
        when the database fails, RuntimeError within another transaction of the same thread.
        """
        try:
            with self._turns.take(), self._within(self._database.begin_write) as tx:
                if fence is not None:
                    fence.check()
                yield tx
                if fence is not None:
                    fence.check()
        except StoreError as error:
            self._writes.failed(str(error))
            raise
        self._writes.went_well()

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """Read what stood at one instant, beside a writer and without holding it up."""
        turn = self._turns.take() if self._database.one_connection else nullcontext()
        with turn, self._within(self._database.begin_read) as tx:
            yield tx

    def health(self) -> StoreHealth:
        """What kind of database this is, and how it fares. Raises StoreError as all reading."""
        with self.reading() as tx:
            return read_health(tx.connection, self._database.where, self._writes)

    def claim(self) -> None:
        """Keep other processes from trading on this database until this store is closed.

        They can still read it. Raises StoreError while another has claimed it. A process that
        dies gives its claim back, however it dies.
        """
        if self._give_back is None:
            self._give_back = claim(self._database)

    def vault(self, account: str) -> Vault:
        return Vault(self, account)

    def close(self) -> None:
        """Let go of all connections; a database in memory is gone then."""
        self._closed = True
        if self._give_back is not None:
            self._give_back()
            self._give_back = None
        self._database.engine.dispose()

    @contextmanager
    def _within(self, begin: str) -> Iterator[Transaction]:
        if self._closed:
            raise StoreError("the store is closed", self._database.where)
        try:
            with self._database.engine.connect() as connection, connection.begin():
                connection.exec_driver_sql(begin)
                yield Transaction(connection)
        except SQLAlchemyError as error:
            raise explain(error, self._database.where) from error

    def _prepare(self, installation_id: str | None) -> None:
        where = self._database.where
        try:
            if self._database.engine.dialect.name == "sqlite":
                use_wal(self._database.engine)
        except SQLAlchemyError as error:
            raise explain(error, where) from error
        with self.transaction() as tx:
            self.installation_id = prepare(tx.connection, where, installation_id)


class _Turns:
    """One at a time within this process; the database sees to the other processes."""

    def __init__(self, wait: timedelta, where: str) -> None:
        self._lock = threading.Lock()
        self._holder: int | None = None
        self._wait = wait.total_seconds()
        self._where = where

    @contextmanager
    def take(self) -> Iterator[None]:
        me = threading.get_ident()
        if self._holder == me:
            raise RuntimeError("a transaction was begun within another one")
        if not self._lock.acquire(timeout=self._wait):
            raise StoreError(
                f"another thread has been writing for more than {self._wait:g} s", self._where
            )
        self._holder = me
        try:
            yield
        finally:
            self._holder = None
            self._lock.release()
