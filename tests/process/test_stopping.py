"""Ctrl-C, SIGTERM and the end of the span: in order, and the next run goes on from there."""

import signal
import time
from dataclasses import replace
from pathlib import Path

import pytest

from actors.cli.driving import SHUTDOWN_SECONDS
from actors.domain.orders import OrderStatus
from tests.process.books import (
    Window,
    check_at_rest,
    check_nothing_forgotten,
    opened,
    read_books,
)
from tests.process.bot import BUSY, Dashboard, free_port, perpcarry, running, write_settings

INTERRUPTED = 130


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_settings(tmp_path, BUSY)
    return tmp_path


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted(folder: Path, number: signal.Signals) -> None:
    window = Window(folder)
    with running(folder) as bot:
        bot.until(lambda: window.count("fills") > 4, "some trades")
        ended = bot.interrupt(number)
    assert ended.code == INTERRUPTED
    assert ended.err == ""
    for title in ("Replaying binance from 2025-03-01 00:00", "Open positions", "Account"):
        assert title in ended.out
    first, cycle = read_books(folder), window.cycle()
    check_at_rest(first)
    assert first.active

    with running(folder) as bot:
        bot.until(lambda: window.cycle() > cycle + 1, "the next cycles")
        ended = bot.interrupt(number)
    assert f"Carrying on binance from {first.last_at:%Y-%m-%d %H:%M}" in ended.out
    second = read_books(folder)
    check_nothing_forgotten(first, second)
    check_at_rest(second)
    perpcarry(folder, "verify-ledger").succeeds()


def test_interrupted_at_full_speed(folder: Path) -> None:
    window = Window(folder)
    with running(folder, "--speed", "max") as bot:
        bot.until(lambda: window.count("fills") > 4, "some trades")
        ended = bot.interrupt()
    assert ended.code == INTERRUPTED
    check_at_rest(read_books(folder))


def test_the_end_of_the_span(folder: Path) -> None:
    ended = perpcarry(folder, "run", "--until", "2025-03-01T12:00")
    assert "Closed trades" in ended.succeeds()
    check_at_rest(read_books(folder))


def test_a_run_without_a_start_leaves_the_start_to_the_next(folder: Path) -> None:
    """As when the first run is killed before its bot was started."""
    window = Window(folder)
    until = ("--until", "2025-03-01T01:00")
    perpcarry(folder, "run", *until, "--set", "trading.autostart=false").succeeds()
    assert window.cycle() == 0
    with running(folder) as bot:
        bot.until(lambda: window.cycle() > 0, "the first cycle")


def test_who_has_stopped_the_bot_finds_it_stopped(folder: Path) -> None:
    """To start the process again is not to start the bot."""
    window, dashboard = Window(folder), Dashboard(free_port())
    with running(folder, *dashboard.options) as bot:
        bot.until(lambda: window.count("fills") > 4, "some trades")
        dashboard.post("/stop")
        bot.until(lambda: dashboard.get("/health")["bot"] == "stopped", "the stop")
        assert bot.interrupt().code == INTERRUPTED
    books, cycle = read_books(folder), window.cycle()
    check_at_rest(books)
    assert not books.active
    assert not books.exchange.perps
    with running(folder, *dashboard.options) as bot:
        bot.until(dashboard.answers, "the dashboard")
        assert dashboard.get("/health")["bot"] == "stopped"
        dashboard.post("/start")
        bot.until(lambda: window.cycle() > cycle, "a cycle")
        assert bot.interrupt().code == INTERRUPTED


def test_ctrl_c_does_not_wait_for_an_order_that_was_never_sent(folder: Path) -> None:
    """Such an order is given up after a minute; it stays on record, and is named."""
    until = ("--speed", "max", "--until", "2025-03-01T04:00")
    perpcarry(folder, "run", *until).succeeds()
    lost = intend_an_order(folder)
    window = Window(folder)
    with running(folder) as bot:
        events = window.count("events")
        bot.until(lambda: window.count("events") > events, "its start")
        since = time.monotonic()
        ended = bot.interrupt()
    assert time.monotonic() - since < SHUTDOWN_SECONDS + 15
    assert ended.code == INTERRUPTED
    assert ended.err == ""
    assert lost in ended.out
    assert lost in window.open_orders()


def intend_an_order(folder: Path) -> str:
    """As if the bot had been killed after it wrote an order down and before it sent it."""
    books = read_books(folder)
    position = books.active[0]
    last = position.intents[-1]
    lost = replace(
        last,
        client_id=f"{last.client_id[:-1]}9",
        attempt=9,
        intended_at=books.last_at,
        status=OrderStatus.INTENDED,
        fills=(),
        resolved_at=None,
    )
    with opened(folder) as store, store.transaction() as tx:
        tx.positions.add_intents([lost])
    return lost.client_id
