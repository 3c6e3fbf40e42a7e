"""Supervisors: who is started and stopped when, and who is restarted after what."""

import threading
from typing import Any

import pytest

from actors.runtime import (
    Actor,
    Backoff,
    ChildStarted,
    ChildStopped,
    Rejected,
    RestartChild,
    SimulatedRuntime,
    StartChild,
    StartFailed,
    StopChild,
    SupervisorSpec,
)

from .worlds import Probe, World, answer_epoch, boom, seconds


def three(world: World, **options: Any) -> list[Any]:
    options.setdefault("poison_after", 1)
    return [world.child(name, lambda: Probe(world), **options) for name in "abc"]


def lives(world: World) -> dict[str, int]:
    return {name: world.view(f"root/{name}").epoch for name in "abc"}


def all_running(world: World) -> bool:
    return all(world.view(f"root/{name}").state == "running" for name in "abc")


def crash(world: World, name: str) -> None:
    """Crash it, and wait until all are back."""
    epoch = world.view(name).epoch
    world.address(name).tell(boom)
    world.until(lambda: world.view(name).epoch > epoch and all_running(world))


def test_start_in_order_stop_in_reverse(world: World) -> None:
    world.start(*three(world), strategy="rest_for_one")
    assert world.log == [("started", name, 1) for name in "abc"]
    assert [e.address for e in world.events] == ["root/a", "root/b", "root/c", "root"]
    world.log.clear()
    world.runtime.stop()
    assert world.log == [("stopped", name, 1) for name in "cba"]
    assert world.view("root").state == "stopped"


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [
        ("one_for_one", {"a": 1, "b": 2, "c": 1}),
        ("rest_for_one", {"a": 1, "b": 2, "c": 2}),
        ("one_for_all", {"a": 2, "b": 2, "c": 2}),
    ],
)
def test_who_is_restarted_with_whom(world: World, strategy: Any, expected: dict[str, int]) -> None:
    world.start(*three(world), strategy=strategy)
    crash(world, "root/b")
    assert lives(world) == expected
    again = [entry for entry in world.log if entry[2] == 2 and entry[0] == "started"]
    assert again == [("started", name, 2) for name in "abc" if expected[name] == 2]
    stopped = [entry for entry in world.log if entry[0] == "stopped"]
    dragged = [name for name in "cba" if expected[name] == 2 and name != "b"]
    assert stopped == [("stopped", name, 1) for name in dragged]


def test_letters_for_a_dragged_along_sibling_wait_for_its_next_life(world: World) -> None:
    world.start(*three(world), strategy="one_for_all")
    for number in range(50):
        world.address("root/c").tell(number)
        if number == 20:
            world.address("root/a").tell(boom)
    world.until(lambda: (49, "c", 1) in world.log or (49, "c", 2) in world.log)
    assert [entry[0] for entry in world.log if isinstance(entry[0], int)] == list(range(50))


@pytest.mark.parametrize("raised", [ValueError, SystemExit, KeyboardInterrupt, GeneratorExit])
def test_whatever_is_raised_is_a_crash_and_nothing_else_stops(
    world: World, raised: type[BaseException]
) -> None:
    if raised is KeyboardInterrupt and not world.live:
        pytest.skip("in a simulation it is a person at the keyboard")

    def crash_first(probe: Probe) -> None:
        if probe.context.epoch == 1:
            raise raised
        probe.context.reply("back")

    world.start(*three(world, poison_after=2))
    assert world.ask("root/b", crash_first) == "back"
    assert lives(world) == {"a": 1, "b": 2, "c": 1}
    (event,) = world.seen("crashed", "root/b")
    assert raised.__name__ in event.detail
    assert "crash_first" in event.trace
    assert raised.__name__ in (world.view("root/b").last_error or "")


def test_a_thread_that_ends_of_whatever_is_a_crash() -> None:
    world = World("threaded")
    world.start(world.child("a", lambda: Probe(world)))
    mailbox = world.runtime._cell("root/a").mailbox
    take = mailbox.take

    def fail_once(lease: Any) -> Any:
        mailbox.take = take  # type: ignore[method-assign]
        raise MemoryError

    mailbox.take = fail_once  # type: ignore[method-assign]
    world.address("root/a").tell("this one is still taken, the next take fails")
    world.until(lambda: bool(world.seen("restarted", "root/a")))
    assert world.ask("root/a", answer_epoch) == 2
    assert world.view("root/a").last_error == "MemoryError"
    world.runtime.stop()


def test_a_keyboard_interrupt_ends_a_simulation(simulated: World) -> None:
    def interrupt(probe: Probe) -> None:
        raise KeyboardInterrupt

    simulated.start(*three(simulated))
    simulated.address("root/a").tell(interrupt)
    with pytest.raises(KeyboardInterrupt):
        simulated.runtime.run_until_idle()  # type: ignore[union-attr]


def end(probe: Probe) -> None:
    probe.context.stop()


@pytest.mark.parametrize(
    ("restart", "how", "comes_back"),
    [
        ("permanent", end, True),
        ("permanent", boom, True),
        ("transient", end, False),
        ("transient", boom, True),
        ("temporary", end, False),
        ("temporary", boom, False),
    ],
)
def test_restart_policies(world: World, restart: Any, how: Any, comes_back: bool) -> None:
    world.start(world.child("a", lambda: Probe(world), restart=restart, poison_after=1))
    world.address("root/a").tell(how)
    if comes_back:
        world.until(lambda: ("started", "a", 2) in world.log)
        assert world.ask("root/a", answer_epoch) == 2
    else:
        world.until(lambda: world.view("root/a").state == "stopped" and _closed(world, "root/a"))
        assert world.view("root/a").epoch == 1
    assert (("stopped", "a", 1) in world.log) is (how is end)


def _closed(world: World, name: str) -> bool:
    reply = world.address(name).ask("anybody?")
    if world.live:
        return reply.done()
    world.runtime.run_until_idle()  # type: ignore[union-attr]
    return reply.done()


def test_an_actor_that_ends_itself_leaves_no_letter_behind(world: World) -> None:
    world.address("root/a").tell(end)
    world.address("root/a").tell("next")
    world.start(world.child("a", lambda: Probe(world)))
    world.until(lambda: ("next", "a", 2) in world.log)


class FailsToStart(Actor):
    def __init__(self, times: list[str]) -> None:
        self.times = times

    def started(self) -> None:
        if self.times:
            raise LookupError(self.times.pop())


def test_a_failed_start_says_what_and_why(world: World) -> None:
    deep = SupervisorSpec(
        "inner", children=[world.child("bad", lambda: FailsToStart(["no data", "no data"]))]
    )
    with pytest.raises(StartFailed, match=r"root/inner/bad: LookupError: no data") as failed:
        world.start(world.child("a", lambda: Probe(world)), deep)
    assert failed.value.address == "root/inner/bad"
    assert "LookupError" in failed.value.trace
    assert str(failed.value).count("no data") == 1
    assert world.log == [("started", "a", 1), ("stopped", "a", 1)]


def test_a_factory_that_raises_is_a_failed_start(world: World) -> None:
    def factory() -> Actor:
        raise OSError("disk full")

    with pytest.raises(StartFailed, match="root/bad: OSError: disk full"):
        world.start(world.child("bad", factory))


def test_a_restart_that_fails_is_tried_again(world: World) -> None:
    troubles: list[str] = []
    world.start(world.child("a", lambda: FailsToStart(troubles), poison_after=1))
    troubles.extend(["not yet", "not yet"])
    world.address("root/a").tell("crash: receive is not implemented")
    world.until(lambda: len(world.seen("restarted", "root/a")) == 1)
    assert len(world.seen("start_failed", "root/a")) == 2
    assert world.view("root/a").epoch == 4


def test_a_start_that_takes_too_long_is_given_up(world: World) -> None:
    if not world.live:
        pytest.skip("started() takes no virtual time")
    gate = threading.Event()

    class Slow(Actor):
        def started(self) -> None:
            gate.wait(20)

    with pytest.raises(StartFailed, match="root/slow: its start took too long"):
        world.start(world.child("slow", Slow, start_timeout=seconds(0.05)))
    gate.set()


def test_too_many_restarts_escalate_to_the_root(world: World) -> None:
    inner = SupervisorSpec(
        "inner",
        children=[world.child("a", lambda: Probe(world), poison_after=1)],
        max_restarts=2,
        backoff=Backoff(base=seconds(0.001)),
    )
    world.start(inner, world.child("b", lambda: Probe(world)), max_restarts=0)
    for _ in range(3):
        world.address("root/inner/a").tell(boom)
    world.until(world.runtime.failed.is_set)
    assert "root/inner/a: ValueError: boom" in (world.runtime.failure or "")
    assert len(world.seen("crashed", "root/inner/a")) == 3
    assert [e.address for e in world.events if e.kind == "gave_up"] == ["root/inner", "root"]
    assert ("stopped", "b", 1) in world.log, "who gives up stops its children first"
    assert world.runtime.wait_failed(0)


def test_restarts_outside_of_the_window_do_not_count(simulated: World) -> None:
    simulated.start(
        simulated.child("a", lambda: Probe(simulated), poison_after=1),
        max_restarts=1,
        within=seconds(10),
    )
    for _ in range(5):
        simulated.address("root/a").tell(boom)
        simulated.runtime.run_for(seconds(11))  # type: ignore[union-attr]
    assert not simulated.runtime.failed.is_set()
    assert simulated.view("root/a").restarts == 5


def test_an_escalated_supervisor_restarts_its_children(world: World) -> None:
    inner = SupervisorSpec(
        "inner",
        children=[world.child(name, lambda: Probe(world), poison_after=1) for name in "ab"],
        max_restarts=0,
    )
    world.start(inner)
    world.address("root/inner/a").tell(boom)
    world.until(lambda: len(world.seen("restarted", "root/inner")) == 1)
    assert world.ask("root/inner/a", answer_epoch) == 2
    assert world.ask("root/inner/b", answer_epoch) == 2
    assert ("stopped", "inner/b", 1) in world.log


def test_a_crashed_supervisor_leaves_no_orphans(simulated: World) -> None:
    inner = SupervisorSpec("inner", children=[simulated.child("a", lambda: Probe(simulated))])
    simulated.start(inner)
    fences: list[Any] = []

    def note_fence(probe: Probe) -> None:
        fences.append(probe.context.fence)
        probe.context.reply("noted")

    simulated.ask("root/inner/a", note_fence)
    assert simulated.runtime.crash("root/inner")  # type: ignore[union-attr]
    assert not fences[0].is_valid(), "an orphan may not act"
    assert simulated.ask("root/inner/a", answer_epoch) == 2
    assert simulated.view("root/inner").epoch == 2


def test_a_zombie_supervisor_starts_nobody(simulated: World) -> None:
    runtime = simulated.runtime
    assert isinstance(runtime, SimulatedRuntime)
    simulated.start(SupervisorSpec("inner"))
    runtime.hang("root/inner", wake_after=seconds(300))
    child = simulated.child("a", lambda: Probe(simulated))
    assert simulated.ask("root/inner", StartChild(child)) == ChildStarted("a")
    runtime.run_for(seconds(600))
    assert simulated.view("root/inner").epoch == 2
    assert simulated.log == [("started", "inner/a", 1)]
    assert simulated.ask("root/inner/a", answer_epoch) == 1


def test_a_zombie_supervisor_that_wakes_for_a_restart_starts_nobody(simulated: World) -> None:
    runtime = simulated.runtime
    assert isinstance(runtime, SimulatedRuntime)
    child = simulated.child("a", lambda: Probe(simulated), poison_after=1)
    simulated.start(SupervisorSpec("inner", children=[child]))
    for _ in range(2):
        simulated.address("root/inner/a").tell(boom)
    runtime.run_until_idle()
    assert simulated.view("root/inner/a").state == "restarting", "the second restart waits"
    runtime.hang("root/inner", wake_after=seconds(300))
    runtime.run_for(seconds(600))
    assert simulated.view("root/inner").epoch == 2
    assert simulated.ask("root/inner/a", answer_epoch) == 3
    assert [entry[2] for entry in simulated.log] == [1, 2, 3]


def test_a_death_that_an_earlier_supervisor_did_not_hear_of_is_old_news(simulated: World) -> None:
    runtime = simulated.runtime
    assert isinstance(runtime, SimulatedRuntime)
    child = simulated.child("a", lambda: Probe(simulated), poison_after=1)
    simulated.start(SupervisorSpec("inner", children=[child]))
    runtime.hang("root/inner")
    for _ in range(2):  # the first death is the letter it hangs on, the second waits
        runtime.address("root/inner").tell("hang on this")
        runtime.address("root/inner/a").tell(boom)
        runtime.run_for(seconds(100))
    assert simulated.view("root/inner").epoch == 2
    lives = [entry[2] for entry in simulated.log]
    assert lives == sorted(set(lives)), "never two at once"
    deaths = simulated.seen("crashed", "root/inner/a")
    assert len(lives) == 1 + len(deaths)
    assert simulated.ask("root/inner/a", answer_epoch) == lives[-1]


def test_children_come_and_go(world: World) -> None:
    world.start(SupervisorSpec("many"))
    spec = world.child("x", lambda: Probe(world))
    assert world.ask("root/many", StartChild(spec)) == ChildStarted("x")
    assert world.ask("root/many/x", "hello") == "hello"
    assert world.ask("root/many", StartChild(spec)) == ChildStarted("x"), "twice is once"
    assert world.view("root/many/x").epoch == 1
    assert world.ask("root/many", RestartChild("x")) == ChildStarted("x")
    assert world.ask("root/many/x", answer_epoch) == 2
    assert world.ask("root/many", RestartChild("root/many/x")) == ChildStarted("x")
    assert world.ask("root/many", StopChild("x")) == ChildStopped("x")
    assert world.log[-1] == ("stopped", "many/x", 3)
    for command in (StopChild("x"), RestartChild("x"), StopChild("never")):
        with pytest.raises(Rejected) as refusal:
            world.ask("root/many", command)
        assert refusal.value.code == "unknown_child"
    assert world.ask("root/many", StartChild(spec)) == ChildStarted("x")
    assert world.ask("root/many/x", answer_epoch) == 4


def test_a_child_that_cannot_start_is_not_kept(world: World) -> None:
    world.start(SupervisorSpec("many"))
    spec = world.child("x", lambda: FailsToStart(["no", "no", "no"]))
    with pytest.raises(Rejected, match="root/many/x: LookupError: no") as refusal:
        world.ask("root/many", StartChild(spec))
    assert refusal.value.code == "start_failed"
    with pytest.raises(Rejected):
        world.ask("root/many", StopChild("x"))
    assert world.view("root/many").epoch == 1


def test_dynamic_children_survive_their_supervisor(simulated: World) -> None:
    simulated.start(SupervisorSpec("many"))
    for name in "xyz":
        simulated.ask("root/many", StartChild(simulated.child(name, lambda: Probe(simulated))))
    simulated.ask("root/many", StopChild("y"))
    simulated.runtime.crash("root/many")  # type: ignore[union-attr]
    assert simulated.ask("root/many/x", answer_epoch) == 2
    assert simulated.ask("root/many/z", answer_epoch) == 2
    assert simulated.view("root/many/y").state == "stopped"


def test_a_supervisor_refuses_what_it_does_not_know(world: World) -> None:
    world.start(SupervisorSpec("many"))
    with pytest.raises(Rejected) as refusal:
        world.ask("root/many", "dance")
    assert refusal.value.code == "unknown_message"


def test_the_first_restart_is_at_once_and_the_next_ones_wait_longer(simulated: World) -> None:
    runtime = simulated.runtime
    backoff = Backoff(base=seconds(1), factor=3, cap=seconds(20), jitter=0, calm=seconds(60))
    child = simulated.child("a", lambda: Probe(simulated), poison_after=1)
    simulated.start(child, backoff=backoff)

    def crash_and_wait() -> float:
        before, epoch = runtime.clock.now(), simulated.view("root/a").epoch
        simulated.address("root/a").tell(boom)
        simulated.until(lambda: len(simulated.seen("restarted", "root/a")) == epoch)
        return (runtime.clock.now() - before).total_seconds()

    assert [crash_and_wait() for _ in range(6)] == [0, 1, 3, 9, 20, 20]
    runtime.run_for(seconds(61))  # type: ignore[union-attr]
    assert [crash_and_wait() for _ in range(2)] == [0, 1]


def test_jitter_is_drawn_from_the_seed() -> None:
    from random import Random

    backoff = Backoff(base=seconds(10), jitter=0.2)
    delays = [backoff.delay(2, Random(seed)).total_seconds() for seed in range(50)]
    assert all(8 <= delay <= 12 for delay in delays)
    assert max(delays) - min(delays) > 2
    assert delays == [backoff.delay(2, Random(seed)).total_seconds() for seed in range(50)]
    assert backoff.delay(10_000, Random(1)) <= seconds(36)


def test_stopped_may_raise(world: World) -> None:
    class Untidy(Actor):
        def stopped(self) -> None:
            raise ValueError("could not tidy up")

    world.start(world.child("a", Untidy), world.child("b", lambda: Probe(world)))
    world.runtime.stop()
    (event,) = world.seen("stopped", "root/a")
    assert "could not tidy up" in event.detail


def test_specs_are_checked() -> None:
    with pytest.raises(ValueError, match="slash"):
        SupervisorSpec("root/x")
    with pytest.raises(ValueError, match="two children named a"):
        SupervisorSpec("root", children=[SupervisorSpec("a"), SupervisorSpec("a")])


@pytest.mark.parametrize("kind", ["threaded", "pooled"])
def test_a_start_that_is_interrupted_can_be_stopped_in_order(kind: Any) -> None:
    world = World(kind)
    entered, gate = threading.Event(), threading.Event()

    class Slow(Actor):
        def started(self) -> None:
            entered.set()
            gate.wait(20)

        def stopped(self) -> None:
            world.write("slow stopped")

    slow, never = world.child("slow", Slow), world.child("never", lambda: Probe(world))
    starter = threading.Thread(target=world.start, args=(slow, never))
    starter.start()
    assert entered.wait(10)
    threading.Timer(0.05, gate.set).start()
    world.runtime.stop()
    starter.join(10)
    assert not starter.is_alive()
    assert world.log == ["slow stopped"]
