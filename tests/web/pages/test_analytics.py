"""The account's figures, with their meaning and their samples."""

from typing import Any

import pytest
from playwright.sync_api import expect

from actors.views.messages import AnalyticsView
from tests.web.pages.visit import SOON, Visit
from tests.web.site import Site


def test_every_figure_says_what_it_means_and_what_stands_behind_it(
    browser: Any, own_site: Site
) -> None:
    visit = Visit(browser, own_site, "analytics")
    figures = visit.page.locator("#figures > div")
    expect(figures).to_have_count(3, timeout=SOON)
    for text in ("Return", "+0.06%", "What it gained.", "from 121 equity points"):
        expect(figures.first).to_contain_text(text)
    expect(figures.nth(1)).to_contain_text("n/a: 12 periodic returns, 30 are needed")
    expect(figures.nth(1)).to_contain_text("from 12 periods of 1 d")
    expect(figures.nth(2)).to_contain_text("from 1 trade")
    months = visit.page.locator("#months tbody.rows tr")
    expect(months).to_have_count(2)
    expect(months.first).to_contain_text("2025-02 *")
    expect(months.first).to_contain_text("+66.91")
    expect(months.last.get_by_title("the ledger begins later").first).to_have_text("–")
    expect(visit.page.locator("#pair-months tbody.rows")).to_contain_text("SOL-USDT")
    visit.expect("#pairs", "+33.46")
    visit.page.wait_for_selector("#month-chart[data-drawn=yes]", timeout=SOON)
    visit.page.get_by_role("button", name="Month").click()
    expect(months.first).to_contain_text("2025-01")
    visit.is_clean()
    visit.page.close()


@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_known_is_said(browser: Any, own_site: Site, width: int) -> None:
    own_site.house.change(analytics=AnalyticsView(None, None))
    visit = Visit(browser, own_site, "analytics", viewport={"width": width, "height": 900})
    visit.expect("#no-figures", "There are no figures before the ledger has been read")
    visit.expect("#months .empty", "No month has an equity point yet")
    visit.expect("#pairs .empty", "No trade has been closed yet")
    assert visit.page.evaluate("document.documentElement.scrollWidth") == width
    visit.is_clean()
    visit.page.close()
