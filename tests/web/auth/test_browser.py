"""Logging in and out in a real browser: what it sends, keeps and refuses by itself."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.chromium import chromium
from tests.web.site import Site

from .visitor import ACCESS, OPERATOR_PASSWORD, VIEWER_PASSWORD

pytestmark = pytest.mark.browser
SOON = 15_000
"""Milliseconds."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """For this file only: while it is open, nothing else can run an event loop in this thread."""
    with chromium() as opened:
        yield opened


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def log_in(page: Any, name: str, password: str) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()


def test_in_and_out_by_keyboard_and_without_any_script(locked: Site, browser: Any) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{locked.url}rates")
    assert page.url == f"{locked.url}login?next=/rates"
    page.keyboard.type("wrong password")  # the field has the focus
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for(timeout=SOON)
    assert "do not fit together" in page.get_by_role("alert").inner_text()
    assert page.get_by_label("Password").input_value() == ""
    page.get_by_label("Password").fill(OPERATOR_PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{locked.url}rates", timeout=SOON)
    page.get_by_role("link", name="Log out").click()
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url(f"{locked.url}login", timeout=SOON)
    page.goto(locked.url)
    assert page.url == f"{locked.url}login"
    context.close()


def test_a_page_is_live_and_a_script_cannot_read_the_cookie(locked: Site, page: Any) -> None:
    page.goto(locked.url)
    log_in(page, "operator", OPERATOR_PASSWORD)
    page.wait_for_selector("body[data-link=live]", timeout=SOON)
    assert page.evaluate("document.cookie") == ""
    assert page.locator("meta[name=csrf-token]").get_attribute("content")
    page.get_by_role("button", name="Pause", exact=True).click()
    page.get_by_text("Pause: done").wait_for(timeout=SOON)
    assert [one.who for one in locked.house.commands] == ["operator"]


def test_a_viewer_sees_and_cannot_command(locked: Site, page: Any) -> None:
    page.goto(locked.url)
    log_in(page, "viewer", VIEWER_PASSWORD)
    page.wait_for_selector("body[data-link=live]", timeout=SOON)
    assert page.get_by_text("viewer").first.is_visible()
    for button in page.locator("#controls button").all():
        assert button.is_disabled() or not button.is_visible()


def test_an_open_page_goes_to_the_login_when_its_session_ends(browser: Any) -> None:
    site = Site(access=ACCESS, session_idle=timedelta(seconds=3))
    context = browser.new_context()
    try:
        page = context.new_page()
        page.goto(f"{site.url}system")
        log_in(page, "operator", OPERATOR_PASSWORD)
        page.wait_for_url(f"{site.url}system", timeout=SOON)
        page.wait_for_url(f"{site.url}login?next=%2Fsystem", timeout=SOON)
    finally:
        context.close()
        site.stop()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_the_login_shuts_nobody_out(
    locked: Site,
    browser: Any,
    scheme: str,
    width: int,
    tmp_path: Path,
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    context = browser.new_context(
        color_scheme=scheme, viewport={"width": width, "height": 800}, reduced_motion="reduce"
    )
    complaints: list[str] = []
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(f"{locked.url}login?next=/rates")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = axe.Axe().run(page).response["violations"]
    assert [(one["id"], one["impact"]) for one in found] == []
    page.screenshot(path=str(tmp_path / "login.png"))
    assert complaints == []
    context.close()
