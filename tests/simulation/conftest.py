import gc
from collections.abc import Iterator

import pytest

from tests.simulation.world import market


@pytest.fixture(scope="session", autouse=True)
def _rare_collections() -> Iterator[None]:
    """The market and its quotes live as long as the tests: no need to look through them."""
    market()
    gc.collect()
    gc.freeze()
    before = gc.get_threshold()
    gc.set_threshold(50_000, 20, 100)
    yield
    gc.set_threshold(*before)
    gc.unfreeze()
