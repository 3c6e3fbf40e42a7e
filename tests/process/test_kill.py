"""``kill -9`` in the middle of opening and closing, again and again, on one store."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random, SystemRandom

import pytest

from tests.process.books import (
    Books,
    Window,
    check_always,
    check_at_rest,
    check_nothing_forgotten,
    read_books,
)
from tests.process.bot import BUSY, Bot, perpcarry, running, write_settings

SLOW_VENUE = ("--set", "paper.latency=3m")
"""Of the replay: a kill has some milliseconds to hit an order on its way there or back."""
SETTLE_SPAN = timedelta(hours=4)
"""Of the replay: what a kill has left must have come to rest by then."""


@pytest.mark.timeout(300)
def test_killed_in_the_middle_of_opening_and_closing(tmp_path: Path) -> None:
    havoc = _wreak(tmp_path, kills=10)
    assert havoc.with_open_orders > 0


@pytest.mark.soak
def test_killed_fifty_times(tmp_path: Path) -> None:
    havoc = _wreak(tmp_path, kills=50)
    assert havoc.with_open_orders >= 15


@pytest.mark.soak
def test_mends_on_the_clock_too(tmp_path: Path) -> None:
    """Not only at full speed: an order that was never sent is given up after a minute."""
    write_settings(tmp_path, BUSY)
    havoc, window = Havoc(tmp_path, Random(0)), Window(tmp_path)
    while havoc.never_sent == 0:
        havoc.kill_once("order")
    lost = window.open_orders()
    with running(tmp_path) as bot:
        bot.until(lambda: not lost & window.open_orders(), "an outcome of each", patience=150)
        assert bot.interrupt().code == 130
    check_at_rest(read_books(tmp_path))


def _wreak(folder: Path, kills: int) -> "Havoc":
    seed = SystemRandom().getrandbits(32)
    print(f"seed {seed}")
    write_settings(folder, BUSY)
    havoc = Havoc(folder, Random(seed))
    while havoc.kills < kills:
        havoc.kill_once()
        if havoc.kills < kills and havoc.random.random() < 0.25:
            havoc.kill_once("recovery")
        havoc.settle()
    out = perpcarry(folder, "verify-ledger").succeeds()
    print(havoc.told(), out)
    return havoc


@dataclass
class Havoc:
    """One store, and a bot on it that is killed at moments drawn by lot."""

    folder: Path
    random: Random
    kills: int = 0
    with_open_orders: int = 0
    orders_open: int = 0
    never_sent: int = 0
    """Of the orders open at a kill, those that had not reached the exchange."""
    in_recovery: int = 0
    last: Books | None = None

    def kill_once(self, moment: str = "") -> None:
        """Run the bot to some moment, kill it, and look at what is on disk."""
        window = Window(self.folder)
        moment = moment or self.random.choice(("order", "order", "order", "cycle"))
        options = SLOW_VENUE if self.random.random() < 0.8 else ("--speed", "max")
        with running(self.folder, *options) as bot:
            self._wait(bot, window, moment)
            bot.kill()
        self.kills += 1
        books = read_books(self.folder)
        self._look(books)
        still_open = [one for one in books.intents.values() if not one.status.is_final]
        arrived = {order.client_id for order in books.orders}
        self.with_open_orders += bool(still_open)
        self.orders_open += len(still_open)
        self.never_sent += sum(one.client_id not in arrived for one in still_open)
        self.in_recovery += moment == "recovery"

    def settle(self) -> None:
        """Let it come to rest, end it in order, and check everything to the last digit.

        At full speed: an order that was never sent is given up after a minute of the machine's
        time, or of the replay's.
        """
        assert self.last is not None
        until = self.last.last_at + SETTLE_SPAN
        perpcarry(
            self.folder, "run", "--speed", "max", "--until", f"{until:%Y-%m-%dT%H:%M}"
        ).succeeds()
        books = read_books(self.folder)
        self._look(books)
        check_at_rest(books)

    def told(self) -> str:
        assert self.last is not None
        return (
            f"{self.kills} kills, {self.with_open_orders} of them with {self.orders_open} orders"
            f" open ({self.never_sent} never sent), {self.in_recovery} before trading had"
            f" begun again; {len(self.last.orders)} orders, {len(self.last.positions)} positions"
        )

    def _wait(self, bot: Bot, window: Window, moment: str) -> None:
        """Until the moment; then a little longer, drawn by lot."""
        cycle, orders, events = window.cycle(), window.count("intents"), window.count("events")

        def new_order_is_open() -> bool:
            return window.count("intents") > orders and bool(window.open_orders())

        waits: dict[str, tuple[Callable[[], bool], float]] = {
            "order": (new_order_is_open, 0.03),
            "cycle": (lambda: window.cycle() > cycle, 1.0),
            "recovery": (lambda: window.count("events") > events, 0.5),
        }
        happened, at_most = waits[moment]
        bot.until(happened, moment)
        time.sleep(self.random.uniform(0, at_most))

    def _look(self, books: Books) -> None:
        check_always(books)
        if self.last is not None:
            check_nothing_forgotten(self.last, books)
        self.last = books
