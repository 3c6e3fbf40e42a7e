"""One face for three runtimes, so that one suite runs on threads, in the pool, and simulated."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from actors.runtime import (
    Actor,
    ActorView,
    Address,
    ChildSpec,
    LiveRuntime,
    RuntimeEvent,
    SimulatedRuntime,
    SupervisorSpec,
)

START = datetime(2025, 1, 1, tzinfo=UTC)
Kind = Literal["threaded", "pooled", "simulated"]


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


class World:
    """A runtime with a log of its events and of whatever the actors under test write down."""

    def __init__(self, kind: Kind, seed: int = 1) -> None:
        self.kind = kind
        self.events: list[RuntimeEvent] = []
        self.log: list[Any] = []
        self._news = threading.Condition()
        self.runtime: LiveRuntime | SimulatedRuntime
        if kind == "simulated":
            self.runtime = SimulatedRuntime(START, seed, on_event=self._on_event)
        else:
            self.runtime = LiveRuntime(on_event=self._on_event)

    @property
    def live(self) -> bool:
        return self.kind != "simulated"

    def child(self, name: str, factory: Callable[[], Actor], **options: Any) -> ChildSpec:
        spec = ChildSpec(name, factory, **options)
        return replace(spec, dispatch="pool") if self.kind == "pooled" else spec

    def start(self, *children: ChildSpec | SupervisorSpec, **options: Any) -> None:
        options.setdefault("max_restarts", 1000)
        self.runtime.start(SupervisorSpec("root", children=children, **options))

    def write(self, entry: Any) -> None:
        """Actors under test write here what they did."""
        with self._news:
            self.log.append(entry)
            self._news.notify_all()

    def address(self, name: str) -> Address:
        return self.runtime.address(name)

    def ask(self, name: str, message: object, timeout: float = 20.0) -> Any:
        if isinstance(self.runtime, SimulatedRuntime):
            # Virtual time costs nothing: backoffs may take their time.
            return self.runtime.ask(name, message, seconds(max(timeout, 600)))
        return self.runtime.address(name).ask(message).get(timeout)

    def until(self, happened: Callable[[], bool], timeout: float = 20.0) -> None:
        """Run until it has happened; everything that is waited for makes news."""
        if isinstance(self.runtime, SimulatedRuntime):
            limit = self.runtime.now + seconds(max(timeout, 600))
            while not happened():
                assert self.runtime.now < limit, "it did not happen"
                assert self.runtime.step(), "nothing more will happen"
            return
        deadline = time.monotonic() + timeout
        with self._news:
            while not happened():
                left = deadline - time.monotonic()
                assert left > 0, "it did not happen"
                self._news.wait(min(left, 0.02))

    def seen(self, kind: str, address: str) -> list[RuntimeEvent]:
        return [e for e in list(self.events) if (e.kind, e.address) == (kind, address)]

    def view(self, name: str) -> ActorView:
        return next(view for view in self.runtime.observe() if view.address == name)

    def _on_event(self, event: RuntimeEvent) -> None:
        with self._news:
            self.events.append(event)
            self._news.notify_all()


class Probe(Actor):
    """Does what it is told, and writes it down: ("started" | "stopped" | message, name, epoch)."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.kept: list[Any] = []

    @property
    def name(self) -> str:
        return self.context.address.name.removeprefix("root/")

    def started(self) -> None:
        self.world.write(("started", self.name, self.context.epoch))

    def stopped(self) -> None:
        self.world.write(("stopped", self.name, self.context.epoch))

    def receive(self, message: Any) -> None:
        if callable(message):
            message(self)
        else:
            self.world.write((message, self.name, self.context.epoch))
            self.context.reply(message)


def boom(probe: Probe) -> None:
    raise ValueError("boom")


def answer_epoch(probe: Probe) -> None:
    probe.context.reply(probe.context.epoch)
