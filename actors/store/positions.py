"""Positions, their orders and fills, and cooldowns: what execution owns."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    bindparam,
    delete,
    func,
    insert,
    select,
    true,
    update,
)

from actors.domain.orders import Fill
from actors.domain.positions import Intent, Position

from . import tables
from .codec import columns_of, row_of
from .counting import next_seq
from .errors import StoreError

_p, _i, _f, _c = tables.positions, tables.intents, tables.fills, tables.cooldowns

# Written out once: to make a statement anew costs more than to run it.
_NUMBER = select(func.max(_p.c.number)).where(_p.c.pair_key == bindparam("pair"))
_UPDATE_POSITION = update(_p).where(_p.c.id == bindparam("of"))
_UPDATE_INTENT = update(_i).where(_i.c.client_id == bindparam("of"))
_POSITION_OF_INTENT = select(_i.c.position_id).where(_i.c.client_id == bindparam("of"))
_FILLS_OF_INTENT = select(*columns_of(_f, Fill)).where(_f.c.client_id == bindparam("of"))
_FILLS_AFTER = (
    select(_f.c.seq, _f.c.position_id, *columns_of(_f, Fill))
    .where(_f.c.seq > bindparam("after"))
    .order_by(_f.c.seq)
)


class _Query:
    """Whole positions in three statements, however many they are."""

    def __init__(self, which: ColumnElement[bool]) -> None:
        oldest_first = (_p.c.created_at, _p.c.pair_key, _p.c.number)
        self.positions = (
            select(*columns_of(_p, Position, but=("intents",))).where(which).order_by(*oldest_first)
        )
        self.intents = (
            select(*columns_of(_i, Intent, but=("fills",)))
            .join(_p, _p.c.id == _i.c.position_id)
            .where(which)
            .order_by(_i.c.seq)
        )
        self.fills = (
            select(*columns_of(_f, Fill))
            .join(_p, _p.c.id == _f.c.position_id)
            .where(which)
            .order_by(_f.c.seq)
        )


_ONE = _Query(_p.c.id == bindparam("id"))
_ACTIVE = _Query(_p.c.closed_at.is_(None))
_ALL = _Query(true())
_THESE = _Query(_p.c.id.in_(bindparam("ids", expanding=True)))
_CLOSED_IDS = (
    select(_p.c.id)
    .where(_p.c.closed_at.is_not(None))
    .order_by(_p.c.closed_at.desc(), _p.c.pair_key, _p.c.number)
)


class Positions:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def next_number(self, pair_key: str) -> int:
        """The number that the pair's next position gets, from 1; numbers are never used twice."""
        highest = self._connection.scalar(_NUMBER, {"pair": pair_key})
        return 1 if highest is None else highest + 1

    def save(self, position: Position) -> None:
        """Write the position itself, new or changed, without its intents.

        Raises ValueError for an id that is not ``<pair key>#<number>``.
        """
        row = row_of(position, but=("intents",))
        changed = self._connection.execute(_UPDATE_POSITION, row | {"of": position.id})
        if changed.rowcount == 0:
            pair_key, _, number = position.id.rpartition("#")
            if pair_key != position.pair.key:
                raise ValueError(f"{position.id} is no id of a position in {position.pair.key}")
            row |= {"pair_key": pair_key, "number": int(number)}
            self._connection.execute(insert(_p), row)

    def add_intents(self, intents: Sequence[Intent]) -> None:
        """Write orders before they are sent. Raises StoreError if a client id was used before."""
        if not intents:
            return
        first = next_seq(self._connection, _i.c.seq)
        self._connection.execute(
            insert(_i),
            [
                row_of(intent, but=("fills",)) | {"seq": seq}
                for seq, intent in enumerate(intents, first)
            ],
        )
        for intent in intents:
            self._add_fills(intent)

    def resolve_intent(self, intent: Intent) -> None:
        """Write what is known of an order now: status, reason, time, and fills not seen before.

        Raises StoreError when the intent was never added, or when a fill contradicts what is on
        record under its id (fee and time may differ: what was heard first stays).
        """
        changed = self._connection.execute(
            _UPDATE_INTENT,
            {
                "of": intent.client_id,
                "status": intent.status,
                "reason": intent.reason,
                "resolved_at": intent.resolved_at,
            },
        )
        if changed.rowcount == 0:
            raise StoreError(f"order {intent.client_id} has an outcome but was never intended")
        self._add_fills(intent)

    def load(self, position_id: str) -> Position | None:
        """The position with all its intents and fills, in the order of recording."""
        return next(iter(self._load(_ONE, {"id": position_id})), None)

    def active(self) -> list[Position]:
        """All that are not closed, oldest first."""
        return self._load(_ACTIVE)

    def all(self) -> list[Position]:
        """Open and closed, oldest first."""
        return self._load(_ALL)

    def closed(self, limit: int | None = None, offset: int = 0) -> list[Position]:
        """Those that came to their end, newest first."""
        ids = list(self._connection.scalars(_CLOSED_IDS.limit(limit).offset(offset)))
        found = {one.id: one for one in self._load(_THESE, {"ids": ids})}
        return [found[one] for one in ids]

    def fills_after(self, seq: int) -> list[tuple[int, str, Fill]]:
        """Fills recorded after ``seq``, in order of recording: (seq, position id, fill)."""
        rows = self._connection.execute(_FILLS_AFTER, {"after": seq})
        return [(row[0], row[1], Fill(*row[2:])) for row in rows]

    def set_cooldown(self, pair_key: str, until: datetime, reason: str) -> None:
        """Enter the pair no more before ``until``; replaces an earlier cooldown."""
        self._connection.execute(delete(_c).where(_c.c.pair_key == pair_key))
        self._connection.execute(
            insert(_c), {"pair_key": pair_key, "until": until, "reason": reason}
        )

    def cooldowns(self) -> list[tuple[str, datetime, str]]:
        """All ever set and not replaced, past ones too: (pair key, until, reason)."""
        rows = self._connection.execute(
            select(_c.c.pair_key, _c.c.until, _c.c.reason).order_by(_c.c.pair_key)
        )
        return [(row.pair_key, row.until, row.reason) for row in rows]

    def _add_fills(self, intent: Intent) -> None:
        if not intent.fills:
            return
        rows = self._connection.execute(_FILLS_OF_INTENT, {"of": intent.client_id})
        known = {(fill.venue, fill.fill_id): fill for fill in (Fill(*row) for row in rows)}
        fresh: list[Fill] = []
        for fill in intent.fills:
            if fill.client_id != intent.client_id:
                raise ValueError(f"fill {fill.fill_id} is not of order {intent.client_id}")
            earlier = known.get((fill.venue, fill.fill_id))
            if earlier is None:
                known[fill.venue, fill.fill_id] = fill
                fresh.append(fill)
            elif _essence(earlier) != _essence(fill):
                raise StoreError(
                    f"fill {fill.fill_id} of order {intent.client_id} was recorded otherwise:"
                    f" {earlier}, now {fill}"
                )
        if not fresh:
            return
        # The record says which position an order belongs to, not the caller.
        position_id = self._connection.scalar(_POSITION_OF_INTENT, {"of": intent.client_id})
        first = next_seq(self._connection, _f.c.seq)
        self._connection.execute(
            insert(_f),
            [
                row_of(fill) | {"seq": seq, "position_id": position_id}
                for seq, fill in enumerate(fresh, first)
            ],
        )

    def _load(self, query: _Query, parameters: dict[str, Any] | None = None) -> list[Position]:
        fills: dict[str, list[Fill]] = defaultdict(list)
        for row in self._connection.execute(query.fills, parameters):
            fill = Fill(*row)
            fills[fill.client_id].append(fill)
        intents: dict[str, list[Intent]] = defaultdict(list)
        for row in self._connection.execute(query.intents, parameters):
            intents[row.position_id].append(
                Intent(**row._mapping, fills=tuple(fills[row.client_id]))
            )
        return [
            Position(**row._mapping, intents=tuple(intents[row.id]))
            for row in self._connection.execute(query.positions, parameters)
        ]


def _essence(fill: Fill) -> tuple[object, ...]:
    """What may never differ between two reports of one fill."""
    return (fill.client_id, fill.symbol, fill.market, fill.side, fill.quantity, fill.price)
