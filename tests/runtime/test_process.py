"""What the process says of itself."""

import threading

from actors.runtime import process_watch
from actors.runtime.cell import RESTARTS_KEPT, Cell
from tests.builders import NOON


def test_a_look_at_this_process() -> None:
    look = process_watch()
    first, second = look(), look()
    assert 0 < first.up_seconds <= second.up_seconds
    assert first.memory_bytes is None or first.memory_bytes > 1_000_000
    assert first.threads == threading.active_count()
    assert first.cpu_share is None, "a share of no time is not known"


def test_only_the_last_restarts_are_kept() -> None:
    cell = Cell.__new__(Cell)
    cell.restarts, cell.restarted_at = 0, ()
    for _ in range(RESTARTS_KEPT + 3):
        cell.restarted(NOON)
    assert (cell.restarts, len(cell.restarted_at)) == (RESTARTS_KEPT + 3, RESTARTS_KEPT)
