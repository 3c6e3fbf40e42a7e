"""The witness can tell: the house is broken in one place, and it says so, and what."""

import pytest

from tests.simulation import course
from tests.simulation.promise import BrokenPromise
from tests.simulation.sabotage import SABOTAGES, Sabotage
from tests.simulation.world import World

BUSY = 100
"""A seed with a hundred orders, some of them lost, and an ADL."""


@pytest.mark.filterwarnings("ignore:coroutine '.*' was never awaited")
@pytest.mark.parametrize("sabotage", SABOTAGES, ids=lambda one: one.__name__)
def test_the_witness_notices(sabotage: Sabotage, monkeypatch: pytest.MonkeyPatch) -> None:
    sabotage(monkeypatch)
    with pytest.raises(BrokenPromise, match=SABOTAGES[sabotage]):
        course.run(World(BUSY))


def test_every_turn_write_and_record_is_looked_at() -> None:
    world = World(BUSY)
    course.run(world)
    witness, orders = world.witness, len(world.witness.holdings.sent)
    assert orders > 50
    assert witness.turns > 10_000
    assert witness.records == len(world.vault.records)
    assert witness.holdings.checks > 3 * orders  # intended, filled, known
    assert witness.money.checks > witness.records
