"""All or nothing, one writer at a time, and never for one who was replaced."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from actors.store import Store, StoreError
from tests.store.samples import transaction


class Replaced(Exception): ...


class Guarded:
    """A fence that gives way at its n-th check."""

    address = "root/pnl"
    epoch = 3

    def __init__(self, valid_checks: int) -> None:
        self._left = valid_checks

    def check(self) -> None:
        if self._left == 0:
            raise Replaced
        self._left -= 1


def keys(store: Store) -> list[str]:
    with store.reading() as tx:
        return [one.key for one in tx.ledger.transactions()]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, Replaced])
def test_any_exception_undoes_all_of_it(store: Store, error: type[BaseException]) -> None:
    def fail_half_way() -> None:
        with store.transaction() as tx:
            tx.ledger.book([transaction(1)])
            tx.state.set("x", "1")
            raise error

    with pytest.raises(error):
        fail_half_way()
    assert keys(store) == []
    with store.transaction() as tx:
        tx.ledger.book([transaction(2)])
        assert tx.state.get("x") is None
    assert keys(store) == ["fill:paper:2"]


@pytest.mark.parametrize(("valid_checks", "entered"), [(0, False), (1, True)])
def test_one_who_was_replaced_writes_nothing(
    store: Store, valid_checks: int, entered: bool
) -> None:
    booked = []
    with pytest.raises(Replaced), store.transaction(Guarded(valid_checks)) as tx:
        booked.append(tx.ledger.book([transaction(1)]))
    assert bool(booked) is entered
    assert keys(store) == []


def test_the_present_one_writes(store: Store) -> None:
    with store.transaction(Guarded(2)) as tx:
        tx.ledger.book([transaction(1)])
    assert keys(store) == ["fill:paper:1"]


def test_a_transaction_within_a_transaction_is_a_mistake_not_a_deadlock(store: Store) -> None:
    with store.transaction() as tx:
        tx.ledger.book([transaction(1)])
        with pytest.raises(RuntimeError, match="within"), store.transaction():
            pass
    assert keys(store) == ["fill:paper:1"]


def test_writers_take_turns(store: Store) -> None:
    """Every sequence is without gaps and in order, whoever writes."""

    def write(part: int) -> None:
        for number in range(20):
            with store.transaction() as tx:
                tx.ledger.book([transaction(100 * part + number)])
                tx.events.append([])
                tx.state.set("count", str(int(tx.state.get("count") or 0) + 1))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    assert sorted(keys(store)) == sorted(
        f"fill:paper:{100 * p + n}" for p in range(4) for n in range(20)
    )
    with store.transaction() as tx:
        assert tx.state.get("count") == "80"


def test_a_writer_that_does_not_come_to_an_end_is_reported(url: str) -> None:
    store = Store.open(url, wait=timedelta(milliseconds=50))
    problem: list[StoreError] = []

    def second() -> None:
        try:
            with store.transaction():
                pass
        except StoreError as error:
            problem.append(error)

    with store.transaction():
        thread = threading.Thread(target=second)
        thread.start()
        thread.join()
    assert "another thread" in str(problem[0])
    store.close()


def test_reading_sees_one_instant_and_holds_nobody_up(lasting_url: str) -> None:
    store = Store.open(lasting_url)
    with store.transaction() as tx:
        tx.ledger.book([transaction(1)])
    with store.reading() as early:
        assert len(list(early.ledger.transactions())) == 1
        with store.transaction() as tx:
            tx.ledger.book([transaction(2)])
        assert len(list(early.ledger.transactions())) == 1
    assert len(keys(store)) == 2
    store.close()


def test_reading_does_not_write(lasting_url: str) -> None:
    store = Store.open(lasting_url)
    if lasting_url.startswith("postgresql"):
        with pytest.raises(StoreError, match="read-only"), store.reading() as tx:
            tx.state.set("x", "1")
    store.close()


def test_a_long_read_is_lazy(store: Store) -> None:
    with store.transaction() as tx:
        tx.ledger.book([transaction(number) for number in range(50)])
        first: Iterator[object] = tx.ledger.transactions()
        assert next(first) == transaction(0)


def test_what_was_written_is_there_when_it_is_opened_again(lasting_url: str) -> None:
    store = Store.open(lasting_url)
    with store.transaction() as tx:
        tx.ledger.book([transaction(1)])
    store.close()
    again = Store.open(lasting_url)
    assert keys(again) == ["fill:paper:1"]
    assert again.installation_id == store.installation_id
    again.close()


def test_a_closed_store_says_so(store: Store) -> None:
    store.close()
    with pytest.raises(StoreError, match="closed"), store.transaction():
        pass
