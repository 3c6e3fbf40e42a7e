"""The overview: money, and why it is (not) trading."""

from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.web import sample_data as data
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
    assert visit.page.locator("#equity").get_attribute("title") == "100060 USDT"
    visit.page.wait_for_selector("#curve[data-drawn=yes]", timeout=SOON)
    own_site.house.change(equity=equity("100123.456", 1))
    visit.expect("#equity", "100,123.46 USDT")
    visit.is_clean()
    visit.page.close()


def test_an_empty_book_is_not_an_empty_page(browser: Any, own_site: Site) -> None:
    own_site.house.change(
        status=status(bot=None, last_cycle=None, equity=None, alarms=()),
        equity=None,
        pnl=replace(data.PNL, closed=None, open=None, problems=("the ledger was not read yet",)),
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
