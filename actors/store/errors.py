"""What goes wrong with a database, said so that a person can do something about it."""

import sqlite3

from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError, StatementError


class StoreError(Exception):
    """The store could not do what was asked; what was not acknowledged has not happened.

    ``str()`` is one plain text: what is wrong, where, and what to do.
    """

    def __init__(self, what: str, where: str = "", advice: str = "") -> None:
        super().__init__(f"{what}{f' ({where})' if where else ''}{f'. {advice}' if advice else ''}")
        self.what = what
        self.where = where
        self.advice = advice


class Locked(StoreError):
    """Another program holds what is needed; it may work later."""


CORRUPT = (
    "the database is damaged",
    "Nothing was changed. Keep a copy of the file and of the -wal file beside it, then put back a"
    " backup, or rescue what can be read with: sqlite3 FILE .recover",
)
READ_ONLY = (
    "the database cannot be written",
    "Make the file and its folder writable for this user, or name another place in store.url",
)
FULL = (
    "the disk is full",
    "Nothing acknowledged is lost. Free some space and start again",
)
LOCKED = (
    "the database is locked by another program",
    "See whether perpcarry runs twice or another tool has the database open, and end it",
)

# By SQLite's primary result code.
SQLITE_FAULTS = {
    sqlite3.SQLITE_BUSY: LOCKED,
    sqlite3.SQLITE_LOCKED: LOCKED,
    sqlite3.SQLITE_CORRUPT: CORRUPT,
    sqlite3.SQLITE_NOTADB: (
        "the file is not a SQLite database",
        "Nothing was changed. Name another file in store.url, or move this one away",
    ),
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_PERM: READ_ONLY,
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_CANTOPEN: (
        "the database file cannot be opened",
        "See that the folder exists, that this user may write to it, and that the path is a file",
    ),
    sqlite3.SQLITE_IOERR: (
        "the disk does not read or write as it should",
        "Nothing acknowledged is lost. Look at the disk's health and free space",
    ),
}

# By PostgreSQL's SQLSTATE, or by its first two characters, the class.
POSTGRES_FAULTS = {
    "28": ("the database refuses this user or password", "See the user and password in store.url"),
    "3D": ("there is no such database on the server", "Make it with: createdb NAME"),
    "3F": ("there is no such schema in the database", "See search_path in store.url"),
    "42501": ("this user may not do that in the database", "Grant it, or name another user"),
    "25006": ("the database is read-only", "Name the primary server in store.url, not a replica"),
    "53100": FULL,
    "53300": (
        "the server has no connection left",
        "End some other clients or raise max_connections",
    ),
    "55P03": LOCKED,
    "57": ("the server is shutting down or starting", "Try again when it is up"),
    "XX": ("the database is damaged", "Nothing was changed. Restore a backup of the server"),
}
UNREACHABLE = (
    "the database server does not answer",
    "See that it runs and that host, port and name in store.url are right",
)


def explain(error: SQLAlchemyError, where: str) -> Exception:
    """The error as a person should read it: a StoreError, or what a caller did wrong as it is."""
    if isinstance(error, StatementError) and not isinstance(error, DBAPIError):
        # A value that fits no column: the caller's mistake, wrapped on its way.
        return error.orig if isinstance(error.orig, Exception) else error
    if not isinstance(error, DBAPIError):
        return StoreError(f"the database failed: {error}", where)
    original = error.orig
    if isinstance(error, IntegrityError):
        return StoreError(f"this contradicts what is on record: {original}", where)
    fault = None
    if isinstance(original, sqlite3.Error):
        code = getattr(original, "sqlite_errorcode", None)
        fault = None if code is None else SQLITE_FAULTS.get(code & 0xFF)
    else:
        state = getattr(original, "sqlstate", None)
        if state is not None:
            fault = POSTGRES_FAULTS.get(state) or POSTGRES_FAULTS.get(state[:2])
        elif error.connection_invalidated or type(original).__name__ == "OperationalError":
            fault = UNREACHABLE
    detail = " ".join(str(original).split())
    if fault is None:
        return StoreError(f"the database failed: {detail}", where)
    what, advice = fault
    kind = Locked if fault is LOCKED else StoreError
    return kind(f"{what}: {detail}", where, advice)
