from collections.abc import Iterator

import pytest

from .site import Site


@pytest.fixture(scope="module")
def shared_site() -> Iterator[Site]:
    made = Site()
    yield made
    made.stop()


@pytest.fixture
def site(shared_site: Site) -> Site:
    """The module's site, without what earlier tests left in it."""
    house = shared_site.house
    house.trouble = lambda actor, message: False
    house.commands.clear()
    house.forget_letters()
    return shared_site


@pytest.fixture
def own_site() -> Iterator[Site]:
    """For tests that break it; it gives an actor half a second to answer."""
    made = Site(answer_seconds=0.5)
    yield made
    made.stop()
