"""The log of events, for people to read later."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection, bindparam, insert, select

from . import tables
from .codec import columns_of
from .counting import next_seq

_e = tables.events


class EventLike(Protocol):
    """What an event has to have; the journal's own Event has it."""

    @property
    def at(self) -> datetime: ...
    @property
    def kind(self) -> str: ...
    @property
    def severity(self) -> str: ...
    @property
    def address(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def detail(self) -> str: ...


@dataclass(frozen=True, slots=True)
class EventRecord:
    seq: int
    at: datetime
    kind: str
    severity: str
    address: str
    text: str
    detail: str


_EVENTS = select(*columns_of(_e, EventRecord)).order_by(_e.c.seq.desc()).limit(bindparam("limit"))
_EVENTS_BEFORE = _EVENTS.where(_e.c.seq < bindparam("before"))
_ABOUT = (
    select(*columns_of(_e, EventRecord))
    .where(
        _e.c.at >= bindparam("since"),
        _e.c.text.startswith(bindparam("name"), autoescape=False),
    )
    .order_by(_e.c.seq)
    .limit(bindparam("limit"))
)


class Events:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def append(self, events: Sequence[EventLike]) -> list[int]:
        """Write events; their numbers, in the same order."""
        if not events:
            return []
        first = next_seq(self._connection, _e.c.seq)
        rows = [
            {
                "seq": seq,
                "at": event.at,
                "kind": event.kind,
                "severity": str(event.severity),
                "address": event.address,
                "text": event.text,
                "detail": event.detail,
            }
            for seq, event in enumerate(events, first)
        ]
        self._connection.execute(insert(_e), rows)
        return [first + offset for offset in range(len(rows))]

    def read(self, before_seq: int | None = None, limit: int = 200) -> list[EventRecord]:
        """Newest first; only those before ``before_seq`` where it is given."""
        if before_seq is None:
            rows = self._connection.execute(_EVENTS, {"limit": limit})
        else:
            rows = self._connection.execute(_EVENTS_BEFORE, {"limit": limit, "before": before_seq})
        return [EventRecord(*row) for row in rows]

    def about(self, name: str, since: datetime, limit: int = 200) -> list[EventRecord]:
        """The first ``limit`` since then whose text begins with a name, oldest first."""
        rows = self._connection.execute(_ABOUT, {"name": name, "since": since, "limit": limit})
        found = [EventRecord(*row) for row in rows]
        return [one for one in found if not one.text[len(name) :][:1].isalnum()]
