"""How a store fares: what kind of database it is, how large, and whether writing works."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select

from .schema import version_table


@dataclass(frozen=True, slots=True)
class StoreHealth:
    kind: str
    """SQLite or PostgreSQL, with its version."""
    where: str
    """Without the password."""
    size_bytes: int
    """Of the whole database, with what was written ahead of it."""
    schema_revision: str
    writes: int
    """Transactions since the store was opened."""
    failures_in_a_row: int
    """Of writes, up to now; 0 = the last one went well."""
    last_failure: str | None


@dataclass(slots=True)
class Writes:
    """Counts how the writing went."""

    done: int = 0
    failed_in_a_row: int = 0
    last_failure: str | None = None

    def went_well(self) -> None:
        self.done += 1
        self.failed_in_a_row = 0

    def failed(self, why: str) -> None:
        self.failed_in_a_row += 1
        self.last_failure = why


def read_health(connection: Connection, where: str, writes: Writes) -> StoreHealth:
    kind, size = _kind_and_size(connection, where)
    return StoreHealth(
        kind=kind,
        where=where,
        size_bytes=size,
        schema_revision=str(connection.scalar(select(version_table.c.version_num))),
        writes=writes.done,
        failures_in_a_row=writes.failed_in_a_row,
        last_failure=writes.last_failure,
    )


def _kind_and_size(connection: Connection, where: str) -> tuple[str, int]:
    def ask(statement: str) -> str:
        return str(connection.exec_driver_sql(statement).scalar())

    if connection.dialect.name == "postgresql":
        size = int(ask("SELECT pg_database_size(current_database())"))
        return f"PostgreSQL {ask('SHOW server_version')}", size
    size = int(ask("PRAGMA page_count")) * int(ask("PRAGMA page_size"))
    ahead = Path(f"{where}-wal")
    if ahead.is_file():
        size += ahead.stat().st_size
    return f"SQLite {ask('SELECT sqlite_version()')}", size
