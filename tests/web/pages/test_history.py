"""Closed trades: filters, sums, charts, the table to take away."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from playwright.sync_api import expect

from actors.views.messages import GetTrades, GetTradeSummary, Trades
from tests.builders import NOON
from tests.web import sample_data as data
from tests.web.pages.visit import SOON, Visit
from tests.web.site import Site


def test_trades_and_what_they_come_to(browser: Any, own_site: Site) -> None:
    visit = Visit(browser, own_site, "history")
    row = visit.page.locator("#trades tbody.rows tr")
    expect(row).to_have_count(1, timeout=SOON)
    for text in ("SOL-USDT", "12 d 12 h", "9,998.20", "191.900 → 170.020", "+48.03", "−15.20"):
        expect(row).to_contain_text(text)
    visit.expect("#sums", "1 of 1")
    visit.expect("#by-pair", "SOL-USDT")
    visit.page.wait_for_selector("#cumulative[data-drawn=yes]", timeout=SOON)
    visit.page.wait_for_selector("#distribution[data-drawn=yes]", timeout=SOON)
    assert "1 trades in 1 classes" in (
        visit.page.locator("#distribution").get_attribute("aria-label") or ""
    )
    row.get_by_role("button", name="SOL-USDT").press("Enter")
    visit.expect("#drawer-title", "SOL-USDT#1")
    visit.is_clean()
    visit.page.close()


def test_filters_are_asked_for_linked_and_cleared(browser: Any, own_site: Site) -> None:
    visit = Visit(browser, own_site, "history?pair_key=btc-usdt")
    page, house = visit.page, own_site.house
    expect(page.get_by_role("combobox", name="Pair")).to_have_value("btc-usdt")
    page.get_by_label("Closed from").fill("2025-02-01")
    page.get_by_label("until", exact=True).fill("2025-02-28")
    page.get_by_role("combobox", name="Result").select_option("loss")
    page.get_by_label("Left because").fill("no longer pays")
    page.wait_for_selector("#trades[data-loaded*=longer]", timeout=SOON)
    asked = house.told("views", GetTrades)[-1].filter
    assert asked.pair_key == "BTC-USDT"
    assert asked.since == NOON.replace(month=2, day=1, hour=0)
    assert asked.until == NOON.replace(month=3, day=1, hour=0)
    assert (asked.result, asked.exit_reason) == ("loss", "no longer pays")
    assert house.told("views", GetTradeSummary)[-1].filter == asked
    link = page.get_by_role("link", name="CSV").get_attribute("href") or ""
    assert link.startswith("/api/v1/trades.csv?pair_key=BTC-USDT&since=2025-02-01")
    assert "result=loss" in page.url
    page.get_by_role("button", name="Clear").click()
    page.wait_for_selector("#trades[data-loaded=all]", timeout=SOON)
    assert house.told("views", GetTrades)[-1].filter.pair_key is None
    assert "?" not in page.url
    visit.is_clean()
    page.close()


def test_no_trade_is_said_and_a_refusal_is_shown(browser: Any, own_site: Site) -> None:
    house = own_site.house
    house.answers[GetTrades] = Trades(0, (), data.SUMS)
    house.answers[GetTradeSummary] = replace(
        data.SUMMARY, cumulative=(), distribution=(), by_pair=()
    )
    visit = Visit(browser, own_site, "history", viewport={"width": 390, "height": 900})
    visit.expect("#trades .empty", "No trade has been closed yet")
    visit.expect("#cumulative", "There is no closed trade to draw")
    assert visit.page.evaluate("document.documentElement.scrollWidth") == 390
    house.trouble = lambda actor, message: isinstance(message, GetTrades) and fail()
    visit.page.get_by_role("combobox", name="Pair").fill("X")
    visit.expect("#problem", "root/views could not answer")
    visit.page.close()


def fail() -> bool:
    raise ValueError("boom")


def test_a_new_trade_is_fetched(browser: Any, own_site: Site) -> None:
    visit = Visit(browser, own_site, "history")
    visit.expect("#trades", "SOL-USDT")
    second = replace(
        data.TRADE, position_id="ADA-USDT#1", pair_key="ADA-USDT", exit_at=NOON + timedelta(hours=1)
    )
    own_site.house.answers[GetTrades] = Trades(2, (second, data.TRADE), data.SUMS)
    own_site.house.change(new_trades=(second,))
    visit.expect("#trades", "ADA-USDT")
    visit.page.close()
