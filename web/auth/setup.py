"""Puts the gate into the application, as a table of contents."""

import asyncio
import warnings
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

from aiohttp import web
from aiohttp_session import session_middleware

from actors.runtime import Address
from web.auth import login
from web.auth.audit import Audit
from web.auth.closing import WATCHERS, close_with_session
from web.auth.gate import LOGIN, LOGOUT, gate
from web.auth.identity import ACCESS, SESSIONS, identity_of
from web.auth.passwords import Passwords
from web.auth.session_storage import ServerSide
from web.auth.sessions import Sessions
from web.auth.throttle import Throttle
from web.settings import WebSettings

_SAVE_SECONDS = 60.0

# Both keep their things on the request under plain names, which aiohttp would tell every user.
for _module in ("aiohttp_session", "aiohttp_jinja2"):
    warnings.filterwarnings("ignore", category=web.NotAppKeyWarning, module=_module)


def add_auth(
    app: web.Application, journal: Address, settings: WebSettings, now: Callable[[], datetime]
) -> None:
    """``now``: the bot's time, for the events. Add it after the checks of Host and Origin."""
    access = settings.access
    sessions = Sessions(
        access.hashes, settings.session_idle, settings.session_lifetime, settings.session_file
    )
    storage = ServerSide(
        sessions,
        settings.cookie_name,
        int(settings.session_lifetime.total_seconds()),
        secure=settings.is_https,
    )
    app[ACCESS] = access
    app[SESSIONS] = sessions
    app[WATCHERS] = set()
    app[login.PASSWORDS] = Passwords(access.hashes)
    app[login.THROTTLE] = Throttle()
    app[login.AUDIT] = Audit(journal, now)

    app.middlewares.append(session_middleware(storage))
    app.middlewares.append(gate)
    app.on_response_prepare.append(close_with_session)
    app.cleanup_ctx.append(_keeping)

    app.router.add_get(LOGIN, login.login_page)
    app.router.add_post(LOGIN, login.log_in)
    app.router.add_get(LOGOUT, login.logout_page)
    app.router.add_post(LOGOUT, login.log_out)


async def template_context(request: web.Request) -> dict[str, Any]:
    """What every page's template may use."""
    identity = identity_of(request)
    return {
        "login_required": request.app[ACCESS].login_required,
        "role": "" if identity is None else identity.role.value,
        "user": "" if identity is None else identity.name,
        "csrf_token": "" if identity is None else identity.csrf_token,
    }


async def _keeping(app: web.Application) -> AsyncIterator[None]:
    async def save_now_and_then() -> None:
        while True:
            await asyncio.sleep(_SAVE_SECONDS)
            await app[SESSIONS].save()

    saving = asyncio.create_task(save_now_and_then())
    yield
    saving.cancel()
    with suppress(asyncio.CancelledError):
        await saving
    for watcher in app[WATCHERS]:
        watcher.cancel()
    app[login.AUDIT].sum_up()
    await app[SESSIONS].save()
