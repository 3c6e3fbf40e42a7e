"""A database is made, recognised, moved up; what is not ours stays as it was."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text

from actors.store import Store, StoreError
from actors.store.schema import MIGRATIONS, NEWEST, VERSION_TABLE
from actors.store.tables import metadata
from tests.store.samples import transaction


def run(url: str, *statements: str) -> None:
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def shape(url: str) -> dict[str, object]:
    """All that the database itself knows of its tables."""
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    inspector = inspect(engine)
    tables: dict[str, object] = {}
    for name in sorted(inspector.get_table_names()):
        columns = [
            {**column, "type": str(column["type"]), "comment": None}
            for column in inspector.get_columns(name)
        ]
        tables[name] = (
            columns,
            inspector.get_pk_constraint(name),
            *(
                sorted(found, key=lambda one: str(one["name"]))
                for found in (
                    inspector.get_foreign_keys(name),
                    inspector.get_indexes(name),
                    inspector.get_unique_constraints(name),
                )
            ),
        )
    engine.dispose()
    return tables


def test_the_newest_revision_is_the_last_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_heads() == [NEWEST]


def test_migrating_makes_what_creating_makes(lasting_url: str) -> None:
    Store.open(lasting_url).close()
    made_at_once = shape(lasting_url)
    # Back to before the first revision, and up again step by step.
    run(
        lasting_url,
        *(f"DROP TABLE {table.name}" for table in reversed(metadata.sorted_tables)),
        f"DELETE FROM {VERSION_TABLE}",
    )
    store = Store.open(lasting_url)
    assert shape(lasting_url) == made_at_once
    with store.transaction() as tx:
        context = MigrationContext.configure(
            tx.connection, opts={"version_table": VERSION_TABLE, "compare_type": True}
        )
        assert compare_metadata(context, metadata) == []
        tx.ledger.book([transaction(1)])
    store.close()


def test_a_migration_that_fails_leaves_the_database_as_it_was(lasting_url: str) -> None:
    Store.open(lasting_url).close()
    # The migration makes all tables before it finds this one in its way.
    run(
        lasting_url,
        *(f"DROP TABLE {t.name}" for t in reversed(metadata.sorted_tables) if t.name != "state"),
        f"DELETE FROM {VERSION_TABLE}",
    )
    before = shape(lasting_url)
    with pytest.raises(StoreError):
        Store.open(lasting_url)
    assert shape(lasting_url) == before


def test_a_newer_database_is_left_alone(lasting_url: str) -> None:
    Store.open(lasting_url).close()
    run(lasting_url, f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
    before = shape(lasting_url)
    with pytest.raises(StoreError, match=r"newer perpcarry.*9999.*Update perpcarry"):
        Store.open(lasting_url)
    assert shape(lasting_url) == before


def test_a_database_of_something_else_is_left_alone(lasting_url: str) -> None:
    run(lasting_url, "CREATE TABLE recipes (name TEXT)")
    before = shape(lasting_url)
    with pytest.raises(StoreError, match="something else: it holds recipes"):
        Store.open(lasting_url)
    assert shape(lasting_url) == before


def test_an_installation_keeps_its_id(lasting_url: str) -> None:
    first = Store.open(lasting_url)
    assert len(first.installation_id) == 4
    assert first.installation_id.isalnum()
    assert first.installation_id.islower() or first.installation_id.isdigit()
    first.close()
    Store.open(lasting_url, installation_id=first.installation_id).close()
    with pytest.raises(StoreError, match="of installation"):
        Store.open(lasting_url, installation_id="mine")


def test_two_installations_differ() -> None:
    assert len({Store.open("sqlite://").installation_id for _ in range(20)}) > 15


def test_many_may_open_a_new_database_at_once(lasting_url: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        stores = list(pool.map(lambda _: Store.open(lasting_url), range(8)))
    assert len({store.installation_id for store in stores}) == 1
    for number, store in enumerate(stores):
        with store.transaction() as tx:
            tx.ledger.book([transaction(number)])
    with stores[0].reading() as tx:
        assert len(list(tx.ledger.transactions())) == 8
    for store in stores:
        store.close()


def test_a_new_file_is_its_owners_alone(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "down" / "books.db"
    store = Store.open(f"sqlite:///{file}")
    with store.transaction() as tx:
        tx.state.set("x", "1")
        assert {path.stat().st_mode & 0o777 for path in file.parent.iterdir()} == {0o600}
    store.close()
    assert [path.name for path in file.parent.iterdir()] == ["books.db"]


def test_an_empty_file_is_a_new_database(tmp_path: Path) -> None:
    (tmp_path / "books.db").touch()
    Store.open(f"sqlite:///{tmp_path}/books.db").close()


@pytest.mark.parametrize(("url", "milliseconds"), [("sqlite://", 20), ("sqlite:///{}/b.db", 50)])
def test_opening_is_quick(url: str, milliseconds: int, tmp_path: Path) -> None:
    url = url.format(tmp_path)
    Store.open(url).close()
    took = []
    for _ in range(5):
        start = time.thread_time()  # others may be using the machine too
        store = Store.open(url)
        took.append(time.thread_time() - start)
        store.close()
    assert min(took) * 1000 < milliseconds
