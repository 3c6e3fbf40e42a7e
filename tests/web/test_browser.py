"""The status page in a real browser: it shows the book, follows it live, and asks nobody else."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from actors.orchestrator.messages import BotState
from tests.builders import NOON
from tests.web import sample_data as data
from tests.web.site import Site
from tests.web.stub_house import equity, silent, status

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

CHROMIUM = Path("/usr/bin/chromium")
SOON = 15_000
"""Milliseconds; nothing is slept away, this is only when to give up."""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no {CHROMIUM}"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield opened
        opened.close()


class Visit:
    """One page, and everything it complained of or asked for."""

    def __init__(self, browser: Any, site: Site, **options: Any) -> None:
        self.site = site
        self.page = browser.new_page(**options)
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page.on(
            "console",
            lambda message: (
                self.complaints.append(message.text)
                if message.type in ("error", "warning")
                else None
            ),
        )
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("websocket", lambda socket: self.requests.append(socket.url))
        self.page.goto(site.url)
        self.page.wait_for_selector("body[data-link=live]", timeout=SOON)

    def expect(self, selector: str, text: str) -> None:
        playwright.expect(self.page.locator(selector).first).to_contain_text(text, timeout=SOON)


@pytest.fixture
def visit(browser: Any, own_site: Site) -> Iterator[Visit]:
    made = Visit(browser, own_site)
    yield made
    made.page.close()


def test_it_shows_the_book_and_follows_it(visit: Visit) -> None:
    visit.expect("#state", "running")
    visit.expect("#mode", "REPLAY 2025-03-01 12:00 ×3600")
    visit.expect("#equity", "100,060.00 USDT")
    visit.expect("#positions", "BTC-USDT")
    visit.expect("#positions [data-kind=position-repairing]", "repairing")
    visit.expect("#alarms", "ETH-USDT is repairing")
    visit.expect("#why", "Of 18 pairs scanned")
    visit.expect("#funnel", "net of cost")
    visit.expect("#system", "restarting")
    visit.expect("#events", "Opened BTC-USDT")
    visit.expect("#split", "+66.91")
    assert visit.page.locator("#equity").get_attribute("title") == "100060 USDT"
    assert visit.page.locator("#chart polyline").count() == 1

    house = visit.site.house
    house.change(
        equity=equity("100123.456", 1),
        status=status(bot=replace(data.BOT, state=BotState.PAUSED), alarms=()),
        system=replace(data.SYSTEM, actors=data.ACTORS[:3]),
    )
    visit.expect("#state", "paused")
    visit.expect("#equity", "100,123.46 USDT")
    visit.expect("#system-aside", "3 of 3 up")
    playwright.expect(visit.page.locator("#alarms li")).to_have_count(0, timeout=SOON)
    assert visit.complaints == []
    own = (visit.site.url, visit.site.url.replace("http", "ws"))
    assert [url for url in visit.requests if not url.startswith(own)] == []


def test_an_empty_book_is_not_an_empty_page(browser: Any, own_site: Site) -> None:
    own_site.house.change(
        positions=replace(data.POSITIONS, positions=()),
        status=status(bot=None, last_cycle=None, equity=None, alarms=()),
        equity=None,
        pnl=replace(data.PNL, closed=None, open=None, problems=("the ledger was not read yet",)),
        new_events=(),
    )
    visit = Visit(browser, own_site)
    visit.expect("#state", "unknown")
    visit.expect("#no-positions", "Nothing is held")
    visit.expect("#why", "No cycle has ended yet")
    visit.expect("#no-events", "Nothing has happened yet")
    playwright.expect(visit.page.locator("#equity")).to_have_text("–", timeout=SOON)
    figure = visit.page.locator("#split dd").first
    assert figure.get_attribute("title") == "the ledger was not read yet"
    assert visit.complaints == []
    visit.page.close()


def test_a_crowd_of_actors_is_one_line_that_opens(visit: Visit) -> None:
    crowd = tuple(data.actor(f"root/strategies/P{n:04}-USDT", handled=n) for n in range(1000))
    odd = data.actor(
        "root/strategies/ODD-USDT", state="restarting", last_error="boom", last_error_at=NOON
    )
    actors = (data.ACTORS[0], data.ACTORS[9], odd, *crowd)
    visit.site.house.change(system=replace(data.SYSTEM, actors=actors))
    visit.expect("#system", "1000 alike")
    visit.expect("#system", "ODD-USDT")
    assert visit.page.locator("#system tr").count() == 4
    visit.page.get_by_role("button", name="show all").click()
    assert visit.page.locator("#system tr").count() == 1003
    visit.page.get_by_role("button", name="fold").click()
    assert visit.page.locator("#system tr").count() == 4
    assert visit.complaints == []


def test_what_does_not_trade_is_done_at_once(visit: Visit) -> None:
    visit.page.get_by_role("button", name="Pause").click()
    visit.expect("#notices", "Pause: done")
    assert [command.name for command in visit.site.house.commands] == ["pause"]


def test_what_trades_is_explained_and_confirmed_first(visit: Visit) -> None:
    page, commands = visit.page, visit.site.house.commands
    page.get_by_role("button", name="Emergency stop").click()
    visit.expect("#confirm-text", "2 positions are closed at market")
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Stop", exact=True).click()
    page.keyboard.press("Escape")
    assert commands == []

    page.get_by_role("button", name="Close", exact=True).first.click()
    visit.expect("#confirm-text", "It will cost about 19.48 USDT")
    page.get_by_role("button", name="Close position").click()
    visit.expect("#notices", "Close BTC-USDT: done")
    page.get_by_role("button", name="Emergency stop").click()
    page.locator("#confirm-yes").click()
    visit.expect("#notices", "Emergency stop: done")
    assert [(one.name, one.argument) for one in commands] == [
        ("close-position", "BTC-USDT#3"),
        ("emergency-stop", ""),
    ]


def test_old_figures_are_not_shown_as_new(visit: Visit) -> None:
    house = visit.site.house
    house.trouble = silent
    visit.expect("body[data-link=stale] #link", "did not answer")
    house.trouble = lambda actor, message: False
    visit.page.wait_for_selector("body[data-link=live]", timeout=SOON)
    visit.site.stop()
    visit.expect("body[data-link=down] #link", "No connection to the bot")


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_every_screen(browser: Any, own_site: Site, width: int, scheme: str) -> None:
    size = {"width": width, "height": 900}
    visit = Visit(browser, own_site, viewport=size, color_scheme=scheme)
    visit.expect("#positions", "BTC-USDT")
    assert visit.page.evaluate("document.documentElement.scrollWidth") == width
    visit.page.close()


def test_it_is_small(visit: Visit) -> None:
    pages = [url for url in visit.requests if "/api/" not in url and url.startswith("http")]
    paths = [url.removeprefix(visit.site.url) for url in pages]
    assert sum(len(visit.site.get(f"/{path}").body) for path in paths) < 80_000
