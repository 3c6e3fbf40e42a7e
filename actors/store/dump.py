"""The books as canonical text: two runs are the same if and only if their dumps are."""

import json
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from . import tables
from .store import Store

_DUMPED = (
    tables.positions,
    tables.intents,
    tables.fills,
    tables.ledger_transactions,
    tables.ledger_entries,
    tables.funding_payments,
    tables.equity_points,
    tables.closed_trades,
)


def dump(store: Store) -> Iterator[str]:
    """One line of JSON a row, table by table, in the order of their primary keys.

    Read to the end, or close it: it holds a transaction open.
    """
    with store.reading() as tx:
        for table in _DUMPED:
            names = [column.name for column in table.columns]
            rows = tx.connection.execute(
                select(table).order_by(*table.primary_key).execution_options(yield_per=5_000)
            )
            for row in rows:
                values = {name: _plain(value) for name, value in zip(names, row, strict=True)}
                yield json.dumps({"table": table.name} | values, ensure_ascii=False)


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    return repr(value)
