"""Two processes never trade on one database."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from actors.store import Store, StoreError

SOON = timedelta(milliseconds=100)
CLAIM = """
from actors.store import Store
import sys
store = Store.open(sys.argv[1])
store.claim()
print("claimed", flush=True)
sys.stdin.read()
"""


def test_a_second_one_is_told_and_may_read(lasting_url: str) -> None:
    first, second = Store.open(lasting_url), Store.open(lasting_url, wait=SOON)
    first.claim()
    first.claim()
    with pytest.raises(StoreError, match=r"another perpcarry is running.*End it first"):
        second.claim()
    with second.reading() as tx:
        assert tx.positions.all() == []
    first.close()
    second.claim()
    second.close()


def test_a_killed_process_claims_nothing(lasting_url: str) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", CLAIM, lasting_url],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "claimed\n"
    store = Store.open(lasting_url, wait=SOON)
    with pytest.raises(StoreError, match="another perpcarry is running"):
        store.claim()
    child.kill()
    child.communicate()
    store.close()
    store = Store.open(lasting_url)
    # A server may need a moment to notice that its client is gone; claiming waits for it.
    store.claim()
    store.close()


def test_books_in_memory_are_nobody_elses() -> None:
    for store in (Store.open("sqlite://"), Store.open("sqlite://")):
        store.claim()
        store.close()
