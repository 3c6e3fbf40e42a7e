"""Driving a session: with the clock, or as fast as the machine can; and ending it in order."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any

from actors.cli.session import Session
from actors.market.messages import TakeSnapshot
from actors.orchestrator.messages import GetState, Shutdown, Start
from actors.pnl.messages import MarkToMarket
from actors.runtime import DeadLettered, LiveRuntime, Rejected, SimulatedRuntime, Undeliverable
from actors.system import recorder, tree

ANSWER_SECONDS = 30.0
SHUTDOWN_SECONDS = 10.0
"""How long the end waits for orders under way; they take a second at most, or very long."""
LOOK_SECONDS = 0.25
"""Between two looks at the progress and at whether the bot gave up, on the clock."""
STEP = timedelta(hours=6)
"""Replay time between two looks at the progress and at Ctrl-C."""

NO_ANSWER = (TimeoutError, Rejected, DeadLettered, Undeliverable)

Ask = Callable[[str, object], Any]
"""Puts a question to a room of the root and waits for the answer."""
Told = Callable[[datetime], None]
"""Called every now and then with how far the replay has come."""


def drive(session: Session, stop: threading.Event, told: Told) -> None:
    """Run to the end of the span, if there is one, or until ``stop`` is set; then end in order.

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
    clock = runtime.clock

    def ask(room: str, message: object) -> Any:
        patience = SHUTDOWN_SECONDS if isinstance(message, Shutdown) else ANSWER_SECONDS
        return runtime.address(f"root/{room}").ask(message).get(patience)

    _begin(session, ask)
    stays_open = session.house.web is not None
    ended = False
    while not stop.is_set() and not runtime.failed.is_set():
        left = None if session.until is None else session.until - clock.now()
        if left is None:
            stop.wait(LOOK_SECONDS)
            continue
        if left <= timedelta() and not ended:
            ended = True
            _shut_down(ask)
            if not stays_open:
                return
        told(clock.now() + min(left, timedelta()))
        to_the_end = clock.real_seconds(left // timedelta(microseconds=1))
        stop.wait(LOOK_SECONDS if ended else min(LOOK_SECONDS, to_the_end))
    if not ended and not runtime.failed.is_set():
        _shut_down(ask)


def _at_full_speed(
    runtime: SimulatedRuntime, session: Session, stop: threading.Event, told: Told
) -> None:
    def ask(room: str, message: object) -> Any:
        return runtime.ask(f"root/{room}", message, timedelta(minutes=30))

    assert session.until is not None
    _begin(session, ask)
    while runtime.now < session.until and not stop.is_set() and not runtime.failed.is_set():
        runtime.run_until(min(runtime.now + STEP, session.until))
        told(runtime.now)
    if runtime.failed.is_set():
        return
    _shut_down(ask)
    while session.house.web is not None and not stop.is_set():
        runtime.pump(0.25)


def _begin(session: Session, ask: Ask) -> None:
    """Start the bot at its first run, unless the settings say to wait.

    Later it is in the state in which it was left: stopped, if a person has stopped it.
    """
    if session.never_started and session.house.settings.trading.autostart:
        ask("orchestrator", Start())


def _shut_down(ask: Ask) -> None:
    """Let no new order out, wait for those under way, and bring the books up to date.

    Whoever does not answer in time is left alone: what becomes of an order that is still out, or
    of a payment, the next run finds out.
    """
    with suppress(*NO_ANSWER):
        ask("orchestrator", Shutdown())
    with suppress(*NO_ANSWER):
        cycle = ask("orchestrator", GetState()).cycle
        market = ask("market", TakeSnapshot(cycle)).snapshot
        ask("pnl", MarkToMarket(market))
