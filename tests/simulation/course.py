"""The course of one world: thirty days of trouble, hours of calm, a stop, rules throughout."""

from datetime import datetime, timedelta

from tests.simulation import rules
from tests.simulation.world import COMMANDS, DAYS, PROCESS_LOSSES, World

HOP = timedelta(hours=6)
"""Between two looks at the rules while nothing special happens."""
CLOSE_LOOK_STEPS = 12
"""Turns after which the rules are looked at one by one, around a loss of the process."""


def run(world: World) -> None:
    """Raises BrokenPromise, or whatever the house could not deal with."""
    world.command("start")
    losses = _moments(world, PROCESS_LOSSES)
    commands = _moments(world, 8)
    while world.clock.now() < world.calm_from:
        until = min(world.clock.now() + HOP, world.calm_from)
        _advance(world, until)
        rules.always(world)
        world.tend()
        if losses and losses[0] <= world.clock.now():
            losses.pop(0)
            _lose_in_the_middle(world)
        if commands and commands[0] <= world.clock.now():
            commands.pop(0)
            world.command(world.random.choice(COMMANDS))
    _calm_down(world)


def _advance(world: World, until: datetime) -> None:
    world.runtime.run_until(until)
    if world.runtime.failed.is_set():  # the root gave up: the process ends, and is started again
        world.lose_process()


def _lose_in_the_middle(world: World) -> None:
    """Let a cycle begin, look closely at some of its turns, and lose the process between two."""
    runtime = world.runtime
    hour = world.clock.now().replace(minute=0, second=0, microsecond=0)
    _advance(world, hour + timedelta(hours=1, seconds=29))
    unseen = world.random.randrange(400)
    for turn in range(unseen + world.random.randrange(CLOSE_LOOK_STEPS)):
        if world.clock.now() > hour + timedelta(hours=1, minutes=10):
            break  # all is quiet: more turns would only let days go by
        runtime.step()
        if turn >= unseen:
            rules.always(world)
    world.lose_process()
    rules.always(world)


def _calm_down(world: World) -> None:
    world.runtime.faults = None
    _advance(world, world.calm_from + timedelta(hours=7))
    rules.always(world)
    state = world.bot_state()
    if state is not None and state.value not in ("halted", "stopped", "stopping"):
        world.command("stop")
    _advance(world, world.end)
    rules.at_rest(world)
    rules.flat(world)


def _moments(world: World, count: int) -> list[datetime]:
    span = timedelta(days=DAYS - 1)
    moments = (world.start + span * world.random.random() for _ in range(count))
    return sorted(moments)
