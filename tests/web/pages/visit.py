"""One page in a real browser, and everything it complained of or asked for."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.web.site import Site

SOON = 15_000
"""Milliseconds; nothing is slept away, this is only when to give up."""


class Visit:
    """``path``: which page; waits until it is connected."""

    def __init__(self, browser: Any, site: Site, path: str = "", **options: Any) -> None:
        self.site = site
        self.page: Page = browser.new_page(**options)
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page.on(
            "console",
            lambda message: (
                self.complaints.append(message.text)
                if message.type in ("error", "warning")
                else None
            ),
        )
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("websocket", lambda socket: self.requests.append(socket.url))
        self.page.goto(site.url + path)
        self.page.wait_for_selector("body[data-link=live]", timeout=SOON)

    def expect(self, selector: str, text: str) -> None:
        expect(self.page.locator(selector).first).to_contain_text(text, timeout=SOON)

    def is_clean(self) -> None:
        """No complaint in the console, and nobody else was asked."""
        assert self.complaints == []
        own = (self.site.url, self.site.url.replace("http", "ws"))
        assert [url for url in self.requests if not url.startswith(own)] == []
