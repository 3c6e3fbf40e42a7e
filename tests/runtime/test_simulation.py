"""The simulated runtime: the same for the same seed, and all that only it can do."""

import os
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from actors.runtime import (
    Actor,
    ChildSpec,
    FaultPlan,
    Rejected,
    SimulatedClock,
    SimulatedRuntime,
    Stuck,
    SupervisorSpec,
    Undeliverable,
)

from .worlds import START, Probe, World, seconds

FAULTS = FaultPlan(crash_before=0.02, crash_within=0.02, crash_after=0.02, hang_before=0.01)


class Gossip(Actor):
    """Passes every message on to two others until it is worn out, now and then by way of I/O."""

    def __init__(self, log: list[Any], number: int) -> None:
        self.log = log
        self.number = number

    def started(self) -> None:
        self.context.every("beat", seconds(7), ("beat", 3))

    def receive(self, message: Any) -> None:
        word, strength = message
        context = self.context
        self.log.append((context.now(), context.address.name, context.epoch, word, strength))
        if strength == 0:
            return
        for step in (1, 3):
            name = f"root/g{(self.number * 3 + step + strength) % 5}"
            context.address_of(name).tell((word, strength - 1))
        if strength == 2:

            async def later() -> str:
                await self.clock.sleep(seconds(self.number + 1))
                return f"{word} later"

            context.submit(later(), lambda outcome: (outcome, 0))

    clock: SimulatedClock


def gossip(seed: int, faults: FaultPlan | None = None, ordering: Any = "seeded") -> list[Any]:
    log: list[Any] = []
    runtime = SimulatedRuntime(START, seed, ordering=ordering)

    def made(number: int) -> Actor:
        actor = Gossip(log, number)
        actor.clock = runtime.clock
        return actor

    children = [ChildSpec(f"g{n}", lambda n=n: made(n)) for n in range(5)]  # type: ignore[misc]
    runtime.start(SupervisorSpec("root", children=children, max_restarts=10_000))
    runtime.faults = faults
    runtime.address("root/g0").tell(("hello", 4))
    runtime.run_for(timedelta(minutes=5))
    log.append(runtime.now)
    runtime.faults = None
    runtime.stop()
    return log


@pytest.mark.parametrize("faults", [None, FAULTS])
def test_the_same_seed_gives_the_same_run(faults: FaultPlan | None) -> None:
    first = gossip(7, faults)
    assert len(first) > 100
    assert gossip(7, faults) == first
    assert gossip(8, faults) != first


def test_the_run_does_not_depend_on_hash_order() -> None:
    code = (
        "from tests.runtime.test_simulation import *; import hashlib;"
        "print(hashlib.sha256(repr(gossip(7, FAULTS)).encode()).hexdigest())"
    )
    digests = set()
    for hash_seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(Path.cwd())}
        run = subprocess.run(
            [sys.executable, "-c", code],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stderr
        digests.add(run.stdout)
    assert len(digests) == 1


def test_fifo_is_the_same_for_every_seed() -> None:
    assert gossip(1, ordering="fifo") == gossip(2, ordering="fifo")
    assert gossip(1, ordering="fifo") != gossip(1)


def test_letters_from_one_to_another_keep_their_order(simulated: World) -> None:
    simulated.start(*(simulated.child(n, lambda: Probe(simulated)) for n in "abc"))
    for number in range(20):
        for name in "abc":
            simulated.address(f"root/{name}").tell(number)
    simulated.runtime.run_until_idle()  # type: ignore[union-attr]
    for name in "abc":
        assert [e[0] for e in simulated.log if e[1] == name] == ["started", *range(20)]
    assert simulated.log[3:6] != [(0, "a", 1), (0, "b", 1), (0, "c", 1)]


def test_time_moves_only_when_it_is_told(simulated: World) -> None:
    runtime = simulated.runtime
    assert isinstance(runtime, SimulatedRuntime)
    simulated.start(simulated.child("a", lambda: Probe(simulated)))
    runtime.address("root/a").tell(lambda p: p.context.after("x", seconds(10), "ten"))
    runtime.run_until_idle()
    assert runtime.now == START
    runtime.run_until(START + seconds(9))
    assert runtime.now == START + seconds(9)
    assert ("ten", "a", 1) not in simulated.log
    runtime.run_for(seconds(1))
    assert ("ten", "a", 1) in simulated.log
    runtime.run_for(timedelta(days=365))
    assert runtime.now == START + seconds(10) + timedelta(days=365)
    assert runtime.step() is False


def test_somebody_may_look_on_after_every_turn(simulated: World) -> None:
    runtime = simulated.runtime
    assert isinstance(runtime, SimulatedRuntime)
    simulated.start(*(simulated.child(n, lambda: Probe(simulated)) for n in "ab"))
    heard: list[int] = []
    runtime.after_turn = lambda: heard.append(len(simulated.log))
    began = len(simulated.log)
    for name in "ab":
        runtime.address(f"root/{name}").tell("one")
        runtime.address(f"root/{name}").tell(lambda p: p.context.after("x", seconds(1), "two"))
    runtime.run_for(seconds(2))
    steps = [later - earlier for earlier, later in zip([began, *heard], heard, strict=False)]
    assert sum(steps) == len(simulated.log) - began
    assert max(steps) == 1  # never more than one letter between two looks
    assert steps.count(0) >= 2  # the timers, which only tell a letter
    looks = len(heard)
    runtime.address("root/a").tell("three")
    assert runtime.step() is True
    assert len(heard) == looks + 1


def test_what_a_looker_on_raises_ends_the_drive(simulated: World) -> None:
    runtime = simulated.runtime
    assert isinstance(runtime, SimulatedRuntime)
    simulated.start(simulated.child("a", lambda: Probe(simulated)))

    def object_() -> None:
        raise LookupError("enough")

    runtime.after_turn = object_
    for word in ("one", "two"):
        runtime.address("root/a").tell(word)
    with pytest.raises(LookupError, match="enough"):
        runtime.run_until_idle()
    assert ("two", "a", 1) not in simulated.log
    runtime.after_turn = None
    runtime.run_until_idle()
    assert ("two", "a", 1) in simulated.log


def test_a_lost_process_is_silent_and_a_new_one_goes_on_in_time() -> None:
    first = World("simulated")
    runtime = first.runtime
    assert isinstance(runtime, SimulatedRuntime)
    first.start(first.child("a", lambda: Probe(first)))
    fences: list[Any] = []
    finished: list[str] = []

    async def request() -> None:
        await runtime.clock.sleep(seconds(5))
        finished.append("the request arrived")

    def start(probe: Probe) -> None:
        fences.append(probe.context.fence)
        probe.context.submit(request(), lambda outcome: outcome)
        probe.context.after("x", seconds(7), "timer")
        probe.kept.append(probe.context.keep_reply())

    asked = runtime.address("root/a").ask(start)
    runtime.run_for(seconds(3))
    runtime.address("root/a").tell("never read")
    events = len(first.events)
    runtime.lose_process()
    assert not fences[0].is_valid()
    assert ("stopped", "a", 1) not in first.log
    assert len(first.events) == events
    assert runtime.dead_letters.list() == ()
    with pytest.raises(Rejected, match="lost"):
        asked.get(0)
    with pytest.raises(Undeliverable):
        runtime.address("root/a").ask("x").get(0)
    runtime.run_for(seconds(60))
    assert finished == []
    assert first.log == [("started", "a", 1)]

    second = SimulatedRuntime(runtime.clock, seed=2)
    assert second.now == START + seconds(63)
    second.start(SupervisorSpec("root", children=[ChildSpec("a", lambda: Probe(first))]))
    assert second.ask("root/a", "hello", seconds(1)) == "hello"
    second.stop()


def test_letters_from_another_thread_are_pumped_without_time_passing(simulated: World) -> None:
    runtime = simulated.runtime
    assert isinstance(runtime, SimulatedRuntime)
    simulated.start(simulated.child("a", lambda: Probe(simulated)))
    runtime.run_until_idle()
    assert runtime.pump(0.001) is False
    answers: list[Any] = []

    def visitor() -> None:
        answers.extend(runtime.address("root/a").ask(number).get(10) for number in range(100))

    thread = threading.Thread(target=visitor)
    thread.start()
    while len(answers) < 100:
        runtime.pump(0.05)
    thread.join()
    assert answers == list(range(100))
    assert runtime.now == START


def test_a_pump_that_waits_is_woken_by_a_letter(simulated: World) -> None:
    runtime = simulated.runtime
    assert isinstance(runtime, SimulatedRuntime)
    simulated.start(simulated.child("a", lambda: Probe(simulated)))
    runtime.run_until_idle()
    threading.Timer(0.05, runtime.address("root/a").tell, ["x"]).start()
    assert runtime.pump(5)
    assert ("x", "a", 1) in simulated.log


def test_actors_that_run_in_a_circle_are_noticed(
    simulated: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("actors.runtime.simulation.MOST_TURNS_AT_ONCE", 500)

    class Circle(Actor):
        def receive(self, message: Any) -> None:
            self.context.address.tell(message)

    simulated.start(simulated.child("a", Circle))
    simulated.address("root/a").tell("round")
    with pytest.raises(Stuck):
        simulated.runtime.run_for(seconds(1))  # type: ignore[union-attr]


def test_an_actor_can_be_crashed_on_request(simulated: World) -> None:
    runtime = simulated.runtime
    assert isinstance(runtime, SimulatedRuntime)
    simulated.start(simulated.child("a", lambda: Probe(simulated)))
    assert runtime.crash("root/a")
    assert runtime.crash("root/a") is False, "it is down"
    assert runtime.hang("root/a") is False
    assert runtime.crash("root/nobody") is False
    assert simulated.ask("root/a", "x") == "x"
    assert simulated.view("root/a").epoch == 2


def test_the_root_is_never_struck_by_a_plan(simulated: World) -> None:
    runtime = simulated.runtime
    assert isinstance(runtime, SimulatedRuntime)
    simulated.start(SupervisorSpec("inner", children=[ChildSpec("a", lambda: Probe(simulated))]))
    runtime.faults = FaultPlan(crash_before=0.5)
    for _ in range(50):
        runtime.address("root/inner/a").tell("x")
        runtime.run_for(timedelta(minutes=10))
    assert not runtime.failed.is_set()
    assert simulated.view("root/inner").restarts > 0


def test_a_plan_strikes_only_where_it_may() -> None:
    from random import Random

    plan = FaultPlan(crash_before=1.0, where=lambda address: address.endswith("/a"))
    assert plan.draw("root/a", Random(1)) == "crash_before"
    assert plan.draw("root/b", Random(1)) is None


def test_the_likelihood_of_each_fault() -> None:
    from random import Random

    plan = FaultPlan(0.1, 0.2, 0.3, 0.05, 0.05)
    random = Random(3)
    drawn = [plan.draw("x", random) for _ in range(10_000)]
    for fault, chance in (
        ("crash_before", 0.1),
        ("crash_within", 0.2),
        ("crash_after", 0.3),
        ("hang_before", 0.05),
        ("hang_after", 0.05),
        (None, 0.3),
    ):
        assert drawn.count(fault) / 10_000 == pytest.approx(chance, abs=0.02)  # type: ignore[arg-type]
