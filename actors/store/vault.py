"""An append-only roll of records of one account, for a venue that keeps its own books."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, insert, select

from . import tables
from .errors import StoreError

if TYPE_CHECKING:
    from .store import Store

_r = tables.paper_records

_RECORDS = select(_r.c.record).where(_r.c.account == bindparam("account")).order_by(_r.c.seq)
_COUNT = select(func.count()).where(_r.c.account == bindparam("account"))


class Vault:
    """Records of one account, in order. Whoever appends has to have seen all that is there."""

    def __init__(self, store: Store, account: str) -> None:
        self._store = store
        self._account = account
        self._seen: int | None = None

    def append(self, records: Sequence[str]) -> None:
        """Write records, all or none, in a transaction of their own.

        Raises StoreError if another wrote to the account since it was read here: a second
        keeper's picture of the account would be wrong. Read it anew then.
        """
        if not records:
            return
        with self._store.transaction() as tx:
            there = tx.connection.scalar(_COUNT, {"account": self._account}) or 0
            if self._seen is not None and self._seen != there:
                raise StoreError(f"account {self._account} was written to by another keeper")
            tx.connection.execute(
                insert(_r),
                [
                    {"account": self._account, "seq": seq, "record": record}
                    for seq, record in enumerate(records, there + 1)
                ],
            )
        self._seen = there + len(records)

    def read(self) -> Iterator[str]:
        """All records, oldest first."""
        with self._store.reading() as tx:
            records = list(tx.connection.scalars(_RECORDS, {"account": self._account}))
        self._seen = len(records)
        return iter(records)
