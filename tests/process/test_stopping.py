"""Ctrl-C, SIGTERM and the end of the span: in order, and the next run goes on from there."""

import signal
import time
from pathlib import Path

import pytest

from tests.process.books import Window, check_at_rest, check_nothing_forgotten, read_books
from tests.process.bot import BUSY, DATABASE, PATIENCE, perpcarry, running, write_settings

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
    first = read_books(folder)
    check_at_rest(first)
    assert first.active

    with running(folder) as bot:
        bot.until(lambda: window.cycle() > first_cycle(first.cycle), "the next cycles")
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


def test_interrupted_before_anything_has_happened(folder: Path) -> None:
    with running(folder) as bot:
        time.sleep(0.05)
        ended = bot.interrupt()
    assert ended.code in (INTERRUPTED, -signal.SIGINT)
    assert "Traceback" not in ended.err or ended.code == -signal.SIGINT


def test_the_end_of_the_span(folder: Path) -> None:
    ended = perpcarry(folder, "run", "--until", "2025-03-01T12:00")
    assert "Closed trades" in ended.succeeds()
    check_at_rest(read_books(folder))


def test_a_first_run_that_came_to_nothing_does_not_keep_the_next_from_trading(folder: Path) -> None:
    """Killed between making the account and the bot's start."""
    perpcarry(
        folder, "run", "--until", "2025-03-01T01:00", "--set", "trading.autostart=false"
    ).succeeds()
    window = Window(folder)
    assert (folder / DATABASE).exists()
    assert window.cycle() == 0
    with running(folder) as bot:
        bot.until(lambda: window.cycle() > 0, "the first cycle")


def test_a_person_who_has_stopped_it_finds_it_stopped(folder: Path) -> None:
    """A restart of the process is no start of the bot."""


def test_ctrl_c_does_not_wait_for_ever(folder: Path) -> None:
    """An order that was never sent is given up after a minute: nobody has to wait for that."""
    window = Window(folder)
    with running(folder, "--set", "paper.latency=3m") as bot:
        bot.until(lambda: bool(window.open_orders()), "an order")
        bot.kill()
    lost = window.open_orders()
    if lost <= {one.client_id for one in read_books(folder).orders}:
        pytest.skip("every order had arrived")
    with running(folder) as bot:
        events = window.count("events")
        bot.until(lambda: window.count("events") > events, "its start")
        since = time.monotonic()
        ended = bot.interrupt()
    assert time.monotonic() - since < PATIENCE * 0.9
    assert ended.code == INTERRUPTED
    for client_id in window.open_orders():
        assert client_id in ended.out
