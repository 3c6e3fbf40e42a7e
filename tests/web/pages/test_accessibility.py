"""Nobody is shut out: axe-core finds no fault whatever is open, and a keyboard is enough."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import pytest
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from tests.web.pages.visit import SOON, Visit
from tests.web.site import Site
from web.pages import PAGES

axe = pytest.importorskip("axe_playwright_python.base", reason="axe is not installed")

LOOKS: tuple[tuple[Literal["light", "dark"], int], ...] = (
    ("light", 1440),
    ("dark", 390),
    ("dark", 1440),
    ("light", 390),
)
FEW_LOOKS = LOOKS[:2]
"""Of what is opened on a page that was looked at in all ways already."""


def nothing(tab: Tab) -> None:
    """The page as it opens."""


def stage(tab: Tab) -> None:
    tab.get_by_role("button", name="with data").click()


def question(tab: Tab) -> None:
    tab.get_by_role("button", name="Emergency stop").click()


def pair(tab: Tab) -> None:
    tab.locator("main").get_by_role("button", name="-USDT").first.click()


def closing(tab: Tab) -> None:
    tab.locator("main").get_by_role("button", name="Close").first.click()


def edit(tab: Tab) -> None:
    tab.get_by_role("textbox", name="Min funding rate").fill("99")
    tab.locator("#apply").wait_for(timeout=SOON)


def actor(tab: Tab) -> None:
    tab.locator("#actors").get_by_role("button", name="market").click()


@dataclass(frozen=True, slots=True)
class Sight:
    path: str
    shows: str
    """What is there once the page has its figures."""
    open: Callable[[Tab], None] = nothing


SIGHTS = (
    Sight("", "#why li"),
    Sight("", "#funnel button", stage),
    Sight("", "#why li", question),
    Sight("positions", "#positions tbody.rows tr"),
    Sight("positions", "#positions tbody.rows tr", pair),
    Sight("positions", "#positions tbody.rows tr", closing),
    Sight("rates", "#rates tbody.rows tr"),
    Sight("rates", "#rates tbody.rows tr", pair),
    Sight("history", "#trades tbody.rows tr"),
    Sight("history", "#trades tbody.rows tr", pair),
    Sight("analytics", "#figures > *"),
    Sight("settings", ".field"),
    Sight("settings", ".field", edit),
    Sight("system", "#actors tbody.rows tr"),
    Sight("system", "#actors tbody.rows tr", actor),
)


def test_every_page_is_looked_at() -> None:
    assert {page.path.lstrip("/") for page in PAGES} == {sight.path for sight in SIGHTS}


@pytest.fixture
def visits(browser: Any, shared_site: Site) -> Iterator[Callable[[Sight], Visit]]:
    opened = []

    def visit(sight: Sight) -> Visit:
        made = Visit(browser, shared_site, sight.path, reduced_motion="reduce")
        opened.append(made)
        made.page.locator(sight.shows).first.wait_for(timeout=SOON)
        sight.open(made.page)
        return made

    yield visit
    for one in opened:
        one.page.close()


@pytest.mark.parametrize(
    "sight", SIGHTS, ids=lambda one: f"{one.path or 'overview'}-{one.open.__name__}"
)
def test_axe_finds_nothing(visits: Callable[[Sight], Visit], sight: Sight) -> None:
    visit = visits(sight)
    visit.page.evaluate(axe.AXE_SCRIPT)
    for scheme, width in LOOKS if sight.open is nothing else FEW_LOOKS:
        visit.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        visit.page.set_viewport_size({"width": width, "height": 900})
        found = visit.page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
        said = [
            f"{one['id']} ({one['impact']}): {node['html'][:120]} {node['failureSummary']}"
            for one in found
            for node in one["nodes"]
        ]
        assert said == [], f"{scheme}, {width} px wide"
    visit.is_clean()


def focused(tab: Tab) -> dict[str, Any]:
    """Name of what has the focus, and whether one sees it."""
    seen: dict[str, Any] = tab.evaluate(
        """() => {
          const node = document.activeElement;
          const ring = getComputedStyle(node);
          const box = node.getBoundingClientRect();
          return {
            name: node.getAttribute("aria-label") ?? node.textContent.trim(),
            header: node.closest("header, .skip") !== null,
            visible: ring.outlineStyle !== "none" && parseFloat(ring.outlineWidth) >= 2
              && box.width > 0 && box.left >= 0 && box.right <= innerWidth,
          };
        }"""
    )
    return seen


@pytest.mark.parametrize("width", [390, 1440])
def test_the_header_by_keyboard(browser: Any, shared_site: Site, width: int) -> None:
    """In the order in which one sees it, and one always sees where one is."""
    visit = Visit(browser, shared_site, "system", viewport={"width": width, "height": 900})
    tab = visit.page
    visit.expect("#controls", "Pause")
    names: list[str] = []
    while len(names) < 30:
        tab.keyboard.press("Tab")
        one = focused(tab)
        if not one["header"]:
            break
        assert one["visible"], one
        names.append(one["name"])
    controls = ["Pause", "Restart", "Stop", "Emergency stop"]
    pages = [page.title for page in PAGES]
    assert names == ["Skip to the content", "perpcarry, overview", *controls, *pages]
    tab.reload()
    visit.expect("#controls", "Pause")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "main"
    tab.close()


@pytest.mark.parametrize(
    "sight",
    [one for one in SIGHTS if one.open not in (nothing, edit)],
    ids=lambda one: one.open.__name__,
)
def test_what_is_opened_by_keyboard_gives_the_focus_back(
    visits: Callable[[Sight], Visit], sight: Sight
) -> None:
    tab = visits(sight).page
    dialog = tab.locator("dialog[open]")
    expect(dialog).to_have_count(1, timeout=SOON)
    inside = "document.activeElement.closest('dialog') !== null"
    assert tab.evaluate(inside), "the focus goes into what was opened"
    for _ in range(4):
        tab.keyboard.press("Tab")
        outside = "document.activeElement === document.body"  # the browser's own controls
        assert tab.evaluate(f"{outside} || {inside}"), "and stays there"
    tab.keyboard.press("Escape")
    expect(dialog).to_have_count(0, timeout=SOON)
    assert tab.evaluate("document.activeElement.tagName") == "BUTTON"
