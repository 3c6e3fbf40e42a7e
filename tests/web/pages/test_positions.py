"""What is held, what closing costs, and a position's life."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import expect

from actors.views.messages import GetPosition
from tests.web import sample_data as data
from tests.web.pages.visit import SOON, Visit
from tests.web.site import Site
from tests.web.stub_house import refusing


@pytest.fixture
def visit(browser: Any, own_site: Site) -> Iterator[Visit]:
    made = Visit(browser, own_site, "positions")
    yield made
    made.page.close()


def test_what_is_known_is_shown_and_what_is_not_says_why(visit: Visit) -> None:
    visit.expect("#positions", "BTC-USDT")
    btc = visit.page.locator("#positions tbody.rows tr", has_text="BTC-USDT")
    for text in ("2 d 2 h", "10,210.98", "99,000.50", "99,051.25", "5.1 → −2.0 bp", "+48.03"):
        expect(btc).to_contain_text(text)
    for text in ("+1.02 in 4 h", "+0.63", "−15.20", "+33.46", "62%", "+70%"):
        expect(btc).to_contain_text(text)
    expect(btc.get_by_title("33.4562 USDT")).to_have_text("+33.46")
    eth = visit.page.locator("#positions tbody.rows tr", has_text="ETH-USDT")
    expect(eth.locator(".badge")).to_have_text("repairing")
    lacks = eth.get_by_title("the perpetual leg lacks 0.2 ETH", exact=True)
    assert lacks.count() > 5
    visit.expect("#sum [title='not known for 1 of 2']", "–")
    visit.is_clean()


def test_a_position_is_closed_after_a_confirmation_that_says_its_cost(visit: Visit) -> None:
    page, commands = visit.page, visit.site.house.commands
    page.get_by_role("button", name="Close BTC-USDT").click()
    visit.expect("#confirm-text", "about 19.48 USDT: 15.50 in fees, 2.00 by the spread")
    page.get_by_role("button", name="Cancel").click()
    assert commands == []
    page.get_by_role("button", name="Close ETH-USDT").press("Enter")
    visit.expect("#confirm-text", "What it will cost is not known")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Close BTC-USDT").click()
    page.get_by_role("button", name="Close position").click()
    visit.expect("#notices", "Close BTC-USDT: done")
    assert [(one.name, one.argument) for one in commands] == [("close-position", "BTC-USDT#3")]
    visit.site.house.trouble = refusing("no_such_position", "there is no BTC-USDT#3")
    visit.page.get_by_role("button", name="Close BTC-USDT").click()
    page.get_by_role("button", name="Close position").click()
    visit.expect("#notices", "there is no BTC-USDT#3")


def test_its_life_stands_in_the_drawer(visit: Visit) -> None:
    page = visit.page
    page.get_by_role("button", name="BTC-USDT", exact=True).click()
    visit.expect("#drawer-title", "BTC-USDT#3")
    visit.expect("#life-decisions", data.REASONS[0])
    steps = page.locator("#life-steps > li")
    expect(steps).to_have_count(2)
    expect(steps.first).to_contain_text("+0.0100% / 8h on 9,900.00 USDT")
    expect(steps.first).to_contain_text("+0.99")
    expect(steps.last).to_contain_text("on spot")
    page.get_by_role("radio", name="Funding").check(force=True)
    expect(steps).to_have_count(1)
    page.get_by_role("button", name="Close position").click()
    visit.expect("#confirm-title", "Close BTC-USDT?")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator("#drawer")).to_be_hidden()
    assert [one.position_id for one in visit.site.house.told("views", GetPosition)] == [
        "BTC-USDT#3"
    ]
    visit.is_clean()


def test_nothing_held_is_said_and_news_come_by_themselves(visit: Visit) -> None:
    visit.expect("#positions", "BTC-USDT")
    visit.site.house.change(positions=replace(data.POSITIONS, positions=()))
    visit.expect("#positions .empty", "Nothing is held")
    visit.site.house.change(positions=data.POSITIONS)
    expect(visit.page.locator("#positions tbody.rows tr")).to_have_count(2, timeout=SOON)


@pytest.mark.parametrize("width", [390, 1440])
def test_it_fits_every_screen(browser: Any, own_site: Site, width: int) -> None:
    visit = Visit(browser, own_site, "positions", viewport={"width": width, "height": 900})
    visit.expect("#positions", "BTC-USDT")
    assert visit.page.evaluate("document.documentElement.scrollWidth") == width
    visit.page.close()
