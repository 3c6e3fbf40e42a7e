"""The course of one world: thirty days of trouble, hours of calm, a stop, a witness throughout."""

from datetime import datetime, timedelta

from tests.simulation import rules
from tests.simulation.people import TO_HOLD_NOTHING
from tests.simulation.world import COMMANDS, DAYS, PROCESS_LOSSES, RootGaveUp, World

HOP = timedelta(hours=6)
"""Between two moments at which people may act."""
MOST_TURNS_UNTIL_LOSS = 400
"""From the beginning of a cycle; the process is lost between two of its turns."""


def run(world: World) -> None:
    """Raises BrokenPromise, or whatever the house could not deal with."""
    world.command("start")
    losses = _moments(world, PROCESS_LOSSES)
    commands = _moments(world, 8)
    while world.clock.now() < world.calm_from:
        until = min(world.clock.now() + HOP, world.calm_from)
        _advance(world, until)
        world.tend()
        if losses and losses[0] <= world.clock.now():
            losses.pop(0)
            _lose_in_the_middle(world)
        if commands and commands[0] <= world.clock.now():
            commands.pop(0)
            world.command(world.random.choice(COMMANDS))
    _calm_down(world)


def _advance(world: World, until: datetime) -> None:
    while world.clock.now() < until:
        try:
            world.runtime.run_until(until)
        except RootGaveUp:
            world.lose_process()


def _lose_in_the_middle(world: World) -> None:
    """Let a cycle begin, do some of its turns, and lose the process between two."""
    hour = world.clock.now().replace(minute=0, second=0, microsecond=0)
    _advance(world, hour + timedelta(hours=1, seconds=29))
    for _ in range(world.random.randrange(MOST_TURNS_UNTIL_LOSS)):
        if world.clock.now() > hour + timedelta(hours=1, minutes=10):
            break  # all is quiet: more turns would only let days go by
        try:
            world.runtime.step()
        except RootGaveUp:
            break
    world.lose_process()


def _calm_down(world: World) -> None:
    world.runtime.faults = None
    _advance(world, world.calm_from + timedelta(hours=7))
    if world.witness.people.state not in TO_HOLD_NOTHING:
        world.command("stop")
    _advance(world, world.end)
    rules.at_rest(world)
    rules.flat(world)


def _moments(world: World, count: int) -> list[datetime]:
    span = timedelta(days=DAYS - 1)
    moments = (world.start + span * world.random.random() for _ in range(count))
    return sorted(moments)
