"""Timers of actors, on each runtime, and the heap by itself."""

import time
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.runtime import Actor, ChildSpec, LiveRuntime, ScaledClock, SupervisorSpec
from actors.runtime.timers import Timer, Timers

from .worlds import START, Probe, World, seconds


class Watch(Actor):
    """Sets timers as it is told and writes down when they come."""

    def __init__(self, world: World) -> None:
        self.world = world

    def receive(self, message: Any) -> None:
        match message:
            case ("after", key, delay, what):
                self.context.after(key, delay, what)
            case ("every", key, period, what):
                self.context.every(key, period, what)
            case ("cancel", key):
                self.context.cancel(key)
            case "crash":
                raise ValueError("boom")
            case _:
                self.world.write((message, self.context.now(), self.context.epoch))
        self.context.reply("done")


def heard(world: World, what: str) -> list[tuple[datetime, int]]:
    return [(at, epoch) for name, at, epoch in world.log if name == what]


def test_a_timer_comes_once_and_a_beat_again_and_again(world: World) -> None:
    world.start(world.child("a", lambda: Watch(world)))
    began = world.runtime.clock.now()
    world.address("root/a").tell(("after", "once", seconds(0.02), "once"))
    world.address("root/a").tell(("every", "beat", seconds(0.01), "beat"))
    world.until(lambda: len(heard(world, "beat")) >= 5)
    assert len(heard(world, "once")) == 1
    assert heard(world, "once")[0][0] - began >= seconds(0.02)
    assert heard(world, "beat")[4][0] - began >= seconds(0.05)


def test_cancelled_and_replaced_timers_do_not_come(world: World) -> None:
    world.start(world.child("a", lambda: Watch(world)))
    for message in (
        ("after", "x", seconds(0.005), "cancelled"),
        ("cancel", "x"),
        ("after", "y", seconds(0.005), "replaced"),
        ("after", "y", seconds(0.02), "replacement"),
        ("every", "z", seconds(0.005), "stopped beat"),
        ("cancel", "z"),
        ("after", "end", seconds(0.04), "end"),
    ):
        world.ask("root/a", message)
    world.until(lambda: bool(heard(world, "end")))
    assert [entry[0] for entry in world.log] == ["replacement", "end"]


def test_timers_die_with_their_incarnation(world: World) -> None:
    world.start(world.child("a", lambda: Watch(world), poison_after=1))
    world.ask("root/a", ("after", "x", seconds(0.03), "old"))
    world.ask("root/a", ("every", "y", seconds(0.03), "old"))
    world.address("root/a").tell("crash")
    world.until(lambda: world.view("root/a").epoch == 2 and world.view("root/a").busy_on is None)
    world.ask("root/a", ("after", "end", seconds(0.1), "end"))
    world.until(lambda: bool(heard(world, "end")))
    assert not heard(world, "old")


def test_a_timer_that_crashes_its_actor_does_not_come_again(world: World) -> None:
    world.start(world.child("a", lambda: Watch(world), poison_after=3))
    world.ask("root/a", ("after", "x", seconds(0.001), "crash"))
    world.until(lambda: bool(world.seen("restarted", "root/a")))
    world.ask("root/a", ("cancel", "nothing"))
    assert len(world.seen("crashed", "root/a")) == 1


def test_a_fired_timer_that_still_waits_can_be_cancelled(simulated: World) -> None:
    def busy(probe: Probe) -> None:
        context, runtime = probe.context, simulated.runtime
        context.after("x", seconds(0), "late")
        runtime.timers.pop_due(runtime.clock.elapsed_us()).fire(0)  # type: ignore[union-attr]
        assert simulated.view("root/a").depth == 1
        context.cancel("x")
        context.after("y", seconds(1), "wanted")

    simulated.start(simulated.child("a", lambda: Probe(simulated)))
    simulated.address("root/a").tell(busy)
    simulated.runtime.run_for(seconds(2))  # type: ignore[union-attr]
    assert [entry[0] for entry in simulated.log] == ["started", "wanted"]


def test_a_beat_does_not_drift_and_skips_what_was_missed(simulated: World) -> None:
    runtime = simulated.runtime
    simulated.start(simulated.child("a", lambda: Watch(simulated), hang_after=seconds(600)))
    simulated.ask("root/a", ("every", "beat", seconds(60), "beat"))
    runtime.run_for(seconds(125))  # type: ignore[union-attr]
    runtime.hang("root/a", wake_after=seconds(200))  # type: ignore[union-attr]
    runtime.run_for(seconds(375))  # type: ignore[union-attr]
    times = [(at - START).total_seconds() for at, _ in heard(simulated, "beat")]
    # It hangs at 180 until 380, when the newest of the beats at 240, 300 and 360 still waits.
    assert times == [60, 120, 380, 380, 420, 480]
    assert simulated.view("root/a").conflated == 2


def test_a_period_has_to_be_positive(simulated: World) -> None:
    def wrong(probe: Probe) -> None:
        with pytest.raises(ValueError, match="positive"):
            probe.context.every("x", timedelta(), "tick")
        probe.context.reply("refused")

    simulated.start(simulated.child("a", lambda: Probe(simulated)))
    assert simulated.ask("root/a", wrong) == "refused"


def test_a_scaled_clock_lets_timers_come_sooner() -> None:
    world = World("pooled")
    runtime = LiveRuntime(clock=ScaledClock(START, speed=36_000))
    runtime.start(SupervisorSpec("root", children=[world.child("a", lambda: Watch(world))]))
    runtime.address("root/a").ask(("every", "beat", timedelta(minutes=30), "beat")).get(10)
    world.until(lambda: len(heard(world, "beat")) >= 4)
    runtime.stop()
    times = [at - START for at, _ in heard(world, "beat")]
    assert times[3] >= timedelta(hours=2)
    assert times[3] < timedelta(days=2)


@given(st.lists(st.tuples(st.integers(0, 20), st.booleans()), max_size=200))
def test_the_heap_fires_in_order_and_never_what_was_cancelled(plan: list[tuple[int, bool]]) -> None:
    heap = Timers()
    fired: list[tuple[int, int]] = []
    expected = []
    for number, (due, cancelled) in enumerate(plan):
        timer = heap.set(due, Timer(lambda now, number=number: fired.append((now, number))))  # type: ignore[misc]
        if cancelled:
            timer.cancel()
        else:
            expected.append((due, number))
    while (due_us := heap.next_due_us()) is not None:
        assert heap.pop_due(due_us - 1) is None
        timer = heap.pop_due(due_us)  # type: ignore[assignment]
        timer.fire(due_us)
    assert fired == sorted(expected)


def test_rearming_for_ever_does_not_fill_the_heap() -> None:
    heap = Timers()
    timer = Timer(lambda now: None)
    for number in range(10_000):
        timer.cancel()
        timer = heap.set(number + 10, Timer(lambda now: None))
    assert len(heap._heap) <= 128
    heap.clear()
    assert not timer.alive


class _SlowToStart(Actor):
    def started(self) -> None:
        time.sleep(0.05)  # of the machine's time; three minutes of the clock's


def test_a_fast_clock_does_not_shorten_what_the_machine_takes_to_start() -> None:
    runtime = LiveRuntime(clock=ScaledClock(START, speed=3600))
    spec = ChildSpec("slow", _SlowToStart, start_timeout=timedelta(seconds=20))
    try:
        runtime.start(SupervisorSpec("root", children=[spec]))
        states = {view.address: view.state for view in runtime.observe()}
        assert states["root/slow"] == "running"
    finally:
        runtime.stop()
