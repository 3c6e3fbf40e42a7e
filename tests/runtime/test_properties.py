"""Whatever happens to them, supervised actors lose nothing and come back.

Each actor journals what it does under the key of the command, as the real ones do: a command that
comes again is answered from the journal. So every command is done exactly once.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from actors.runtime import (
    Actor,
    Backoff,
    DeadLettered,
    FaultPlan,
    Fence,
    Rejected,
    SimulatedRuntime,
    SupervisorSpec,
)

from .worlds import World, seconds

Trouble = Literal["none", "before", "after", "exit", "reject", "poison", "hang", "silent"]


@dataclass(frozen=True, slots=True)
class Command:
    key: int
    trouble: Trouble = "none"


class Journal:
    """Durable: outlives every incarnation, and refuses the fenced."""

    def __init__(self) -> None:
        self.keys: list[int] = []
        self.lock = threading.Lock()
        self.troubled: set[int] = set()
        self.failing_starts = 0
        self.gate = threading.Event()

    def append(self, fence: Fence, key: int) -> None:
        with self.lock:
            fence.check()
            self.keys.append(key)

    def first_time(self, key: int) -> bool:
        with self.lock:
            first = key not in self.troubled
            self.troubled.add(key)
            return first


class Clerk(Actor):
    """Does every command once, and has each trouble once (poison: always)."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal

    def started(self) -> None:
        if self.journal.failing_starts:
            self.journal.failing_starts -= 1
            raise OSError("not yet")
        self.done = set(self.journal.keys)

    def receive(self, command: Command) -> None:
        key, trouble = command.key, command.trouble
        if trouble == "poison":
            raise ValueError("poison")
        if trouble == "reject":
            raise Rejected("no", "never")
        if trouble == "silent":
            return
        first = trouble != "none" and self.journal.first_time(key)
        if first and trouble == "before":
            raise ValueError("before")
        if first and trouble == "exit":
            raise SystemExit
        if first and trouble == "hang":
            self.journal.gate.wait(30)  # wakes up as a zombie, and goes on
        if key not in self.done:
            self.journal.append(self.context.fence, key)
            self.done.add(key)
        if first and trouble == "after":
            raise ValueError("after")
        self.context.reply(key)


live_trouble = st.sampled_from(
    ["none", "none", "none", "before", "after", "exit", "reject", "poison", "hang", "silent"]
)
simulated_trouble = live_trouble.filter(lambda trouble: trouble != "hang")
EACH: tuple[Trouble, ...] = (
    *("none", "hang", "before", "after", "exit"),
    *("reject", "poison", "silent", "hang", "none"),
)
EVERY_TROUBLE = list(enumerate(EACH * 2))
strategies = st.sampled_from(["one_for_one", "rest_for_one", "one_for_all"])


def check(world: World, troubles: list[tuple[int, Trouble]], children: int, strategy: Any) -> None:
    journals = [Journal() for _ in range(children)]
    specs = [
        world.child(f"c{n}", partial(Clerk, journal), hang_after=seconds(0.05))
        for n, journal in enumerate(journals)
    ]
    backoff = Backoff(base=seconds(0.001), cap=seconds(0.004))
    inner = SupervisorSpec("inner", strategy, specs, max_restarts=10_000, backoff=backoff)
    world.start(inner, backoff=backoff)
    for journal in journals[::2]:
        journal.failing_starts = 1
    commands = [
        (child % children, Command(key, trouble)) for key, (child, trouble) in enumerate(troubles)
    ]
    replies = [(c, world.address(f"root/inner/c{n}").ask(c)) for n, c in commands]
    world.until(lambda: all(reply.done() for _, reply in replies))
    for journal in journals:
        journal.gate.set()

    for command, reply in replies:
        if command.trouble == "poison":
            with pytest.raises(DeadLettered):
                reply.get(0)
        elif command.trouble in ("reject", "silent"):
            with pytest.raises(Rejected):
                reply.get(0)
        else:
            assert reply.get(0) == command.key
    names = [f"root/inner/c{n}" for n in range(children)]
    world.until(lambda: all(world.view(name).state == "running" for name in names))
    for n, (name, journal) in enumerate(zip(names, journals, strict=True)):
        assert world.ask(name, Command(-1 - n)) == -1 - n
        done = [
            c.key
            for child, c in commands
            if child == n and c.trouble not in ("poison", "reject", "silent")
        ]
        assert journal.keys == [*done, -1 - n], "each once, in order"
        assert world.view(name).depth == 0
    assert len(world.runtime.dead_letters) == sum(t == "poison" for _, t in troubles)
    assert not world.runtime.failed.is_set()


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 3), simulated_trouble), max_size=25),
    st.integers(1, 4),
    strategies,
    st.integers(0, 1000),
)
def test_every_command_is_done_once_in_a_simulation(
    troubles: list[tuple[int, Trouble]], children: int, strategy: Any, seed: int
) -> None:
    world = World("simulated", seed)
    check(world, troubles, children, strategy)
    world.runtime.stop()


@pytest.mark.parametrize("kind", ["threaded", "pooled"])
@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@example(troubles=EVERY_TROUBLE, children=3, strategy="one_for_one")
@example(troubles=EVERY_TROUBLE, children=3, strategy="rest_for_one")
@example(troubles=EVERY_TROUBLE, children=3, strategy="one_for_all")
@given(
    troubles=st.lists(st.tuples(st.integers(0, 3), live_trouble), max_size=20),
    children=st.integers(1, 4),
    strategy=strategies,
)
def test_every_command_is_done_once_on_threads(
    kind: Any, troubles: list[tuple[int, Trouble]], children: int, strategy: Any
) -> None:
    world = World(kind)
    try:
        check(world, troubles, children, strategy)
    finally:
        world.runtime.stop()


class Client(Actor):
    """Asks its commands by letter, again and again until they are answered. It may crash too."""

    def __init__(self, journal: Journal, count: int) -> None:
        self.journal = journal
        self.count = count

    def started(self) -> None:
        self.open = set(range(self.count)) - set(self.journal.keys)
        self.context.every("retry", seconds(60), "retry")
        self.send()

    def send(self) -> None:
        for key in sorted(self.open):
            to = self.context.address_of(f"root/clerks/c{key % 3}")
            to.tell(Command(key), reply_to=self.context.address)

    def receive(self, message: Any) -> None:
        match message:
            case "retry":
                self.send()
            case int() if message in self.open:
                self.journal.append(self.context.fence, message)
                self.open.discard(message)


def run_with_faults(seed: int, plan: FaultPlan) -> list[Any]:
    world = World("simulated", seed)
    runtime = world.runtime
    assert isinstance(runtime, SimulatedRuntime)
    clerks, client = [Journal() for _ in range(3)], Journal()
    specs = [
        world.child(f"c{n}", partial(Clerk, journal), poison_after=1000)
        for n, journal in enumerate(clerks)
    ]
    world.start(
        SupervisorSpec("clerks", "one_for_one", specs, max_restarts=100_000),
        world.child("client", lambda: Client(client, 30), poison_after=1000),
        strategy="rest_for_one",
        max_restarts=100_000,
    )
    runtime.faults = plan
    runtime.run_for(seconds(3600))
    runtime.faults = None
    runtime.run_for(seconds(3600))
    assert sorted(client.keys) == list(range(30)), "every answer is noted once"
    for number, clerk in enumerate(clerks):
        assert sorted(clerk.keys) == list(range(number, 30, 3)), "every command is done once"
    for view in runtime.observe():
        assert (view.state, view.depth) == ("running", 0), view
    assert not runtime.failed.is_set()
    runtime.stop()
    return [(e.at, e.kind, e.address, e.epoch) for e in world.events]


@settings(max_examples=60)
@given(st.integers(0, 2**32), st.floats(0, 0.1), st.floats(0, 0.1), st.floats(0, 0.05))
def test_nothing_is_lost_or_done_twice_under_random_faults(
    seed: int, crash: float, within: float, hang: float
) -> None:
    plan = FaultPlan(crash, within, crash, hang, hang)
    assert run_with_faults(seed, plan) == run_with_faults(seed, plan)
