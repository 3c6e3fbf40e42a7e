"""What the runtime costs, as ratios to bare Pykka and to plain function calls.

Run with `make bench`. The figures are printed; the assertions are loose, for a shared machine.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

import pykka
import pytest

from actors.runtime import (
    Actor,
    Address,
    Backoff,
    ChildSpec,
    LiveRuntime,
    SimulatedRuntime,
    SupervisorSpec,
)

pytestmark = pytest.mark.benchmark

TELLS = 50_000
ASKS = 2_000
MANY = 1_000


class Counter(Actor):
    """Counts what it is told; says so when it has seen the last."""

    def __init__(self, done: threading.Event | None = None, last: int = 0) -> None:
        self.seen = 0
        self.done = done
        self.last = last

    def receive(self, message: Any) -> None:
        self.seen += 1
        if message == "crash":
            raise ValueError("crash")
        self.context.reply(message)
        if self.seen == self.last and self.done is not None:
            self.done.set()


class BareCounter(pykka.ThreadingActor):
    use_daemon_thread = True

    def __init__(self, done: threading.Event | None = None, last: int = 0) -> None:
        super().__init__()
        self.seen = 0
        self.done = done
        self.last = last

    def on_receive(self, message: Any) -> Any:
        self.seen += 1
        if self.seen == self.last and self.done is not None:
            self.done.set()
        return message


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    yield
    pykka.ActorRegistry.stop_all()


def timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def started(*children: ChildSpec) -> LiveRuntime:
    runtime = LiveRuntime()
    backoff = Backoff(base=timedelta(milliseconds=1), cap=timedelta(milliseconds=1))
    runtime.start(SupervisorSpec("root", children=children, max_restarts=10**6, backoff=backoff))
    return runtime


def tells(dispatch: Any) -> float:
    """Letters per second from one thread to one actor, until the last is handled."""
    done = threading.Event()
    runtime = started(
        ChildSpec("a", lambda: Counter(done, TELLS), dispatch=dispatch, capacity=TELLS)
    )
    address = runtime.address("root/a")

    def act() -> None:
        for number in range(TELLS):
            address.tell(number)
        done.wait(60)

    seconds = timed(act)
    runtime.stop()
    return TELLS / seconds


def bare_tells() -> float:
    done = threading.Event()
    ref = BareCounter.start(done, TELLS)

    def act() -> None:
        for number in range(TELLS):
            ref.tell(number)
        done.wait(60)

    return TELLS / timed(act)


def plain_calls() -> float:
    class Plain:
        seen = 0

        def receive(self, message: Any) -> None:
            self.seen += 1

    plain = Plain()

    def act() -> None:
        for number in range(TELLS):
            plain.receive(number)

    return TELLS / timed(act)


def test_tell_throughput() -> None:
    bare, plain = bare_tells(), plain_calls()
    print(f"\ntell, one actor: bare Pykka {bare:,.0f}/s, plain calls {plain:,.0f}/s")
    for dispatch in ("thread", "pool"):
        ours = tells(dispatch)
        print(
            f"  {dispatch}: {ours:,.0f}/s = {ours / bare:.2f} x Pykka, 1/{plain / ours:.0f} calls"
        )
        assert ours > bare / 5


def ask_p50(ask: Callable[[int], Any]) -> float:
    return median(timed(lambda n=n: ask(n)) for n in range(ASKS))  # type: ignore[misc]


def test_ask() -> None:
    ref = BareCounter.start()
    bare = ask_p50(ref.ask)
    print(f"\nask p50: bare Pykka {bare * 1e6:.0f} us")
    for dispatch in ("thread", "pool"):
        runtime = started(ChildSpec("a", Counter, dispatch=dispatch))
        address = runtime.address("root/a")
        ours = ask_p50(lambda n, address=address: address.ask(n).get(5))  # type: ignore[misc]
        print(f"  {dispatch}: {ours * 1e6:.0f} us = {ours / bare:.2f} x Pykka")
        runtime.stop()
        assert ours < 10 * bare


def test_fan_out_and_gather() -> None:
    """One snapshot told to 1,000 actors, their answers gathered by one actor that was asked."""

    class Gatherer(Actor):
        def started(self) -> None:
            self.targets: list[Address] = [
                self.context.address_of(f"root/x{n}") for n in range(MANY)
            ]
            self.missing = 0

        def receive(self, message: Any) -> None:
            if message == "go":
                self.reply = self.context.keep_reply()
                self.missing = MANY
                for target in self.targets:
                    target.tell(1, reply_to=self.context.address)
            else:
                self.missing -= 1
                if self.missing == 0:
                    self.reply.answer("all")

    refs = [BareCounter.start() for _ in range(MANY)]

    def bare_round() -> None:
        pykka.get_all([ref.ask(1, block=False) for ref in refs])

    bare_round()
    bare = median(timed(bare_round) for _ in range(15))
    pykka.ActorRegistry.stop_all()
    runtime = started(
        *(ChildSpec(f"x{n}", Counter, dispatch="pool") for n in range(MANY)),
        ChildSpec("gatherer", Gatherer),
    )
    gatherer = runtime.address("root/gatherer")
    gatherer.ask("go").get(30)
    ours = median(timed(lambda: gatherer.ask("go").get(30)) for _ in range(30))
    runtime.stop()
    print(
        f"\nfan-out to {MANY} and gather, p50: {ours * 1e3:.1f} ms;"
        f" bare Pykka {bare * 1e3:.1f} ms = {ours / bare:.2f} x"
    )
    assert ours < 0.2


@pytest.mark.parametrize("dispatch", ["thread", "pool"])
def test_crash_to_answer(dispatch: Any) -> None:
    """A crash, to the next answer of the same address, among 1,000 supervised siblings."""
    runtime = started(
        *(
            ChildSpec(f"x{n}", Counter, dispatch=dispatch, poison_after=1)
            for n in range(MANY if dispatch == "pool" else 50)
        )
    )
    spans = []
    for n in range(40):
        address = runtime.address(f"root/x{n}")

        def act(address: Address = address) -> None:
            address.tell("crash")
            address.ask("hello").get(10)

        spans.append(timed(act))
    runtime.stop()
    p50, longest = median(spans) * 1e3, max(spans) * 1e3
    print(f"\ncrash to answer, {dispatch}: p50 {p50:.2f} ms, longest {longest:.1f} ms")
    assert median(spans) < 0.05


def test_start_and_stop_of_many() -> None:
    runtime = LiveRuntime()
    children = [ChildSpec(f"x{n}", Counter, dispatch="pool") for n in range(MANY)]
    up = timed(lambda: runtime.start(SupervisorSpec("root", children=children)))
    view = timed(runtime.observe)
    down = timed(runtime.stop)
    print(f"\n{MANY} actors: start {up:.2f} s, observe {view * 1e3:.1f} ms, stop {down:.2f} s")
    assert up + down < 10


@pytest.mark.parametrize("ordering", ["seeded", "fifo"])
def test_simulated_letters(ordering: Any) -> None:
    class Hub(Actor):
        def started(self) -> None:
            self.peers = [self.context.address_of(f"root/p{n}") for n in range(20)]
            self.context.every("go", timedelta(seconds=1), "go")

        def receive(self, message: Any) -> None:
            if message == "go":
                for peer in self.peers:
                    peer.tell(1, reply_to=self.context.address)

    runtime = SimulatedRuntime(datetime(2025, 1, 1, tzinfo=UTC), 1, ordering=ordering)
    children = [*(ChildSpec(f"p{n}", Counter) for n in range(20)), ChildSpec("hub", Hub)]
    runtime.start(SupervisorSpec("root", children=children))
    seconds = timed(lambda: runtime.run_for(timedelta(seconds=2500)))
    handled = sum(view.handled for view in runtime.observe())
    runtime.stop()
    rate, plain = handled / seconds, plain_calls()
    print(f"\nsimulated ({ordering}): {rate:,.0f} letters/s, 1/{plain / rate:.0f} of plain calls")
    assert rate > 20_000
