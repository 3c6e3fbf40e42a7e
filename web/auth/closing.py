"""Pages that are open when a session ends: their WebSocket is closed, and says why."""

import asyncio
from contextlib import suppress

from aiohttp import web

from web.auth.identity import SESSIONS, identity_of
from web.auth.sessions import Login

SESSION_ENDED = 4401
"""The WebSocket's close code; a page goes to the login then."""
_GRACE_SECONDS = 3.0

WATCHERS: web.AppKey[set[asyncio.Task[None]]] = web.AppKey("watchers", set)


async def close_with_session(request: web.Request, response: web.StreamResponse) -> None:
    """For ``on_response_prepare``: whoever serves the WebSocket need not know of sessions."""
    identity = identity_of(request)
    if not isinstance(response, web.WebSocketResponse) or identity is None:
        return
    if identity.login is None:
        return
    watchers = request.app[WATCHERS]
    served = asyncio.current_task()
    watcher = asyncio.create_task(_watch(request, response, identity.login))
    watchers.add(watcher)
    watcher.add_done_callback(watchers.discard)
    if served is not None:
        served.add_done_callback(lambda _: watcher.cancel())


async def _watch(request: web.Request, socket: web.WebSocketResponse, login: Login) -> None:
    await request.app[SESSIONS].ended(login)
    transport = request.transport
    with suppress(TimeoutError, ConnectionError):
        async with asyncio.timeout(_GRACE_SECONDS):
            await socket.close(code=SESSION_ENDED, message=b"the session has ended")
    # A page that is slow may still read why; one that does not read at all is cut off.
    await asyncio.sleep(_GRACE_SECONDS)
    if transport is not None:
        transport.abort()
