"""What the open pages have been told, as JSON: written once, whoever wants it.

A topic with many rows is sent whole to a newcomer; all others get what changed in its rows.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from actors.views.messages import Changes
from web.serialise import to_json
from web.shape import parts_of

TOPICS = tuple(one.name for one in fields(Changes) if one.name != "revision")


@dataclass(frozen=True, slots=True)
class Rows:
    """Where a topic's rows are, and what tells one from another."""

    list: str
    key: str


ROWS = {
    "funding_rates": Rows("rates", "pair_key"),
    "system": Rows("actors", "address"),
}
NEWS = {"new_trades": "position_id", "new_events": "seq"}
"""Topics that are lists of what is new, and what tells one entry from another."""
EVERYTHING = 0
"""The revision to ask from for all there is."""
NEWS_KEPT = 200
"""Entries of such a list that a newcomer gets."""


@dataclass(frozen=True, slots=True)
class Update:
    """What changed, as JSON by topic."""

    topics: Mapping[str, bytes]
    """Whole values."""
    patches: Mapping[str, bytes]
    """What changed in rows, and rows that came or went."""

    def members(self, wanted: Iterable[str]) -> bytes:
        """The members ``topics`` and ``patches`` of a message to someone who wants these."""
        return _members(wanted, self.topics, self.patches)


@dataclass(slots=True)
class _Kept:
    value: Any
    json: bytes | None = None
    """Made when a newcomer needs it."""


@dataclass(slots=True)
class Picture:
    """The topics that someone follows, as they were told last."""

    revision: int = EVERYTHING
    """All topics are at least as new."""
    _kept: dict[str, _Kept | None] = field(default_factory=dict)
    """None where there is nothing to tell yet."""

    def __contains__(self, topics: frozenset[str]) -> bool:
        """Whether all of these are followed."""
        return topics <= self._kept.keys()

    @property
    def topics(self) -> frozenset[str]:
        return frozenset(self._kept)

    def follow(self, topics: Iterable[str], changes: Changes) -> None:
        """Take these in, too; ``changes`` has everything of them."""
        if not self._kept:
            self.revision = changes.revision
        self._kept.update(dict.fromkeys(topics))
        self._take(changes, topics)

    def forget(self, topic: str) -> None:
        self._kept.pop(topic, None)

    def update(self, changes: Changes) -> Update:
        """Take the changes since ``revision`` in."""
        self.revision = changes.revision
        return self._take(changes, self._kept)

    def whole(self, wanted: Iterable[str]) -> bytes:
        """The members ``topics`` and ``patches`` of a newcomer's first message."""
        known: dict[str, bytes] = {}
        for topic in wanted:
            kept = self._kept[topic]
            if kept is not None:
                if kept.json is None:
                    kept.json = to_json(kept.value)
                known[topic] = kept.json
        return _members(wanted, known, {})

    def _take(self, changes: Changes, topics: Iterable[str]) -> Update:
        values: dict[str, bytes] = {}
        patches: dict[str, bytes] = {}
        for topic in topics:
            new = getattr(changes, topic)
            if new is None or new == ():
                continue
            before = self._kept[topic]
            if before is not None and topic in ROWS:
                patches[topic] = to_json(_patch(ROWS[topic], before.value, new))
                self._kept[topic] = _Kept(new)
            elif before is not None and topic in NEWS:
                values[topic] = to_json(new)
                self._kept[topic] = _Kept(_merged(NEWS[topic], new, before.value))
            else:
                values[topic] = to_json(new)
                self._kept[topic] = _Kept(new, values[topic])
        return Update(values, patches)


def _patch(rows: Rows, old: Any, new: Any) -> dict[str, Any]:
    before = {getattr(row, rows.key): row for row in getattr(old, rows.list)}
    changed: list[Any] = []
    for row in getattr(new, rows.list):
        key = getattr(row, rows.key)
        known = before.pop(key, None)
        if known is None:
            changed.append(row)
        elif known != row:
            changed.append({rows.key: key, **_changed(known, row)})
    others = _changed(old, new)
    others.pop(rows.list, None)
    return {
        "list": rows.list,
        "key": rows.key,
        "set": others,
        "rows": changed,
        "gone": list(before),
    }


def _changed(old: Any, new: Any) -> dict[str, Any]:
    """The members that are not what they were."""
    kind: type = type(new)
    changed: dict[str, Any] = {}
    for part in parts_of(kind):
        value = getattr(new, part.name)
        if value != getattr(old, part.name):
            changed[part.name] = dict(value) if part.is_map else value
    return changed


def _merged(key: str, new: tuple[Any, ...], before: tuple[Any, ...]) -> tuple[Any, ...]:
    """Newest first, each once."""
    known = {getattr(one, key) for one in new}
    rest = (one for one in before if getattr(one, key) not in known)
    return (*new, *rest)[:NEWS_KEPT]


def _members(
    wanted: Iterable[str], topics: Mapping[str, bytes], patches: Mapping[str, bytes]
) -> bytes:
    return b'"topics":%b,"patches":%b' % (_chosen(wanted, topics), _chosen(wanted, patches))


def _chosen(wanted: Iterable[str], members: Mapping[str, bytes]) -> bytes:
    """A JSON object of those members that are wanted."""
    chosen = [b'"%b":%b' % (name.encode(), members[name]) for name in wanted if name in members]
    return b"{%b}" % b",".join(chosen)
