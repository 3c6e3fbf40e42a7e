from collections.abc import Iterator
from typing import cast

import pytest

from .worlds import Kind, World


@pytest.fixture(params=["threaded", "pooled", "simulated"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    made = World(cast(Kind, request.param))
    yield made
    made.runtime.stop()


@pytest.fixture
def simulated() -> Iterator[World]:
    made = World("simulated")
    yield made
    made.runtime.stop()
