"""What actors look like from outside: views, latencies, events, clocks."""

import math
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.runtime import (
    Actor,
    LiveRuntime,
    ScaledClock,
    SimulatedClock,
    SimulatedRuntime,
    SupervisorSpec,
    SystemClock,
)
from actors.runtime.dead_letters import DeadLetterOffice
from actors.runtime.histogram import Histogram

from .worlds import START, Probe, World, boom, seconds


def test_the_tree_as_it_stands(world: World) -> None:
    inner = SupervisorSpec("inner", "rest_for_one", [world.child("a", lambda: Probe(world))])
    world.start(inner, world.child("b", lambda: Probe(world), capacity=7))
    world.ask("root/b", "x")
    world.address("root/later")
    views = {view.address: view for view in world.runtime.observe()}
    assert list(views) == ["root", "root/b", "root/inner", "root/inner/a", "root/later"]
    assert (views["root/inner"].kind, views["root/inner"].strategy) == (
        "supervisor",
        "rest_for_one",
    )
    assert views["root/inner/a"].parent == "root/inner"
    assert views["root"].parent is None
    b = views["root/b"]
    assert (b.kind, b.state, b.epoch, b.restarts, b.capacity) == ("actor", "running", 1, 0, 7)
    assert b.dispatch == ("pool" if world.kind == "pooled" else "thread")
    assert b.started_at is not None
    assert (b.last_error, b.last_error_at) == (None, None)
    assert views["root/later"].state == "new"
    assert views["root/inner/a"].wait_p50 is None, "unknown is not zero"


def test_errors_and_counts(world: World) -> None:
    world.start(world.child("a", lambda: Probe(world), poison_after=1))
    for number in range(10):
        world.ask("root/a", number)
    world.address("root/a").tell(boom)
    world.until(lambda: bool(world.seen("restarted", "root/a")))
    world.ask("root/a", "x")
    world.until(lambda: world.view("root/a").busy_since is None)
    view = world.view("root/a")
    assert view.handled == 11
    assert (view.epoch, view.restarts, view.last_error) == (2, 1, "ValueError: boom")
    assert len(view.restarted_at) == 1
    assert view.started_at is not None
    assert view.last_error_at is not None
    assert view.last_error_at <= view.restarted_at[0] <= view.started_at
    assert "in boom" in (view.last_trace or "")
    assert view.last_error_at is not None
    assert view.wait_p50 is not None
    assert view.work_p99 is not None
    assert [e.kind for e in world.events if e.address == "root/a"] == [
        "started",
        "buried",
        "crashed",
        "restarted",
    ]


@pytest.mark.parametrize("kind", ["threaded", "pooled"])
def test_what_an_actor_is_busy_with(kind: Any) -> None:
    class Work:
        pass

    entered, gate = threading.Event(), threading.Event()

    class Worker(Actor):
        def receive(self, message: Any) -> None:
            entered.set()
            gate.wait(20)
            self.context.reply("done")

    world = World(kind)
    world.start(world.child("a", Worker))
    reply = world.address("root/a").ask(Work())
    assert entered.wait(10)
    world.address("root/a").tell("next")
    view = world.view("root/a")
    assert (view.busy_on, view.depth) == ("Work", 1)
    assert view.busy_since is not None
    assert timedelta() <= datetime.now(UTC) - view.busy_since < timedelta(seconds=20)
    gate.set()
    assert reply.get(10) == "done"
    world.until(lambda: world.view("root/a").busy_on is None)
    world.runtime.stop()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", ["threaded", "simulated"])
def test_a_hook_that_raises_harms_nobody(kind: Any, caplog: pytest.LogCaptureFixture) -> None:
    world = World(kind)

    def hook(event: object) -> None:
        raise ValueError("bad hook")

    world.runtime.on_event = hook
    world.start(world.child("a", lambda: Probe(world)))
    assert world.ask("root/a", "x") == "x"
    world.runtime.stop()
    assert "bad hook" in caplog.text


def test_a_runtime_is_started_once_and_may_be_stopped_twice(world: World) -> None:
    world.start(world.child("a", lambda: Probe(world)))
    with pytest.raises(RuntimeError, match="once"):
        world.start()
    world.runtime.stop()
    world.runtime.stop()


@pytest.mark.parametrize("runtime", [LiveRuntime(), SimulatedRuntime(START, 1)])
def test_a_runtime_that_never_started_can_be_stopped(
    runtime: LiveRuntime | SimulatedRuntime,
) -> None:
    runtime.stop()


def test_no_thread_is_left_behind() -> None:
    before = set(threading.enumerate())
    world = World("pooled")
    world.start(
        world.child("a", lambda: Probe(world)),
        SupervisorSpec("inner", children=[world.child("b", lambda: Probe(world))]),
    )
    world.ask("root/a", "x")
    world.runtime.stop()
    for thread in set(threading.enumerate()) - before:
        thread.join(10)
        assert not thread.is_alive()


@given(st.lists(st.floats(1e-6, 3000), min_size=1, max_size=300), st.floats(0.01, 1))
def test_quantiles_are_right_within_a_fifth(durations: list[float], share: float) -> None:
    histogram = Histogram()
    for duration in durations:
        histogram.add(duration)

    exact = sorted(durations)[max(math.ceil(share * len(durations)) - 1, 0)]
    got = histogram.quantile(share)
    assert got is not None
    assert exact <= got * 1.0000001 or exact < 2e-6
    assert got <= exact * 1.26 or exact < 2e-6


def test_a_histogram_takes_anything() -> None:
    histogram = Histogram()
    assert histogram.quantile(0.5) is None
    for duration in (0.0, -1.0, 1e-12, 1e9):
        histogram.add(duration)
    assert histogram.quantile(0.5) == 0.0
    assert histogram.quantile(1.0) == 4096.0


def test_the_dead_letter_office_keeps_the_newest() -> None:
    sent: list[Any] = []
    office = DeadLetterOffice(lambda name, message: sent.append((name, message)), capacity=2)
    for number in range(3):
        office.bury(START, "root/a", number, "error", "trace", 1)
    assert [letter.message for letter in office.list()] == ["1", "2"]
    assert office.forgotten == 1
    office.resend(office.list()[0].id)
    assert sent == [("root/a", 1)]
    office.drop(office.list()[0].id)
    assert len(office) == 0


def test_a_dead_letter_that_cannot_be_sent_again_stays() -> None:
    def send(name: str, message: object) -> None:
        raise ValueError("full")

    office = DeadLetterOffice(send)
    office.bury(START, "root/a", "x", "error", "trace", 1)
    with pytest.raises(ValueError, match="full"):
        office.resend(1)
    assert len(office) == 1


def test_clocks() -> None:
    now = SystemClock().now()
    assert now.tzinfo is UTC
    scaled = ScaledClock(START, speed=1000)
    assert START <= scaled.now() < START + timedelta(hours=10)
    assert scaled.real_seconds(1_000_000) == 0.001
    for speed in (0, -1, float("inf"), float("nan")):
        with pytest.raises(ValueError, match="speed"):
            ScaledClock(START, speed=speed)
    for clock in (SimulatedClock, lambda start: ScaledClock(start, 1)):
        with pytest.raises(ValueError, match="aware"):
            clock(datetime(2025, 1, 1))  # noqa: DTZ001
    simulated = SimulatedClock(START)
    simulated.advance_to(5_000_000)
    simulated.advance_to(1)
    assert simulated.now() == START + seconds(5)
