"""The pages. A page is a frame; what it shows comes over the WebSocket."""

from pathlib import Path

import aiohttp_jinja2
from aiohttp import web

from actors import __version__
from web.keys import SETTINGS

_HERE = Path(__file__).parent
TEMPLATES = _HERE / "templates"
STATIC = _HERE / "static"


async def status_page(request: web.Request) -> web.Response:
    return aiohttp_jinja2.render_template(
        "status.html",
        request,
        {
            "version": __version__,
            "update_seconds": request.app[SETTINGS].update_interval.total_seconds(),
        },
    )
