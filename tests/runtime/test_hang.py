"""Actors that hang: noticed, fenced, replaced; and what they may still do when they wake up."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from actors.runtime import DeadLettered, FaultPlan, Fenced, Rejected, StopChild, SupervisorSpec

from .worlds import Probe, World, answer_epoch, seconds


@pytest.fixture(params=["threaded", "pooled"])
def live(request: pytest.FixtureRequest) -> Iterator[World]:
    world = World(request.param)
    yield world
    world.runtime.stop()


class Gate:
    """A handler that hangs in its first life until the gate opens, then tries every act."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.open = threading.Event()
        self.refused: list[str] = []
        self.done = threading.Event()

    def __call__(self, probe: Probe) -> None:
        if probe.context.epoch > 1:
            probe.context.reply("second life")
            return
        context = probe.context
        kept = probe.kept[0] if probe.kept else None
        self.open.wait(20)
        acts: dict[str, Any] = {
            "fence": context.fence.check,
            "tell": lambda: context.address_of("root/b").tell("from a zombie"),
            "reply": lambda: context.reply("from a zombie"),
            "keep_reply": context.keep_reply,
            "after": lambda: context.after("k", seconds(0), "from a zombie"),
            "every": lambda: context.every("k", seconds(1), "from a zombie"),
            "submit": lambda: context.submit(nothing(), lambda outcome: "from a zombie"),
        }
        if kept is not None:
            acts["kept"] = lambda: kept.answer("from a zombie")
        for name, act in acts.items():
            try:
                act()
            except Fenced:
                self.refused.append(name)
        self.done.set()


async def nothing() -> None: ...


EVERY_ACT = ["fence", "tell", "reply", "keep_reply", "after", "every", "submit"]


def test_a_hung_actor_is_replaced_and_its_zombie_can_do_nothing(live: World) -> None:
    gate = Gate(live)
    live.start(
        live.child("a", lambda: Probe(live), hang_after=seconds(0.1)),
        live.child("b", lambda: Probe(live)),
    )
    assert live.ask("root/a", gate) == "second life"
    assert live.view("root/a").epoch == 2
    assert live.view("root/a").zombies == 1
    assert live.seen("hung", "root/a")
    gate.open.set()
    assert gate.done.wait(10)
    assert gate.refused == EVERY_ACT
    assert live.ask("root/a", answer_epoch) == 2, "a zombie's end is not its successor's"
    live.ask("root/b", "marker")
    assert all(entry[0] != "from a zombie" for entry in live.log)
    live.until(lambda: live.view("root/a").zombies == 0)
    live.runtime.stop()
    assert ("stopped", "a", 1) not in live.log


def test_a_zombie_cannot_use_a_reply_it_kept(live: World) -> None:
    gate = Gate(live)
    live.start(
        live.child("a", lambda: Probe(live), hang_after=seconds(0.1)),
        live.child("b", lambda: Probe(live)),
    )
    kept = live.address("root/a").ask(lambda p: p.kept.append(p.context.keep_reply()))
    assert live.ask("root/a", gate) == "second life"
    with pytest.raises(Rejected) as refusal:
        kept.get(10)
    assert refusal.value.code == "lost"
    gate.open.set()
    assert gate.done.wait(10)
    assert gate.refused == [*EVERY_ACT, "kept"]


def test_hung_actors_do_not_use_up_the_pool() -> None:
    before = set(threading.enumerate())
    world = World("pooled")
    gates = [Gate(world) for _ in range(5)]
    world.start(
        *(world.child(f"x{n}", lambda: Probe(world), hang_after=seconds(0.1)) for n in range(5))
    )
    replies = [world.address(f"root/x{n}").ask(gate) for n, gate in enumerate(gates)]
    assert [reply.get(20) for reply in replies] == ["second life"] * 5
    for gate in gates:
        gate.open.set()
    world.runtime.stop()
    for thread in set(threading.enumerate()) - before:
        thread.join(10)
        assert not thread.is_alive(), "a worker that was replaced goes once it is free"


def test_a_letter_that_hangs_every_life_is_buried(live: World) -> None:
    gate = threading.Event()
    live.start(live.child("a", lambda: Probe(live), hang_after=seconds(0.05), poison_after=2))
    with pytest.raises(DeadLettered, match="hung"):
        live.ask("root/a", lambda probe: gate.wait(20))
    gate.set()
    assert live.ask("root/a", answer_epoch) == 3


def test_what_does_not_stop_in_time_is_abandoned(live: World) -> None:
    gate, entered = threading.Event(), threading.Event()
    spec = live.child("a", lambda: Probe(live), shutdown=seconds(0.05))
    live.start(SupervisorSpec("many", children=[spec]))

    def hang(probe: Probe) -> None:
        entered.set()
        gate.wait(20)

    live.address("root/many/a").tell(hang)
    assert entered.wait(10)
    live.ask("root/many", StopChild("a"))
    assert live.seen("killed", "root/many/a")
    gate.set()


def test_simulated_hang_before_the_handler(simulated: World) -> None:
    runtime = simulated.runtime
    simulated.start(simulated.child("a", lambda: Probe(simulated), hang_after=seconds(30)))
    fences: list[Any] = []

    def act(probe: Probe) -> None:
        fences.append(probe.context.fence)
        probe.context.fence.check()
        probe.world.write(("wrote", probe.context.epoch))
        probe.context.reply(probe.context.epoch)

    began = runtime.clock.now()
    assert runtime.hang("root/a", wake_after=seconds(300))  # type: ignore[union-attr]
    assert simulated.ask("root/a", act) == 2
    assert runtime.clock.now() - began == seconds(30)
    runtime.run_for(seconds(600))  # type: ignore[union-attr]
    assert [(f.epoch, f.is_valid()) for f in fences] == [(2, True), (1, False)]
    assert [entry for entry in simulated.log if entry[0] == "wrote"] == [("wrote", 2)]


def test_a_simulated_hang_that_ends_in_time_is_only_slow(simulated: World) -> None:
    runtime = simulated.runtime
    simulated.start(simulated.child("a", lambda: Probe(simulated), hang_after=seconds(30)))
    runtime.hang("root/a", wake_after=seconds(10))  # type: ignore[union-attr]
    began = runtime.clock.now()
    assert simulated.ask("root/a", answer_epoch) == 1
    assert runtime.clock.now() - began == seconds(10)
    simulated.address("root/a").tell("next")
    runtime.run_for(seconds(100))  # type: ignore[union-attr]
    assert ("next", "a", 1) in simulated.log
    assert simulated.view("root/a").epoch == 1


def test_a_simulated_hang_after_the_handler_repeats_the_letter(simulated: World) -> None:
    runtime = simulated.runtime
    simulated.start(simulated.child("a", lambda: Probe(simulated)))
    runtime.hang("root/a", "after")  # type: ignore[union-attr]
    assert simulated.ask("root/a", "x") == "x"
    runtime.run_for(seconds(60))  # type: ignore[union-attr]
    assert [e for e in simulated.log if e[0] == "x"] == [("x", "a", 1), ("x", "a", 2)]


def test_faults_by_plan_strike_and_are_survived(simulated: World) -> None:
    runtime = simulated.runtime
    simulated.start(simulated.child("a", lambda: Probe(simulated), poison_after=1000))
    runtime.faults = FaultPlan(  # type: ignore[union-attr]
        crash_before=0.1, crash_within=0.1, crash_after=0.1, hang_before=0.05, hang_after=0.05
    )
    for number in range(200):
        assert simulated.ask("root/a", number, timeout=100_000) == number
    kinds = {event.kind for event in simulated.events}
    assert {"crashed", "hung", "restarted"} <= kinds
    traces = " ".join(event.detail for event in simulated.events)
    for when in ("before the letter", "while the letter", "after the letter"):
        assert when in traces
