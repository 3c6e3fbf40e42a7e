from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.config.house import House
from tests.config.places import Places


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path)


@pytest.fixture
def house() -> Iterator[House]:
    made = House()
    yield made
    made.runtime.stop()
    made.store.close()
