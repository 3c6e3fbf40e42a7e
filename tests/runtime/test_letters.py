"""Telling, asking, answering, refusing, on each runtime."""

import asyncio
import threading
from typing import Any

import pytest

from actors.runtime import (
    Actor,
    DeadLettered,
    MailboxFull,
    Refused,
    Rejected,
    Reply,
    ReplyTo,
    SimulatedRuntime,
    StopChild,
    Undeliverable,
)

from .worlds import Probe, World, boom, seconds


def test_an_ask_is_answered(world: World) -> None:
    world.start(world.child("a", lambda: Probe(world)))
    assert world.ask("root/a", "hello") == "hello"


def test_letters_told_before_the_start_wait_for_it(world: World) -> None:
    for number in range(3):
        world.address("root/a").tell(number)
    world.start(world.child("a", lambda: Probe(world)))
    world.ask("root/a", "done")
    assert [entry[0] for entry in world.log] == ["started", 0, 1, 2, "done"]


def test_a_refusal_is_an_answer_and_the_actor_lives_on(world: World) -> None:
    def refuse(probe: Probe) -> None:
        raise Rejected("too_late", "the shop is closed")

    world.start(world.child("a", lambda: Probe(world)))
    with pytest.raises(Rejected) as refusal:
        world.ask("root/a", refuse)
    assert (refusal.value.code, refusal.value.reason) == ("too_late", "the shop is closed")
    assert world.view("root/a").epoch == 1
    assert world.seen("rejected", "root/a")


def test_silence_is_told_as_unanswered(world: World) -> None:
    world.start(world.child("a", lambda: Probe(world)))
    with pytest.raises(Rejected) as refusal:
        world.ask("root/a", lambda probe: None)
    assert refusal.value.code == "unanswered"


def test_answering_twice_is_an_error(world: World) -> None:
    def twice(probe: Probe) -> None:
        probe.context.reply(1)
        with pytest.raises(RuntimeError, match="before"):
            probe.context.reply(2)
        probe.world.write("refused")

    world.start(world.child("a", lambda: Probe(world)))
    assert world.ask("root/a", twice) == 1
    world.until(lambda: "refused" in world.log)


def test_a_reply_nobody_asked_for_goes_nowhere(world: World) -> None:
    world.start(world.child("a", lambda: Probe(world)))
    world.address("root/a").tell("x")
    assert world.ask("root/a", "y") == "y"
    assert world.view("root/a").epoch == 1


def test_a_kept_reply_is_answered_later_and_once(world: World) -> None:
    def keep(probe: Probe) -> None:
        probe.kept.append(probe.context.keep_reply())
        probe.context.address.tell(answer)

    def answer(probe: Probe) -> None:
        probe.kept[0].answer("late")
        with pytest.raises(RuntimeError, match="before"):
            probe.kept[0].answer("again")
        probe.world.write("refused")

    world.start(world.child("a", lambda: Probe(world)))
    assert world.ask("root/a", keep) == "late"
    world.until(lambda: "refused" in world.log)


def test_a_kept_reply_of_a_crashed_actor_is_lost_and_says_so(world: World) -> None:
    def keep(probe: Probe) -> None:
        probe.kept.append(probe.context.keep_reply())
        probe.context.address.tell(boom)

    world.start(world.child("a", lambda: Probe(world), poison_after=1))
    with pytest.raises(Rejected) as refusal:
        world.ask("root/a", keep)
    assert refusal.value.code == "lost"


def test_a_reply_kept_by_the_handler_that_crashes_goes_to_the_redelivery(world: World) -> None:
    def keep(probe: Probe) -> None:
        kept = probe.context.keep_reply()
        if probe.context.epoch == 1:
            raise ValueError("boom")
        kept.answer("second life")

    world.start(world.child("a", lambda: Probe(world)))
    assert world.ask("root/a", keep) == "second life"


class Asker(Actor):
    """Asks another actor what it is told to ask, and writes down what comes back."""

    def __init__(self, world: World) -> None:
        self.world = world

    def receive(self, message: Any) -> None:
        match message:
            case ("ask", name, question):
                self.context.address_of(name).tell(question, reply_to=self.context.address)
            case _:
                self.world.write(message)


def test_an_actor_gets_its_answer_as_a_letter(world: World) -> None:
    world.start(world.child("a", lambda: Probe(world)), world.child("asker", lambda: Asker(world)))
    world.address("root/asker").tell(("ask", "root/a", "hello"))
    world.until(lambda: "hello" in world.log)


def test_an_actor_gets_refusals_burials_and_silence_as_letters(world: World) -> None:
    def refuse(probe: Probe) -> None:
        raise Rejected("no", "because")

    def say_nothing(probe: Probe) -> None:
        pass

    world.start(
        world.child("a", lambda: Probe(world), poison_after=1),
        world.child("asker", lambda: Asker(world)),
        world.child("gone", lambda: Probe(world)),
    )
    world.ask("root", StopChild("gone"))
    for name, question in (
        ("root/a", refuse),
        ("root/a", boom),
        ("root/a", say_nothing),
        ("root/gone", "hello"),
    ):
        world.address("root/asker").tell(("ask", name, question))

    def codes() -> dict[object, str]:
        return {entry.message: entry.code for entry in world.log if isinstance(entry, Refused)}

    world.until(lambda: len(codes()) == 4)
    assert codes() == {
        refuse: "no",
        boom: "dead_lettered",
        say_nothing: "unanswered",
        "hello": "undeliverable",
    }


def test_a_full_mailbox_turns_letters_away_and_recovers(world: World) -> None:
    address = world.address("root/a")
    world.start(world.child("a", lambda: Probe(world), capacity=3), world.child("b", Actor))
    entered, go_on = threading.Event(), threading.Event()

    def wait(probe: Probe) -> None:
        entered.set()
        go_on.wait(10)

    if world.live:
        address.tell(wait)
        assert entered.wait(10)
    for number in range(3):
        address.tell(number)
    with pytest.raises(MailboxFull):
        address.tell("too much")
    with pytest.raises(MailboxFull):
        address.ask("too much")
    address.tell("urgent", system=True)
    go_on.set()
    world.until(lambda: world.view("root/a").depth == 0)
    assert world.ask("root/a", "again") == "again"
    assert world.view("root/a").rejected == 2
    assert [entry[0] for entry in world.log] == ["started", "urgent", 0, 1, 2, "again"]


def test_no_actor_waits_for_a_reply(world: World) -> None:
    def wait(probe: Probe) -> None:
        reply = probe.context.address_of("root/b").ask("x")
        with pytest.raises(RuntimeError, match="must not wait"):
            reply.get(1)
        probe.context.reply("refused")

    world.start(world.child("a", lambda: Probe(world)), world.child("b", lambda: Probe(world)))
    assert world.ask("root/a", wait) == "refused"


def test_an_address_that_was_stopped_for_good_says_so(world: World) -> None:
    world.start(world.child("a", lambda: Probe(world)))
    world.ask("root", StopChild("a"))
    with pytest.raises(Undeliverable):
        world.ask("root/a", "x")
    world.address("root/a").tell("y")
    assert [letter.message for letter in world.runtime.dead_letters.list()] == ["'y'"]
    world.address("root/a").tell("tick", conflate="tick")
    assert len(world.runtime.dead_letters) == 1


def test_after_the_stop_of_everything_asks_are_told(world: World) -> None:
    world.start(world.child("a", lambda: Probe(world)))
    world.runtime.stop()
    with pytest.raises(Undeliverable):
        world.address("root/a").ask("x").get(1)


def test_a_poisonous_letter_is_buried_and_can_be_sent_again(world: World) -> None:
    deadly = True

    def poison(probe: Probe) -> None:
        probe.world.write("tasted")
        if deadly:
            raise ValueError("bitter")

    world.start(world.child("a", lambda: Probe(world), poison_after=2))
    with pytest.raises(DeadLettered, match="bitter"):
        world.ask("root/a", poison)
    assert world.ask("root/a", "fine") == "fine"
    assert world.log.count("tasted") == 2
    (letter,) = world.runtime.dead_letters.list()
    assert (letter.address, letter.attempts) == ("root/a", 2)
    assert "bitter" in letter.error
    assert "ValueError" in letter.trace

    deadly = False
    world.runtime.dead_letters.resend(letter.id)
    world.until(lambda: world.log.count("tasted") == 3)
    assert world.runtime.dead_letters.list() == ()
    with pytest.raises(KeyError):
        world.runtime.dead_letters.drop(letter.id)


def test_the_letter_that_crashed_comes_first_again(world: World) -> None:
    def crash_once(probe: Probe) -> None:
        if probe.context.epoch == 1:
            raise ValueError("boom")
        probe.world.write(("redelivered", probe.name, probe.context.epoch))

    world.address("root/a").tell(crash_once)
    world.address("root/a").tell("later")
    world.start(world.child("a", lambda: Probe(world)))
    world.until(lambda: ("later", "a", 2) in world.log)
    assert world.log == [
        ("started", "a", 1),
        ("started", "a", 2),
        ("redelivered", "a", 2),
        ("later", "a", 2),
    ]


def test_the_first_answer_counts() -> None:
    reply: Reply[int] = Reply()
    reply.settle(1, None)
    reply.settle(2, None)
    reply.settle(None, Rejected("late", "too late"))
    assert reply.get(0) == 1


def test_a_question_the_runtime_closed_gets_no_second_answer(simulated: World) -> None:
    def keep(probe: Probe) -> None:
        kept.append(probe.context.keep_reply())

    kept: list[ReplyTo] = []
    simulated.start(
        simulated.child("a", lambda: Probe(simulated)),
        simulated.child("asker", lambda: Asker(simulated)),
    )
    runtime = simulated.runtime
    assert isinstance(runtime, SimulatedRuntime)
    runtime.address("root/asker").tell(("ask", "root/a", keep))
    runtime.run_until_idle()
    runtime.crash("root/a")
    kept[0].answer("too late")
    runtime.run_until_idle()
    (answer,) = [entry for entry in simulated.log if not isinstance(entry, tuple)]
    assert isinstance(answer, Refused)
    assert answer.code == "lost"


@pytest.mark.parametrize("kind", ["threaded", "pooled"])
def test_await_does_not_block_the_loop(kind: Any) -> None:
    world = World(kind)
    world.start(world.child("a", lambda: Probe(world)))
    gate = threading.Event()

    def wait(probe: Probe) -> None:
        gate.wait(10)
        probe.context.reply("open")

    async def both() -> Any:
        reply = world.address("root/a").ask(wait)
        asyncio.get_running_loop().call_soon(gate.set)  # runs only if the loop is free
        return await asyncio.wait_for(reply, 10)

    async def many() -> list[Any]:
        return list(await asyncio.gather(*(world.address("root/a").ask(n) for n in range(200))))

    async def timed_out() -> None:
        gate.clear()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(world.address("root/a").ask(wait), 0.01)
        gate.set()

    async def rejected() -> None:
        with pytest.raises(Rejected):
            await world.address("root/a").ask(lambda probe: None)

    try:
        assert asyncio.run(both()) == "open"
        assert asyncio.run(many()) == list(range(200))
        asyncio.run(timed_out())
        asyncio.run(rejected())
    finally:
        world.runtime.stop()


def test_a_reply_that_does_not_come_times_out(world: World) -> None:
    if world.live:
        with pytest.raises(TimeoutError):
            world.address("root/nobody").ask("x").get(0.01)
    else:
        with pytest.raises(TimeoutError):
            world.runtime.ask("root/nobody", "x", seconds(5))  # type: ignore[union-attr]
