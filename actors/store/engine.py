"""Connections to the two databases, set up so that what is acknowledged stays."""

import os
import sqlite3
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, StaticPool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from .errors import StoreError

# Any number of our own: writers of one PostgreSQL database queue up at this lock.
_WRITERS = 7_370_277


@dataclass(frozen=True, slots=True)
class Database:
    engine: Engine
    where: str
    """For messages; without the password."""
    begin_write: str
    """What starts a transaction as the only writer."""
    begin_read: str
    """What starts a transaction that sees one instant."""
    one_connection: bool
    """True where all share a single connection and have to take turns."""


def connect(url: str, wait: timedelta, survive_power_loss: bool) -> Database:
    """Prepare connections; nothing is opened before the first use.

    Raises StoreError for a URL that is not understood or a folder that cannot be made.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise StoreError(
            f"store.url is not understood: {error}",
            advice="Write sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME",
        ) from error
    backend = parsed.drivername.partition("+")[0]
    if backend == "sqlite":
        if parsed.database in (None, "", ":memory:"):
            return _sqlite_memory(parsed)
        return _sqlite_file(parsed, wait, survive_power_loss)
    if backend in ("postgresql", "postgres"):
        return _postgresql(parsed, wait)
    raise StoreError(
        f"perpcarry keeps its books in SQLite or PostgreSQL, not in {backend}",
        advice="Write sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME in store.url",
    )


def _sqlite_memory(url: URL) -> Database:
    engine = create_engine(
        url.set(drivername="sqlite"),
        poolclass=StaticPool,
        connect_args={"check_same_thread": False, "isolation_level": None},
    )
    _at_connect(engine, "PRAGMA foreign_keys=ON", "PRAGMA synchronous=NORMAL")
    return Database(engine, "in memory", "BEGIN IMMEDIATE", "BEGIN", one_connection=True)


def _sqlite_file(url: URL, wait: timedelta, survive_power_loss: bool) -> Database:
    path = Path(url.database or "").expanduser()
    if not str(path).startswith("file:"):
        _make_file(path)
    engine = create_engine(
        url.set(drivername="sqlite", database=str(path)),
        # Transactions begin where this store says so, not where the driver guesses.
        connect_args={
            "check_same_thread": False,
            "isolation_level": None,
            "timeout": wait.total_seconds(),
        },
    )
    _at_connect(
        engine,
        "PRAGMA foreign_keys=ON",
        f"PRAGMA synchronous={'FULL' if survive_power_loss else 'NORMAL'}",
    )
    return Database(engine, str(path), "BEGIN IMMEDIATE", "BEGIN", one_connection=False)


def _postgresql(url: URL, wait: timedelta) -> Database:
    where = url.render_as_string(hide_password=True)
    try:
        engine = create_engine(
            url.set(drivername="postgresql+psycopg"),
            # A server that was restarted meanwhile costs one look, not a crash.
            pool_pre_ping=True,
            connect_args={
                "connect_timeout": max(2, round(wait.total_seconds())),
                "tcp_user_timeout": 30_000,
                "application_name": "perpcarry",
            },
        )
    except ModuleNotFoundError as error:
        raise StoreError(
            "the PostgreSQL driver is not installed",
            where,
            "Install it with: pip install 'perpcarry[postgres]'",
        ) from error
    _at_connect(engine, f"SET lock_timeout = {round(wait.total_seconds() * 1000)}")
    return Database(
        engine,
        where,
        f"SELECT pg_advisory_xact_lock({_WRITERS})",
        "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",
        one_connection=False,
    )


def _make_file(path: Path) -> None:
    """A new database is its owner's alone to read: it holds what a person owns."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        if path.is_dir():
            raise StoreError(
                "a folder stands where the database should be",
                str(path),
                "Name a file in store.url",
            ) from None
        if not path.parent.is_dir():
            raise StoreError(
                "a file stands where a folder should be",
                str(path.parent),
                "Name another place in store.url",
            ) from None
    except OSError as error:
        raise StoreError(
            f"the database file cannot be made: {error.strerror}",
            str(path),
            "Make the folder writable for this user, or name another place in store.url",
        ) from error


def use_wal(engine: Engine) -> None:
    """Let readers and the writer of a SQLite file go on side by side; the file remembers it."""
    with engine.connect() as connection:
        if connection.exec_driver_sql("PRAGMA journal_mode").scalar() != "wal":
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")


def _at_connect(engine: Engine, *statements: str) -> None:
    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: object) -> None:
        cursor = connection.cursor()
        for statement in statements:
            cursor.execute(statement)
        cursor.close()
        if not isinstance(connection, sqlite3.Connection):
            connection.commit()
