"""Random days: opens and closes while actors crash and hang, the process dies, the venue lies."""

from datetime import timedelta
from random import Random

import pytest

from actors.domain.orders import Side
from actors.domain.positions import PositionState
from actors.runtime import FaultPlan

from .house import House
from .world import PERP

WORDS = (
    *("fill",) * 8,
    *("part 0.3", "part 0.97", "part 0"),
    *("refuse other", "refuse insufficient_funds", "refuse below_minimum"),
    *("lost", "never", "late", "blind"),
)
STRUCK = ("root/execution", "root/gateway")


def live(seed: int) -> House:
    """Half an hour of wishes and faults, then quiet."""
    random = Random(seed)
    chance = random.choice([0.0, 0.01, 0.05])
    house = House(
        seed=seed,
        script=[random.choice(WORDS) for _ in range(random.randint(0, 25))],
        faults=FaultPlan(
            crash_before=chance,
            crash_within=chance,
            crash_after=chance,
            hang_before=chance / 4,
            hang_after=chance / 4,
            where=STRUCK.__contains__,
        ),
    )
    for number in range(random.randint(3, 10)):
        house.run(random.choice([0.05, 0.1, 0.5, 5, 60, 200]))
        match random.choice(["open", "open", "close", "close", "lose", "crash", "down", "adl"]):
            case "open":
                house.tell(house.wish(str(random.randint(1, 100) / 10)))
            case "close":
                house.close(urgent=random.random() < 0.3, then=0)
            case "lose":
                house.lose_process()
            case "crash":
                house.runtime.crash(random.choice(STRUCK))
            case "down":
                house.venue.down = not house.venue.down
            case "adl" if house.venue.perp < 0:
                quantity = min(-house.venue.perp, PERP.lot_step * random.randint(1, 60))
                named = random.random() < 0.5
                now = house.clock.now()
                house.venue.execute(PERP, Side.BUY, quantity, f"adl-{number}", now, named=named)
    house.venue.down = False
    house.venue.script.clear()
    house.faults = None
    house.lose_process()
    house.run(timedelta(minutes=40).total_seconds())
    return house


@pytest.mark.parametrize("seed", range(60))
def test_a_random_day_ends_in_order(seed: int) -> None:
    house = live(seed)
    house.check()
    at_rest = house.status().state
    assert at_rest in (PositionState.FLAT, PositionState.OPEN)
    house.close(urgent=True, then=600)
    house.check()
    assert house.status().state is PositionState.FLAT
    assert house.venue.perp == 0


def test_the_same_seed_ends_the_same() -> None:
    def story(house: House) -> list[object]:
        return [house.positions, house.events, dict(house.venue.sent)]

    assert story(live(7)) == story(live(7))
