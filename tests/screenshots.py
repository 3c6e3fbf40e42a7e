"""Takes the pictures of the dashboard that the README shows: ``make screenshots``.

A bot replays some months as fast as it can, carries on slowly with its dashboard, and a browser
looks at it, light and dark. Needs Chromium.
"""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.chromium import chromium
from tests.process.bot import ROOT, Dashboard, free_port, running, write_settings
from tests.process.tabs import Person, Tab

IMAGES = ROOT / "docs" / "images"
SETTINGS = {
    "historical": {"from": "2024-11-10", "speed": 60},
    "store": {"url": "sqlite:///books.db"},
}
UNTIL = "2025-03-01T09:10"
PATIENCE = 600.0
"""Seconds for the months of replay."""


def overview(tab: Tab) -> None:
    tab.sees("#why", "Holding")
    tab.drawn("#curve")


def rates(tab: Tab) -> None:
    tab.drawn("#heat")
    tab.page.evaluate("scrollTo(0, 0)")


def life(tab: Tab) -> None:
    tab.page.locator("#positions").get_by_role("button", name="BTC-USDT", exact=True).click()
    tab.sees("#life-steps", "funding")
    tab.page.mouse.move(0, 0)


def system(tab: Tab) -> None:
    tab.sees("#actors", "orchestrator")
    tab.sees("#health", "MB")


PICTURES: tuple[tuple[str, str, int, Callable[[Tab], None]], ...] = (
    ("overview", "", 930, overview),
    ("rates", "rates", 900, rates),
    ("life", "positions", 800, life),
    ("system", "system", 900, system),
)
"""Name of the picture, path of the page, height, what is done before."""


def main() -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_settings(folder, SETTINGS)
        print(f"Replaying until {UNTIL}...")
        with running(folder, "--speed", "max", "--no-dashboard", "--until", UNTIL) as bot:
            assert bot.process.wait(PATIENCE) == 0, bot.wait()
        dashboard = Dashboard(free_port())
        with running(folder, *dashboard.options) as bot, chromium() as browser:
            bot.until(dashboard.answers, "the dashboard")
            person = Person(browser, f"http://127.0.0.1:{dashboard.port}/")
            for picture, path, height, prepare in PICTURES:
                tab = person.open(path)
                tab.page.set_viewport_size({"width": 1440, "height": height})
                prepare(tab)
                for scheme in ("light", "dark"):
                    tab.page.emulate_media(color_scheme=scheme)
                    tab.page.wait_for_timeout(1500)  # charts are drawn in the other colours
                    path_of = IMAGES / f"{picture}-{scheme}.png"
                    tab.page.screenshot(path=str(path_of))
                    print(path_of.relative_to(ROOT), path_of.stat().st_size // 1000, "kB")
                tab.page.close()
            bot.interrupt()


if __name__ == "__main__":
    main()
