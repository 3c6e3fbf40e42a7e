"""A person at the dashboard of a running bot: tabs of one browser, and all they did on the way."""

from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

SOON = 30_000
"""Milliseconds; nothing is slept away, this is only when to give up."""


class Person:
    """Opens tabs at ``base``; everything asked for and complained of is on record."""

    def __init__(self, browser: Any, base: str) -> None:
        self.base = base
        self.context: BrowserContext = browser.new_context(
            viewport={"width": 1440, "height": 900}, reduced_motion="reduce"
        )
        self.complaints: list[str] = []
        self.crashes: list[str] = []
        """Errors of our scripts that nothing caught."""
        self.asked: list[str] = []
        self.context.on("request", lambda request: self.asked.append(request.url))
        self.context.on("console", self._heard)
        self.context.on("weberror", lambda error: self.crashes.append(str(error.error)))

    def open(self, path: str = "") -> "Tab":
        page = self.context.new_page()
        page.on("websocket", lambda socket: self.asked.append(socket.url))
        page.goto(self.base + path)
        tab = Tab(page)
        tab.is_live()
        return tab

    def never_left_the_machine(self) -> None:
        own = (self.base, self.base.replace("http", "ws"), "data:", "blob:")
        assert [url for url in self.asked if not url.startswith(own)] == []
        assert any(url.startswith("ws") for url in self.asked)

    def _heard(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)


class Tab:
    """One page, and what a person sees and does on it."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def is_live(self) -> None:
        self.page.wait_for_selector("body[data-link=live]", timeout=SOON)

    def sees(self, selector: str, text: str) -> None:
        expect(self.page.locator(selector).first).to_contain_text(text, timeout=SOON)

    def state(self, state: str) -> None:
        expect(self.page.locator("#state")).to_have_text(state, timeout=SOON)

    def go(self, title: str) -> None:
        """By the navigation."""
        self.page.get_by_role("navigation").get_by_role("link", name=title).click()
        expect(self.page.locator("[aria-current=page]")).to_have_text(title, timeout=SOON)
        self.is_live()

    def press(self, name: str, within: str = "body") -> None:
        self.page.locator(within).get_by_role("button", name=name, exact=True).first.click()

    def choose(self, name: str, within: str = "main") -> None:
        """One of a few, side by side."""
        place = self.page.locator(within)
        place.get_by_text(name, exact=True).click()
        expect(place.get_by_role("radio", name=name, exact=True)).to_be_checked()

    def command(self, name: str, state: str) -> None:
        """A control of the header that asks nothing."""
        self.press(name, "#controls")
        self.state(state)

    def confirm(self, *words: str) -> None:
        """Read the question, then say yes."""
        for text in words:
            self.sees("#confirm-text", text)
        self.page.locator("#confirm-yes").click()

    def rows(self, within: str) -> Any:
        return self.page.locator(f"{within} tbody.rows tr")

    def drawn(self, selector: str) -> None:
        chart = self.page.locator(selector)
        chart.scroll_into_view_if_needed()
        self.page.wait_for_selector(f"{selector}[data-drawn=yes]", timeout=SOON)

    def leave_drawer(self) -> None:
        self.page.keyboard.press("Escape")
        expect(self.page.locator("#drawer")).to_be_hidden()
