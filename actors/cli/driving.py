"""Driving a session: with the clock, or as fast as the machine can; and ending it in order."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from actors.cli.session import Session
from actors.orchestrator.messages import BotState, GetState, Shutdown, Start, StateChanged
from actors.runtime import Address, LiveRuntime, SimulatedRuntime
from actors.system import recorder, tree

ANSWER_SECONDS = 30.0
STEP = timedelta(hours=6)
"""Replay time between two looks at the progress and at Ctrl-C."""

Told = Callable[[datetime], None]
"""Called every now and then with how far the replay has come."""


def drive(session: Session, stop: threading.Event, told: Told) -> None:
    """Run to the end of the span, or until ``stop`` is set; then end in order.

    With a front end, the house stays open after the end of the span until ``stop`` is set.
    """
    runtime = session.runtime
    recorder(runtime)
    runtime.start(tree(runtime, session.house))
    try:
        if isinstance(runtime, SimulatedRuntime):
            _at_full_speed(runtime, session, stop, told)
        else:
            assert isinstance(runtime, LiveRuntime)
            _by_the_clock(runtime, session, stop, told)
    finally:
        runtime.stop()


@contextmanager
def interruptible() -> Iterator[threading.Event]:
    """An event that Ctrl-C and SIGTERM set, for as long as the block runs."""
    stop = threading.Event()
    before = {
        number: signal.signal(number, lambda *_: stop.set())
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _by_the_clock(
    runtime: LiveRuntime, session: Session, stop: threading.Event, told: Told
) -> None:
    def ask(address: Address, message: object) -> Any:
        return address.ask(message).get(ANSWER_SECONDS)

    orchestrator = runtime.address("root/orchestrator")
    _begin(session, lambda message: ask(orchestrator, message))
    ended = False
    while not stop.wait(0.25) and not runtime.failed.is_set():
        now = runtime.clock.now()
        told(min(now, session.until))
        if now >= session.until and not ended:
            ended = True
            ask(orchestrator, Shutdown())
            if session.house.web is None:
                return
    if not ended and not runtime.failed.is_set():
        ask(orchestrator, Shutdown())


def _at_full_speed(
    runtime: SimulatedRuntime, session: Session, stop: threading.Event, told: Told
) -> None:
    orchestrator = runtime.address("root/orchestrator")

    def ask(message: object) -> Any:
        return runtime.ask(orchestrator, message, timedelta(minutes=30))

    _begin(session, ask)
    while runtime.now < session.until and not stop.is_set() and not runtime.failed.is_set():
        runtime.run_until(min(runtime.now + STEP, session.until))
        told(runtime.now)
    if runtime.failed.is_set():
        return
    ask(Shutdown())
    while session.house.web is not None and not stop.is_set():
        runtime.pump(0.25)


def _begin(session: Session, ask: Callable[[object], Any]) -> None:
    """Start the bot, unless a person has stopped it or the settings say to wait."""
    state = ask(GetState())
    assert isinstance(state, StateChanged)
    new = not session.resumed
    if state.state is BotState.STOPPED and new and session.house.settings.trading.autostart:
        ask(Start())
