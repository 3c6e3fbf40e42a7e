"""The WebSocket: everything at first, then what changed, from one question an interval for all.

A message is ``{"type": "changes", "revision": n, "topics": {...}}``; the first one a page gets has
every topic. Topics that did not change are left out. While the views do not answer, pages are told
so: ``{"type": "problem", "code", "message"}``.
"""

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import fields

from aiohttp import WSCloseCode, WSMsgType, web

from actors.runtime import Address
from actors.views.messages import Changes, GetChanges
from web.asking import ask
from web.errors import ApiError
from web.serialise import to_json

logger = logging.getLogger(__name__)

EVERYTHING = 0
UNREAD_AT_MOST = 8
"""Messages that may wait for a page; one that lets more wait is dropped."""
CLIENTS_AT_MOST = 2_000
HEARTBEAT_SECONDS = 15.0
_LONGEST_WORD = 4_096
"""Bytes; what a page says is not used."""


class Client:
    """One open page: a short queue, and a task that empties it."""

    def __init__(self, socket: web.WebSocketResponse, transport: asyncio.Transport | None) -> None:
        self.socket = socket
        self._transport = transport
        self._unread: asyncio.Queue[bytes] = asyncio.Queue(UNREAD_AT_MOST)

    def offer(self, message: bytes) -> bool:
        """Never waits; False if the page has let too much wait and was dropped."""
        try:
            self._unread.put_nowait(message)
        except asyncio.QueueFull:
            self.drop()
            return False
        return True

    def drop(self) -> None:
        """Close without a word: it would not read it."""
        if self._transport is not None:
            self._transport.abort()

    async def write(self) -> None:
        """Send what was offered, as fast as the page reads."""
        try:
            while True:
                message = await self._unread.get()
                await self.socket.send_frame(message, WSMsgType.TEXT)
        except ConnectionError:
            return  # it is gone, which its reader sees too


class Broadcast:
    """Asks the views for all pages at once. ``interval``, ``timeout``: seconds."""

    def __init__(self, views: Address, interval: float, timeout: float) -> None:
        self._views = views
        self._interval = interval
        self._timeout = timeout
        self._told: set[Client] = set()
        """Those that have had everything once."""
        self._new: set[Client] = set()
        self._someone_new = asyncio.Event()
        self._revision = EVERYTHING
        self._due = 0.0

    @property
    def clients(self) -> int:
        return len(self._told) + len(self._new)

    def join(self, client: Client) -> None:
        self._new.add(client)
        self._someone_new.set()

    def leave(self, client: Client) -> None:
        self._told.discard(client)
        self._new.discard(client)

    async def run(self) -> None:
        """For ever: serve newcomers at once, the others when the interval is over."""
        while True:
            try:
                await self._wait()
                await self._turn()
            except Exception:
                logger.exception("a push to the open pages failed")
                await asyncio.sleep(self._interval)

    async def close(self) -> None:
        """Tell every page that the server goes away."""
        clients = [*self._told, *self._new]
        self._told.clear()
        self._new.clear()
        async with asyncio.TaskGroup() as group:
            for client in clients:
                group.create_task(_close(client))

    async def _wait(self) -> None:
        """Until someone new is there, or the interval is over for those who are."""
        try:
            async with asyncio.timeout_at(self._due if self.clients else None):
                await self._someone_new.wait()
        except TimeoutError:
            return

    async def _turn(self) -> None:
        self._someone_new.clear()
        now = asyncio.get_running_loop().time()
        if now >= self._due:
            self._due += self._interval
            if self._due <= now:  # beats missed while nobody was there are not made up for
                self._due = now + self._interval
            if self._told:
                revision = await self._tell(self._told, self._revision)
                self._revision = self._revision if revision is None else revision
        if self._new:
            await self._welcome()

    async def _welcome(self) -> None:
        new, others = set(self._new), bool(self._told)
        revision = await self._tell(new, EVERYTHING)
        if revision is None:
            return  # they stay new
        self._told |= new & self._new  # not those who have left meanwhile
        self._new -= new
        if not others:
            # Else they hear of some changes twice, which does no harm.
            self._revision = revision

    async def _tell(self, clients: Iterable[Client], since: int) -> int | None:
        """Ask what changed and offer it; the revision they have then, None if there is no news."""
        revision = None
        try:
            changes: Changes = await ask(self._views, GetChanges(since), self._timeout)
            message, revision = _message(changes), changes.revision
        except ApiError as error:
            message = to_json({"type": "problem", "code": error.code, "message": error.message})
        for client in list(clients):
            if not client.offer(message):
                self.leave(client)
        return revision


def _message(changes: Changes) -> bytes:
    topics = {
        field.name: value
        for field in fields(changes)
        if field.name != "revision" and (value := getattr(changes, field.name)) not in (None, ())
    }
    return to_json({"type": "changes", "revision": changes.revision, "topics": topics})


async def serve(request: web.Request, broadcast: Broadcast) -> web.WebSocketResponse:
    """One page, for as long as it stays."""
    if broadcast.clients >= CLIENTS_AT_MOST:
        raise ApiError(503, "too_many_pages", "Too many pages are open.")
    socket = web.WebSocketResponse(
        heartbeat=HEARTBEAT_SECONDS, compress=False, max_msg_size=_LONGEST_WORD, timeout=1.0
    )
    await socket.prepare(request)
    client = Client(socket, request.transport)
    writer = asyncio.create_task(client.write())
    broadcast.join(client)
    try:
        async for _ in socket:
            pass
    finally:
        broadcast.leave(client)
        writer.cancel()
    return socket


async def _close(client: Client) -> None:
    try:
        async with asyncio.timeout(1.0):
            await client.socket.close(code=WSCloseCode.GOING_AWAY, message=b"the server stops")
    except (TimeoutError, ConnectionError):
        client.drop()
