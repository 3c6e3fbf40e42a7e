from collections.abc import Iterator

import pytest

from tests.web.site import Site

from .visitor import ACCESS


@pytest.fixture(scope="module")
def shared_locked() -> Iterator[Site]:
    made = Site(access=ACCESS)
    yield made
    made.stop()


@pytest.fixture
def locked(shared_locked: Site) -> Site:
    """The module's site with passwords; for tests that log in rightly, or not at all."""
    shared_locked.house.commands.clear()
    shared_locked.house.forget_letters()
    return shared_locked


@pytest.fixture
def own_locked() -> Iterator[Site]:
    """For tests that guess passwords, which the site remembers."""
    made = Site(access=ACCESS)
    yield made
    made.stop()
