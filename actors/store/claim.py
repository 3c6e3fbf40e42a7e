"""One trading process to a database: two would act on the same positions."""

import fcntl
import os
from collections.abc import Callable
from contextlib import suppress

from sqlalchemy.exc import SQLAlchemyError

from .engine import Database
from .errors import Locked, StoreError, explain

# Any number of our own, other than that of the writers' lock.
_TRADER = 7_370_278


def claim(database: Database) -> Callable[[], None]:
    """Take the database for this process; the answer gives it back.

    The operating system or the server gives it back when the process dies, however it dies.
    Raises StoreError while another process has it.
    """
    if database.engine.dialect.name == "postgresql":
        return _claim_on_server(database)
    if database.one_connection:
        return lambda: None
    return _claim_beside_file(database.where)


def _claim_beside_file(path: str) -> Callable[[], None]:
    beside = f"{path}.lock"
    try:
        handle = os.open(beside, os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        raise StoreError(f"the lock file cannot be made: {error.strerror}", beside) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        raise _taken(path) from error
    return lambda: os.close(handle)


def _claim_on_server(database: Database) -> Callable[[], None]:
    try:
        connection = database.engine.connect()
        # Of no use to anybody else: were it put back into the pool, the claim would live on.
        connection.detach()
        # Waits as for any lock: the server may need a moment to notice that a client has died.
        connection.exec_driver_sql(f"SELECT pg_advisory_lock({_TRADER})")
        connection.commit()
    except SQLAlchemyError as error:
        problem = explain(error, database.where)
        if isinstance(problem, Locked):
            problem = _taken(database.where)
        raise problem from error

    def give_back() -> None:
        with suppress(SQLAlchemyError), connection:
            connection.exec_driver_sql(f"SELECT pg_advisory_unlock({_TRADER})")

    return give_back


def _taken(where: str) -> StoreError:
    return StoreError(
        "another perpcarry is running on this database",
        where,
        "End it first, or name another database in store.url",
    )
