"""Funding rates: thousands of rows, filters, the heatmap, and why for one pair."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import expect

from actors.views.messages import GetOpportunities, GetRateHistory, GetRatePrints
from tests.web import sample_data as data
from tests.web.pages.visit import SOON, Visit
from tests.web.site import Site


@pytest.fixture
def visit(browser: Any, own_site: Site) -> Iterator[Visit]:
    made = Visit(browser, own_site, "rates")
    yield made
    made.page.close()


def test_a_rate_never_stands_without_its_period(visit: Visit) -> None:
    visit.expect("#rates", "+0.0100% / 8h")
    rows = visit.page.locator("#rates tbody.rows tr")
    btc = rows.filter(has_text="BTC-USDT")
    for text in ("hold", "+11.0%", "4 h", "61%", "rising", "77 × 8h", "−2.1 bp", "1.0 / 1.0 bp"):
        expect(btc).to_contain_text(text)
    expect(btc.get_by_title("of 378 settlements")).to_have_count(1)
    xlm = rows.filter(has_text="XLM-USDT")
    expect(xlm.locator(".badge")).to_have_text("no data")
    assert xlm.get_by_title("no ticker").count() > 5
    visit.page.wait_for_selector("#heat[data-drawn=yes]", timeout=SOON)
    visit.page.get_by_role("radio", name="Most liquid").check(force=True)
    visit.page.get_by_role("radio", name="180 days").check(force=True)
    expect(visit.page.locator("#heat")).to_have_attribute(
        "aria-label",
        "Heatmap of 1 pairs from 2025-02-28 16:00; buckets of 8 hours. "
        "Largest rate 0.0100% per 8 hours.",
        timeout=SOON,
    )
    assert visit.site.house.told("views", GetRateHistory)[-1].by == "liquidity"
    visit.is_clean()


def test_one_pair_says_why(visit: Visit) -> None:
    visit.page.get_by_role("button", name="BTC-USDT").press("Enter")
    visit.expect("#drawer-title", "BTC-USDT")
    visit.expect("#drawer-body", data.REASONS[1])
    visit.page.wait_for_selector("#drawer-body .chart[data-drawn=yes]", timeout=SOON)
    house = visit.site.house
    assert house.told("views", GetOpportunities)[-1].pair_key == "BTC-USDT"
    assert house.told("views", GetRatePrints)[-1].pair_key == "BTC-USDT"
    rates = (replace(data.RATES.rates[0], rate=Decimal("0.0005")), data.RATES.rates[1])
    house.change(funding_rates=replace(data.RATES, rates=rates))
    visit.expect("#drawer-body", "+0.0500% / 8h")
    visit.page.keyboard.press("Escape")
    expect(visit.page.locator("#drawer")).to_be_hidden()
    visit.is_clean()


def test_thousands_of_rows_are_sorted_filtered_and_drawn_as_they_come_into_view(
    browser: Any, own_site: Site
) -> None:
    one = replace(data.RATES.rates[0], held=False)
    many = tuple(
        replace(one, pair_key=f"C{n:04}-USDT", rate=Decimal(n) / 1_000_000, rate_8h=Decimal(n))
        for n in range(3000)
    )
    own_site.house.change(funding_rates=replace(data.RATES, rates=many))
    visit = Visit(browser, own_site, "rates")
    page = visit.page
    visit.expect("#count", "3000 pairs")
    rows = page.locator("#rates tbody.rows tr")
    assert rows.count() < 120
    page.get_by_role("button", name="Predicted").click()
    expect(rows.first).to_contain_text("C2999-USDT")
    expect(page.locator("th[aria-sort=descending]")).to_have_text("Predicted")
    page.get_by_role("button", name="Predicted").click()
    expect(rows.first).to_contain_text("C0000-USDT")
    page.locator("#rates .scroll").evaluate("node => { node.scrollTop = node.scrollHeight; }")
    expect(rows.last).to_contain_text("C2999-USDT", timeout=SOON)
    page.get_by_label("Search for a pair").fill("c012")
    visit.expect("#count", "10 of 3000 pairs")
    expect(rows).to_have_count(10)
    own_site.house.change(funding_rates=replace(data.RATES, rates=many[:2999]))
    visit.expect("#count", "10 of 2999 pairs")
    page.get_by_label("What the bot does").select_option("held")
    visit.expect("#rates .empty", "Nothing matches")
    page.reload()
    expect(page.get_by_label("Search for a pair")).to_have_value("c012", timeout=SOON)
    visit.is_clean()
    page.close()


@pytest.mark.parametrize("width", [390, 1440])
def test_it_fits_every_screen(browser: Any, own_site: Site, width: int) -> None:
    own_site.house.change(funding_rates=replace(data.RATES, at=None, rates=(), policy=None))
    visit = Visit(browser, own_site, "rates", viewport={"width": width, "height": 900})
    visit.expect("#rates .empty", "No pair has been scanned yet")
    assert visit.page.evaluate("document.documentElement.scrollWidth") == width
    visit.page.close()
