"""People's commands: on disk before anybody acts on them, with what became of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, insert, select, update

from . import tables
from .codec import columns_of, row_of
from .command_status import CommandStatus
from .counting import next_seq
from .errors import StoreError

_c = tables.commands


@dataclass(frozen=True, slots=True)
class CommandRecord:
    id: int
    key: str
    """The sender's idempotency key."""
    name: str
    argument: str
    who: str
    at: datetime
    status: CommandStatus = CommandStatus.ACCEPTED
    outcome: str = ""
    """In words, once it is done or refused."""
    finished_at: datetime | None = None


_COMMANDS = select(*columns_of(_c, CommandRecord))
_BY_KEY = _COMMANDS.where(_c.c.key == bindparam("of"))
_BY_ID = _COMMANDS.where(_c.c.id == bindparam("of"))
_PENDING = _COMMANDS.where(_c.c.status == CommandStatus.ACCEPTED).order_by(_c.c.id)
_LAST_FINISHED = select(func.max(_c.c.id)).where(
    _c.c.status != CommandStatus.ACCEPTED, _c.c.name.in_(bindparam("names", expanding=True))
)
_FINISH = update(_c).where(
    _c.c.id == bindparam("of"), _c.c.status == bindparam("was", CommandStatus.ACCEPTED)
)


class Commands:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def accept(
        self, idempotency_key: str, name: str, argument: str, who: str, at: datetime
    ) -> tuple[CommandRecord, bool]:
        """Write a command, unless its key is on record: then that one, and False for not new.

        Whether the command on record is the same one is the caller's to compare.
        """
        row = self._connection.execute(_BY_KEY, {"of": idempotency_key}).first()
        if row is not None:
            return CommandRecord(*row), False
        number = next_seq(self._connection, _c.c.id)
        record = CommandRecord(number, idempotency_key, name, argument, who, at)
        self._connection.execute(insert(_c), row_of(record))
        return record, True

    def finish(self, id: int, status: CommandStatus, outcome: str, at: datetime) -> bool:
        """Write what became of it. False if that is on record already: the first word stays.

        Raises StoreError for a command that was never accepted.
        """
        found = self._connection.execute(
            _FINISH, {"of": id, "status": status, "outcome": outcome, "finished_at": at}
        )
        if found.rowcount == 0 and self.get(id) is None:
            raise StoreError(f"command {id} was never accepted")
        return found.rowcount > 0

    def pending(self) -> list[CommandRecord]:
        """Accepted and not finished, oldest first."""
        return [CommandRecord(*row) for row in self._connection.execute(_PENDING)]

    def last_finished(self, names: Sequence[str]) -> int:
        """The highest id of all with one of these names that are finished; 0 for none."""
        return self._connection.scalar(_LAST_FINISHED, {"names": names}) or 0

    def get(self, id: int) -> CommandRecord | None:
        row = self._connection.execute(_BY_ID, {"of": id}).first()
        return None if row is None else CommandRecord(*row)
