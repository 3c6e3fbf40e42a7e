"""The overview: money, and why it is (not) trading."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from actors.views.messages import GetEquity, GetOpportunities, Pnl
from tests.builders import NOON
from tests.web.pages.visit import SOON, Visit
from tests.web.site import Site
from tests.web.stub_house import equity, status


def test_it_shows_the_book_and_follows_it(browser: Any, own_site: Site) -> None:
    visit = Visit(browser, own_site)
    visit.expect("#equity", "100,060.00 USDT")
    visit.expect("#why", "Of 18 pairs scanned")
    visit.expect("#funnel", "net of cost")
    visit.expect("#events", "Opened BTC-USDT")
    visit.expect("#result", "+66.91")
    visit.expect("#balance", "90,000.25")
    assert visit.page.locator("#equity").get_attribute("title") == "100060 USDT"
    visit.page.wait_for_selector("#curve[data-drawn=yes]", timeout=SOON)
    own_site.house.change(equity=equity("100123.456", 1))
    visit.expect("#equity", "100,123.46 USDT")
    visit.is_clean()
    visit.page.close()


def test_the_period_changes_curve_and_result(browser: Any, own_site: Site) -> None:
    visit = Visit(browser, own_site)
    visit.expect("#result", "+66.91")
    visit.page.get_by_role("radio", name="Today").check(force=True)
    visit.expect("#result", "+1.50")
    visit.page.get_by_role("radio", name="7 days").press("Space")
    figure = visit.page.locator("#result dd").first
    expect(figure).to_have_text("–", timeout=SOON)
    assert figure.get_attribute("title") == "the ledger begins later"
    asked = [one.since for one in own_site.house.told("views", GetEquity)]
    assert asked[0] is None
    assert {NOON.replace(hour=0), NOON.replace(hour=0) - timedelta(days=7)} <= set(asked)
    visit.page.reload()
    expect(visit.page.get_by_role("radio", name="7 days")).to_be_checked(timeout=SOON)
    visit.is_clean()
    visit.page.close()


def test_a_stage_of_the_funnel_says_who_fell_out_and_why(browser: Any, own_site: Site) -> None:
    visit = Visit(browser, own_site)
    visit.page.get_by_role("button", name="with data").press("Enter")
    visit.expect("#drawer-title", "Pairs that fell out at “with data”")
    visit.expect("#drawer-body", "no spot price")
    visit.page.keyboard.press("Escape")
    expect(visit.page.locator("#drawer")).to_be_hidden()
    (asked,) = own_site.house.told("views", GetOpportunities)
    assert asked.stage == "data"
    visit.is_clean()
    visit.page.close()


def test_an_empty_book_is_not_an_empty_page(browser: Any, own_site: Site) -> None:
    own_site.house.change(
        status=status(bot=None, last_cycle=None, equity=None, alarms=()),
        equity=None,
        pnl=Pnl(None, None, None, None, (), ("the ledger was not read yet",)),
        new_events=(),
    )
    visit = Visit(browser, own_site)
    visit.expect("#state", "unknown")
    visit.expect("#why", "No cycle has ended yet")
    visit.expect("#no-events", "Nothing has happened yet")
    expect(visit.page.locator("#equity")).to_have_text("–", timeout=SOON)
    figure = visit.page.locator("#result dd").first
    assert figure.get_attribute("title") == "the ledger was not read yet"
    visit.is_clean()
    visit.page.close()


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_every_screen(browser: Any, own_site: Site, width: int, scheme: str) -> None:
    size = {"width": width, "height": 900}
    visit = Visit(browser, own_site, viewport=size, color_scheme=scheme)
    visit.expect("#why", "Of 18 pairs scanned")
    assert visit.page.evaluate("document.documentElement.scrollWidth") == width
    visit.page.close()
