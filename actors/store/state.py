"""Small durable values by key: JSON text that only its owner understands."""

from sqlalchemy import Connection, bindparam, insert, select, update

from . import tables

_s = tables.state

_GET = select(_s.c.value).where(_s.c.key == bindparam("of"))
_SET = update(_s).where(_s.c.key == bindparam("of"))


class State:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, key: str) -> str | None:
        """The value last set; None if none was."""
        return self._connection.scalar(_GET, {"of": key})

    def set(self, key: str, value: str) -> None:
        if self._connection.execute(_SET, {"of": key, "value": value}).rowcount == 0:
            self._connection.execute(insert(_s), {"key": key, "value": value})
