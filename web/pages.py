"""The pages. A page is a frame; what it shows comes over the WebSocket."""

from dataclasses import dataclass
from pathlib import Path

import aiohttp_jinja2
from aiohttp import web

from actors import __version__
from web import plotly_js
from web.errors import Handler
from web.keys import SETTINGS

_HERE = Path(__file__).parent
TEMPLATES = _HERE / "templates"
STATIC = _HERE / "static"


@dataclass(frozen=True, slots=True)
class Page:
    """One entry of the navigation; ``name`` is also its template's and its script's."""

    path: str
    name: str
    title: str
    topics: tuple[str, ...]
    """What the WebSocket pushes to it, beside ``status``, which the header of each page shows."""
    has_charts: bool = False


PAGES: tuple[Page, ...] = (
    Page(
        "/", "overview", "Overview", ("pnl", "equity", "balance", "new_trades", "new_events"), True
    ),
    Page("/positions", "positions", "Positions", ("positions",)),
    Page("/rates", "rates", "Funding rates", ("funding_rates",), True),
    Page("/history", "history", "History", ("new_trades",), True),
    Page("/analytics", "analytics", "Analytics", ("analytics",), True),
    Page("/settings", "settings", "Settings", ("config",)),
    Page("/system", "system", "System", ("system", "new_events")),
)


def add_pages(app: web.Application) -> None:
    for page in PAGES:
        app.router.add_get(page.path, _handler(page))
    app.router.add_get(plotly_js.PATH, plotly_js.serve)
    app.router.add_static("/static/", STATIC)


def _handler(page: Page) -> Handler:
    async def show(request: web.Request) -> web.StreamResponse:
        context = {
            "page": page,
            "pages": PAGES,
            "topics": ("status", *page.topics),
            "version": __version__,
            "update_seconds": request.app[SETTINGS].update_interval.total_seconds(),
            "plotly": plotly_js.bundle() if page.has_charts else None,
        }
        return aiohttp_jinja2.render_template(f"{page.name}.html", request, context)

    return show
