"""What a store says of itself."""

from pathlib import Path

import pytest

from actors.store import Store, StoreError
from actors.store.schema import NEWEST


def test_a_file_says_what_it_is_and_how_large(tmp_path: Path) -> None:
    path = tmp_path / "books.db"
    store = Store.open(f"sqlite:///{path}")
    before = store.health()
    assert before.kind.startswith("SQLite 3.")
    assert (before.where, before.schema_revision) == (str(path), NEWEST)
    with store.transaction() as tx:
        tx.state.set("much", "x" * 1_000_000)
    after = store.health()
    assert after.size_bytes - before.size_bytes > 1_000_000
    assert after.writes == before.writes + 1
    assert (after.failures_in_a_row, after.last_failure) == (0, None)
    store.close()


def test_one_in_memory_too() -> None:
    health = Store.open("sqlite://").health()
    assert health.where == "in memory"
    assert health.size_bytes > 0


def test_failed_writes_are_counted_until_one_goes_well(store: Store) -> None:
    def fail() -> None:
        with pytest.raises(StoreError), store.transaction() as tx:
            tx.connection.exec_driver_sql("INSERT INTO nowhere VALUES (1)")

    fail()
    fail()
    health = store.health()
    assert health.failures_in_a_row == 2
    assert health.last_failure
    with store.transaction() as tx:
        tx.state.set("key", "1")
    assert store.health().failures_in_a_row == 0


def test_what_the_writer_itself_raises_is_no_failure_of_the_store(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.transaction():
        raise ZeroDivisionError
    assert store.health().failures_in_a_row == 0
