"""The web application, as a table of contents."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from datetime import datetime

import aiohttp_jinja2
import orjson
from aiohttp import web
from jinja2 import FileSystemLoader, StrictUndefined

from actors.runtime import Address
from web import metrics, openapi, pages
from web.auth.sessions import utc_now
from web.auth.setup import add_auth, template_context
from web.bodies import LIMIT
from web.errors import errors_as_json
from web.guard import add_security_headers, only_ours
from web.keys import BROADCAST, CONFIG, JOURNAL, OPENAPI, SETTINGS, VIEWS, WRITTEN
from web.live import Broadcast, serve
from web.routes import PREFIX, add_routes
from web.settings import WebSettings
from web.written import Written


def init_app(
    views: Address,
    journal: Address,
    config: Address,
    settings: WebSettings,
    now: Callable[[], datetime] = utc_now,
) -> web.Application:
    """Questions go to the views, commands to the journal, changes of settings to the config.

    ``now``: the bot's time, which is not the machine's while it replays.
    """
    app = web.Application(middlewares=[errors_as_json, only_ours], client_max_size=LIMIT)
    app.on_response_prepare.append(add_security_headers)
    add_auth(app, journal, settings, now)

    app[VIEWS] = views
    app[JOURNAL] = journal
    app[CONFIG] = config
    app[SETTINGS] = settings
    app[BROADCAST] = Broadcast(
        views, settings.update_interval.total_seconds(), settings.answer_timeout.total_seconds()
    )
    app[WRITTEN] = Written()
    app[OPENAPI] = orjson.dumps(openapi.document(settings))
    app.cleanup_ctx.append(_broadcasting)
    app.on_shutdown.append(_say_goodbye)
    aiohttp_jinja2.setup(
        app,
        loader=FileSystemLoader(pages.TEMPLATES),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        context_processors=[template_context],
    )

    app.router.add_get("/ws", _websocket)
    app.router.add_get("/metrics", metrics.metrics)
    app.router.add_get(f"{PREFIX}/openapi.json", _openapi)
    add_routes(app)
    pages.add_pages(app)
    return app


async def _websocket(request: web.Request) -> web.WebSocketResponse:
    return await serve(request, request.app[BROADCAST])


async def _openapi(request: web.Request) -> web.Response:
    return web.Response(body=request.app[OPENAPI], content_type="application/json")


async def _broadcasting(app: web.Application) -> AsyncIterator[None]:
    task = asyncio.create_task(app[BROADCAST].run())
    yield
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def _say_goodbye(app: web.Application) -> None:
    await app[BROADCAST].close()
