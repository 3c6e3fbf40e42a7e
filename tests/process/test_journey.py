"""A person uses the whole dashboard of a running bot, in a real browser."""

import csv
import io
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.chromium import chromium
from tests.process.bot import Dashboard, free_port, running, write_settings
from tests.process.tabs import SOON, Person, Tab

pytestmark = pytest.mark.browser

SETTINGS: dict[str, Any] = {
    "historical": {"from": "2024-11-10", "speed": 20_000},
    "trading": {"autostart": False},
    "dashboard": {"update_interval": "300ms"},
    "store": {"url": "sqlite:///books.db"},
}
TRADING = ("--set", "trading.autostart=true")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def person(browser: Any) -> Iterator[Person]:
    made = Person(browser, f"http://127.0.0.1:{free_port()}/")
    yield made
    made.context.close()


def dashboard_of(person: Person) -> Dashboard:
    return Dashboard(int(person.base.rsplit(":", 1)[1].rstrip("/")))


def test_from_the_start_to_the_emergency_stop(person: Person, tmp_path: Path) -> None:
    write_settings(tmp_path, SETTINGS)
    dashboard = dashboard_of(person)
    with running(tmp_path, *dashboard.options) as bot:
        bot.until(dashboard.answers, "the dashboard")
        tab = person.open()
        tab.state("stopped")
        tab.command("Start", "running")
        overview(tab)
        closed = positions(tab)
        rates(tab)
        history(tab, closed)
        analytics(tab)
        settings(tab)
        system(tab)
        ends(tab)
        second = person.open()
        for one in ("#state", "#equity", "#result", "#balance", "#why", "#events"):
            expect(second.page.locator(one)).to_have_text(
                tab.page.locator(one).inner_text(), timeout=SOON, use_inner_text=True
            )
        assert person.complaints == []
        assert bot.interrupt().code == 130
    assert person.crashes == []
    person.never_left_the_machine()


def overview(tab: Tab) -> None:
    tab.sees("#why", "Holding 5 positions")
    tab.drawn("#curve")
    for period, since in (
        ("Today", "since"),
        ("7 days", "since 2024-11-10"),
        ("30 days", "since"),
        ("All", "since"),
    ):
        tab.choose(period)
        tab.sees("#equity-aside", since)
    tab.sees("#result-period", "since 2024-11-10")
    tab.page.locator("#funnel").get_by_role("button", name="granted").click()
    tab.sees("#drawer-title", "Pairs granted")
    expect(tab.rows("#drawer-body")).to_have_count(5, timeout=SOON)
    tab.leave_drawer()
    tab.page.get_by_text("Coins held").click()
    tab.sees("#wallets", "BTC")
    tab.sees("#events", "is open")


def positions(tab: Tab) -> str:
    """Closes one by hand; its pair."""
    tab.go("Positions")
    rows = tab.rows("#positions")
    expect(rows).to_have_count(5, timeout=SOON)
    tab.sees("#sum", "5")
    tab.press("Size", "#positions")
    first = rows.first.get_by_role("button").first
    pair: str = first.inner_text()
    first.click()
    tab.sees("#drawer-title", f"{pair}#1")
    tab.sees("#life-decisions", "Entered because")
    tab.sees("#life-steps", "filled")
    tab.choose("Orders and fills", "#drawer")
    tab.sees("#life-count", "7 of")
    tab.choose("All", "#drawer")
    tab.leave_drawer()
    tab.command("Pause", "paused")
    rows.filter(has_text=pair).get_by_role("button", name="Close").click()
    tab.confirm("sold", "It will cost about")
    expect(rows).to_have_count(4, timeout=SOON)
    tab.sees("#notices", f"Close {pair}: done")
    tab.command("Resume", "running")
    return pair


def rates(tab: Tab) -> None:
    tab.go("Funding rates")
    rows = tab.rows("#rates")
    expect(rows).to_have_count(18, timeout=SOON)
    tab.page.get_by_label("Search for a pair").fill("btc")
    expect(rows).to_have_count(1)
    tab.sees("#count", "1 of 18 pairs")
    tab.page.get_by_label("Search for a pair").fill("")
    tab.page.get_by_label("What the bot does").select_option("held")
    expect(tab.page.locator("#count")).to_contain_text("of 18", timeout=SOON)
    tab.page.get_by_label("What the bot does").select_option("")
    tab.page.get_by_label("Volume from").select_option("1000000000")
    tab.page.get_by_label("pays the short").check()
    expect(tab.page.locator("#count")).to_contain_text("of 18", timeout=SOON)
    tab.page.get_by_label("Volume from").select_option("0")
    tab.page.get_by_label("pays the short").uncheck()
    tab.press("Pair", "#rates")
    rows.first.get_by_role("button").click()
    tab.sees("#drawer-title", "AAVE-USDT")
    tab.leave_drawer()
    tab.page.locator("#rates").get_by_role("button", name="BTC-USDT").click()
    tab.sees("#drawer-body", "Settled rates")
    tab.sees("#drawer-body", "expected funding")
    tab.drawn("#drawer-body .chart")
    tab.leave_drawer()
    tab.drawn("#heat")
    tab.choose("Most liquid")
    tab.choose("7 days")
    tab.drawn("#heat")


def history(tab: Tab, closed: str) -> None:
    tab.go("History")
    rows = tab.rows("#trades")
    expect(rows.filter(has_text=closed)).to_have_count(1, timeout=SOON)
    tab.page.get_by_role("combobox", name="Pair").fill("NONE-USDT")
    tab.sees("#trades .empty", "No closed trade matches")
    tab.page.get_by_role("combobox", name="Pair").fill(closed)
    tab.page.get_by_label("Closed from").fill("2024-11-10")
    tab.page.get_by_label("until", exact=True).fill("2026-01-01")
    tab.page.get_by_role("combobox", name="Result").select_option("loss")
    tab.page.wait_for_selector("#trades[data-loaded*=loss]", timeout=SOON)
    tab.page.get_by_role("combobox", name="Result").select_option("")
    tab.page.wait_for_selector("#trades[data-loaded$='Z']", timeout=SOON)
    with tab.page.expect_download() as download:
        tab.page.get_by_role("link", name="CSV").click()
    text = Path(download.value.path()).read_text()
    trades = list(csv.DictReader(io.StringIO(text)))
    assert [one["position_id"] for one in trades] == [f"{closed}#1"]
    tab.press("Clear")
    tab.page.wait_for_selector("#trades[data-loaded=all]", timeout=SOON)
    rows.filter(has_text=closed).get_by_role("button").click()
    tab.sees("#life-decisions", "Left because")
    tab.leave_drawer()
    tab.drawn("#cumulative")
    tab.drawn("#distribution")


def analytics(tab: Tab) -> None:
    tab.go("Analytics")
    tab.sees("#figures", "equity points")
    tab.sees("#months", "2024-11 *")
    expect(tab.rows("#pairs")).to_have_count(1, timeout=SOON)
    tab.drawn("#month-chart")


def settings(tab: Tab) -> None:
    tab.go("Settings")
    box = tab.page.get_by_role("textbox", name="Max simultaneous positions")
    expect(box).to_have_value("5", timeout=SOON)
    box.fill("0")
    tab.sees("#apply-state", "not right yet")
    expect(tab.page.locator("#save")).to_be_disabled()
    box.fill("4")
    tab.sees("#apply-list", "Max simultaneous positions: 5")
    tab.press("Apply from the next cycle")
    tab.sees("#notices", "1 changed, in force from")
    tab.sees("#version", "Version 1 is in force since cycle")
    tab.sees("#changes", "4")
    tab.press("Reset Max simultaneous positions")
    tab.press("Apply from the next cycle")
    tab.sees("#version", "Version 2 is in force since cycle")
    expect(box).to_have_value("5")


def system(tab: Tab) -> None:
    tab.go("System")
    tab.sees("#health", "SQLite")
    tab.sees("#health", "answers")
    tab.sees("#no-letters", "None: every letter could be read")
    tab.page.locator("#actors").get_by_role("button", name="market").click()
    tab.press("Restart", "#drawer")
    tab.confirm("It is stopped and started anew")
    tab.sees("#notices", "Restart root/market: done")
    tab.sees("#drawer-body", "life 2")
    tab.press("Its events", "#drawer")
    expect(tab.page.locator("#events")).to_contain_text("market", timeout=SOON)
    tab.page.get_by_label("Search the events").fill("no such event")
    tab.sees("#no-events", "")
    tab.page.get_by_label("Search the events").fill("")
    tab.choose("Warnings", "#events-card")
    tab.choose("All", "#events-card")
    tab.choose("Not well")
    tab.choose("Busy")
    tab.choose("All", "#actors-card")
    tab.page.get_by_label("Find an actor").fill("btc")
    tab.sees("#actors", "BTC-USDT")


def ends(tab: Tab) -> None:
    """By the header: restart, stop, start, emergency stop, and the halt cleared."""
    tab.go("Overview")
    tab.command("Restart", "running")
    tab.press("Stop", "#controls")
    tab.press("Cancel", "#confirm")
    tab.state("running")
    tab.press("Stop", "#controls")
    tab.confirm("closed at market", "It will cost about", "Then no cycle runs")
    tab.state("stopped")
    tab.command("Start", "running")
    tab.sees("#why", "Holding")
    tab.press("Emergency stop", "#controls")
    tab.confirm("No bound is set on slippage")
    tab.state("halted")
    tab.command("Clear the halt", "stopped")
    tab.go("Positions")
    tab.sees("#positions", "Nothing is held")
    tab.go("Overview")


def test_what_breaks_is_said_and_comes_back_by_itself(person: Person, tmp_path: Path) -> None:
    dashboard = dashboard_of(person)
    mine, other = tmp_path / "mine", tmp_path / "other"
    for folder in (mine, other):
        folder.mkdir()
        write_settings(folder, SETTINGS)
    with running(mine, *dashboard.options, *TRADING) as bot:
        bot.until(dashboard.answers, "the dashboard")
        tabs = [person.open(), person.open("positions")]
        tabs[0].sees("#events", "is open")
        expect(tabs[1].rows("#positions")).to_have_count(5, timeout=SOON)

        bot.process.send_signal(signal.SIGSTOP)
        for tab in tabs:
            tab.sees("body[data-link=stale] #link", "Nothing heard from the bot")
            tab.sees("#link", "old")
        bot.process.send_signal(signal.SIGCONT)
        for tab in tabs:
            tab.is_live()

        before = cycle_on(tabs[0])
        with asleep(person, tabs[1]):
            bot.until(lambda: cycle_on(tabs[0]) > before + 2, "what one tab sleeps through")
            meanwhile = cycle_on(tabs[0])
        tabs[1].is_live()
        bot.until(lambda: cycle_on(tabs[1]) > meanwhile, "news after the sleep")
        seen = max(cycle_on(tab) for tab in tabs)
        bot.kill()
        for tab in tabs:
            tab.sees("body[data-link=down] #link", "No connection to the bot; trying again")
            expect(tab.page.locator("#controls")).to_be_hidden()

    with running(mine, *dashboard.options) as bot:  # the same books: it goes on
        for tab in tabs:
            tab.is_live()
            bot.until(lambda tab=tab: cycle_on(tab) > seen, "its next cycle")  # type: ignore[misc]
        expect(tabs[1].rows("#positions")).to_have_count(5, timeout=SOON)
        bot.kill()
        for tab in tabs:
            tab.sees("body[data-link=down] #link", "No connection")

    with running(other, *dashboard.options):  # new books: nothing of the old ones may stay
        for tab in tabs:
            tab.is_live()
            tab.state("stopped")
            tab.sees("#cycle", "no cycle yet")
        tabs[1].sees("#positions .empty", "Nothing is held")
        expect(tabs[1].rows("#positions")).to_have_count(0)
        tabs[0].sees("#why", "No cycle has ended yet")
        expect(tabs[0].page.locator("#events")).not_to_contain_text("is open")
        expect(tabs[0].page.locator("#equity")).to_have_text("–")
    assert person.crashes == []
    person.never_left_the_machine()


@contextmanager
def asleep(person: Person, tab: Tab) -> Iterator[None]:
    """As in a laptop that is shut: the tab's scripts stand still."""
    paused = []

    def note(event: object) -> None:
        paused.append(event)

    session = person.context.new_cdp_session(tab.page)
    session.on("Debugger.paused", note)
    session.send("Debugger.enable")
    session.send("Debugger.pause")
    yield
    assert paused
    session.send("Debugger.resume")
    session.detach()


def cycle_on(tab: Tab) -> int:
    """The number that a page shows; 0 while it shows none."""
    words = tab.page.locator("#cycle").inner_text().split()
    return int(words[1].rstrip(",")) if words[:1] == ["cycle"] else 0
