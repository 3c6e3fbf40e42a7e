"""Every change of the runtime settings: who, when, from what, to what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, insert, select

from . import tables
from .codec import columns_of, row_of
from .counting import next_seq

_c = tables.config_changes


@dataclass(frozen=True, slots=True)
class ConfigChange:
    at: datetime
    who: str
    key: str
    """Dotted settings key."""
    before: str | None
    """The override before, as JSON text; None = the configured value held."""
    after: str | None
    """The override since, as JSON text; None = back to the configured value."""
    version: int = 0
    """Of the settings with this change; 0 until it is on record."""


_CHANGES = select(*columns_of(_c, ConfigChange))
_NEWEST_FIRST = _CHANGES.order_by(_c.c.seq.desc()).limit(bindparam("limit"))
_VERSION = select(func.max(_c.c.version))
_LAST_OF_KEY = select(func.max(_c.c.seq)).group_by(_c.c.key)
_LAST_CHANGES = _CHANGES.where(_c.c.seq.in_(_LAST_OF_KEY)).order_by(_c.c.key)
_OVERRIDES = (
    select(_c.c.key, _c.c.after)
    .where(_c.c.seq.in_(_LAST_OF_KEY), _c.c.after.is_not(None))
    .order_by(_c.c.key)
)


class ConfigLog:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def append(self, changes: Sequence[ConfigChange], version: int) -> None:
        """Write changes that together make this version.

        Raises ValueError unless the version is higher than all before.
        """
        if version <= self.version():
            raise ValueError(f"version {version} is not after {self.version()}")
        if changes:
            first = next_seq(self._connection, _c.c.seq)
            self._connection.execute(
                insert(_c),
                [
                    row_of(change) | {"seq": seq, "version": version}
                    for seq, change in enumerate(changes, first)
                ],
            )

    def overrides(self) -> dict[str, str]:
        """What is overridden now: settings key to JSON text, by key."""
        return {row.key: row.after for row in self._connection.execute(_OVERRIDES)}

    def history(self, limit: int = 200) -> list[ConfigChange]:
        """Newest first."""
        rows = self._connection.execute(_NEWEST_FIRST, {"limit": limit})
        return [ConfigChange(*row) for row in rows]

    def last_changes(self) -> list[ConfigChange]:
        """The newest change of each key, by key."""
        return [ConfigChange(*row) for row in self._connection.execute(_LAST_CHANGES)]

    def version(self) -> int:
        """Of the settings as they are on record; 0 before the first change."""
        return self._connection.scalar(_VERSION) or 0
