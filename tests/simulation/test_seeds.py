"""Hundreds of seeded worlds; a failing seed is a bug report that repeats."""

import pytest

from tests.simulation import course, rules
from tests.simulation.world import World

SEEDS = 500
SOAK_SEEDS = 10_000


def live_through(seed: int) -> World:
    print(f"seed {seed}")
    world = World(seed)
    course.run(world)
    return world


@pytest.mark.parametrize("seed", range(SEEDS))
def test_nothing_is_lost_whatever_breaks(seed: int) -> None:
    live_through(seed)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(SEEDS, SEEDS + SOAK_SEEDS))
def test_nothing_is_lost_in_many_more_worlds(seed: int) -> None:
    live_through(seed)


def test_the_same_seed_writes_the_same_ledger_byte_for_byte() -> None:
    first, second = live_through(31), live_through(31)
    assert first.witness.holdings.sent
    assert rules.ledger_text(first) == rules.ledger_text(second)
    assert rules.ledger_text(first) != rules.ledger_text(live_through(34))
