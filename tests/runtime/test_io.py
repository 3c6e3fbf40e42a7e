"""Operations that actors submit and do not wait for."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from actors.runtime import (
    Actor,
    ChildSpec,
    Clock,
    DeadLettered,
    Failed,
    LiveRuntime,
    Ok,
    SupervisorSpec,
)

from .worlds import Probe, World, boom, seconds


async def nap(clock: Clock, span: timedelta, answer: object) -> object:
    await clock.sleep(span)
    return answer


async def fail() -> None:
    raise ConnectionError("the line is dead")


def keep(message: Any, operation: Any) -> Any:
    """A handler that answers once the operation is done."""

    def handler(probe: Probe) -> None:
        reply = probe.context.keep_reply()
        probe.context.submit(
            operation(), lambda outcome: lambda probe: reply.answer((message, outcome))
        )

    return handler


def test_an_outcome_comes_back_as_a_letter(world: World) -> None:
    clock = world.runtime.clock
    world.start(world.child("a", lambda: Probe(world)))
    assert world.ask("root/a", keep("m", lambda: nap(clock, seconds(0.01), 7))) == ("m", Ok(7))
    _, outcome = world.ask("root/a", keep("m", fail))
    assert isinstance(outcome, Failed)
    assert str(outcome.error) == "the line is dead"


def test_the_actor_is_free_while_the_operation_runs(world: World) -> None:
    clock = world.runtime.clock
    world.start(world.child("a", lambda: Probe(world)))

    def start(probe: Probe) -> None:
        probe.context.submit(nap(clock, seconds(0.05), "slow"), lambda outcome: outcome)

    world.address("root/a").tell(start)
    world.ask("root/a", "meanwhile")
    world.until(lambda: any(entry[0] == Ok("slow") for entry in world.log))
    assert [entry[0] for entry in world.log] == ["started", "meanwhile", Ok("slow")]


def test_a_later_incarnation_gets_the_outcome(world: World) -> None:
    clock = world.runtime.clock
    world.start(world.child("a", lambda: Probe(world), poison_after=1))

    def start(probe: Probe) -> None:
        probe.context.submit(nap(clock, seconds(0.02), "result"), lambda outcome: outcome)
        probe.context.address.tell(boom)

    world.address("root/a").tell(start)
    world.until(lambda: (Ok("result"), "a", 2) in world.log)


def test_a_function_that_cannot_make_the_letter_crashes_the_actor(world: World) -> None:
    def start(probe: Probe) -> None:
        probe.context.submit(fail(), lambda outcome: 1 / 0)

    world.start(world.child("a", lambda: Probe(world), poison_after=1))
    world.address("root/a").tell(start)
    world.until(lambda: bool(world.seen("restarted", "root/a")))
    assert "ZeroDivisionError" in (world.view("root/a").last_error or "")


def test_an_operation_that_ends_with_a_base_exception_has_failed() -> None:
    world = World("threaded")

    async def leave() -> None:
        raise SystemExit(3)

    world.start(world.child("a", lambda: Probe(world)))
    _, outcome = world.ask("root/a", keep("m", leave))
    assert "SystemExit" in str(outcome.error)
    _, outcome = world.ask("root/a", keep("m", fail))
    assert "dead" in str(outcome.error), "the loop goes on"
    world.runtime.stop()


def test_the_stop_cancels_what_is_under_way(world: World) -> None:
    clock = world.runtime.clock
    ended: list[str] = []

    async def endless() -> None:
        try:
            await clock.sleep(timedelta(days=1000))
        finally:
            ended.append("cancelled")

    def start(probe: Probe) -> None:
        probe.context.submit(endless(), lambda outcome: outcome)
        probe.context.reply("started")

    world.start(world.child("a", lambda: Probe(world)))
    world.ask("root/a", start)
    if not world.live:
        world.runtime.run_until_idle()  # type: ignore[union-attr]
    world.runtime.stop()
    assert ended in (["cancelled"], []), "an operation that never began is dropped silently"
    if not world.live:
        assert ended == ["cancelled"]


def test_in_a_simulation_only_the_clock_can_be_awaited(simulated: World) -> None:
    import asyncio

    async def wrong() -> None:
        await asyncio.sleep(0)

    simulated.start(simulated.child("a", lambda: Probe(simulated)))
    _, outcome = simulated.ask("root/a", keep("m", wrong))
    assert isinstance(outcome.error, TypeError)


def test_an_actor_without_receive_crashes_of_its_first_letter(world: World) -> None:
    world.start(world.child("a", Actor, poison_after=1))
    with pytest.raises(DeadLettered, match="NotImplementedError"):
        world.ask("root/a", "x")


def test_what_is_open_to_the_outside_is_closed_where_it_was_used() -> None:
    loops: list[object] = []

    async def opened() -> None:
        loops.append(asyncio.get_running_loop())

    runtime = LiveRuntime(workers=1, at_end=opened)
    runtime.start(SupervisorSpec("root", children=[ChildSpec("a", Submitting)]))
    where = runtime.address("root/a").ask("where").get(10)
    runtime.stop()
    assert loops == [where.value]


def test_a_closing_that_fails_does_not_stop_the_end() -> None:
    runtime = LiveRuntime(workers=1, at_end=fail)
    runtime.start(SupervisorSpec("root", children=[]))
    runtime.stop()


class Submitting(Actor):
    """Says on which loop its operations run."""

    def receive(self, message: Any) -> None:
        async def here() -> object:
            return asyncio.get_running_loop()

        if message == "where":
            reply = self.context.keep_reply()
            self.context.submit(here(), lambda outcome: (reply, outcome))
        else:
            message[0].answer(message[1])
