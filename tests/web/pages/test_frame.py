"""What every page has: state, controls, the connection, the navigation."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import expect

from actors.orchestrator.messages import BotState
from tests.web import sample_data as data
from tests.web.pages.visit import SOON, Visit
from tests.web.site import Site
from tests.web.stub_house import silent, status
from web.pages import PAGES


@pytest.fixture
def visit(browser: Any, own_site: Site) -> Iterator[Visit]:
    made = Visit(browser, own_site)
    yield made
    made.page.close()


def test_state_mode_and_alarms_follow(visit: Visit) -> None:
    visit.expect("#state", "running")
    visit.expect("#mode", "REPLAY 2025-03-01 12:00 ×3600")
    visit.expect("#alarms", "ETH-USDT is repairing")
    visit.site.house.change(status=status(bot=replace(data.BOT, state=BotState.PAUSED), alarms=()))
    visit.expect("#state", "paused")
    expect(visit.page.locator("#alarms li")).to_have_count(0, timeout=SOON)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_page_opens_from_every_other(browser: Any, own_site: Site, page: Any) -> None:
    other = PAGES[0] if page is not PAGES[0] else PAGES[1]
    visit = Visit(browser, own_site, other.path.lstrip("/"))
    visit.page.get_by_role("navigation").get_by_role("link", name=page.title).click()
    visit.page.wait_for_selector("body[data-link=live]", timeout=SOON)
    expect(visit.page.locator("[aria-current=page]")).to_have_text(page.title)
    visit.expect("#state", "running")
    visit.is_clean()
    visit.page.close()


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
    page.get_by_role("button", name="Emergency stop").click()
    page.locator("#confirm-yes").click()
    visit.expect("#notices", "Emergency stop: done")
    assert [(one.name, one.argument) for one in commands] == [("emergency-stop", "")]


def test_old_figures_are_not_shown_as_new(visit: Visit) -> None:
    house = visit.site.house
    house.trouble = silent
    visit.expect("body[data-link=stale] #link", "did not answer")
    house.trouble = lambda actor, message: False
    visit.page.wait_for_selector("body[data-link=live]", timeout=SOON)
    visit.site.stop()
    visit.expect("body[data-link=down] #link", "No connection to the bot")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_first_load_is_small_without_charts(browser: Any, own_site: Site, page: Any) -> None:
    visit = Visit(browser, own_site, page.path.lstrip("/"))
    asked = [url for url in visit.requests if "/vendor/" not in url and url.startswith("http")]
    paths = [url.removeprefix(visit.site.url) for url in asked]
    assert sum(len(visit.site.get(f"/{path}").body) for path in paths) < 200_000
    visit.page.close()
