"""One open page at the other end of a WebSocket, which is written to and never waited for."""

import asyncio
import struct
from uuid import uuid4

from aiohttp import WSCloseCode, web

LIFE = uuid4().hex[:12]
"""Another one after each start of the process, so that a page sees a restarted bot."""
UNREAD_AT_MOST = 1 << 20
"""Bytes that may wait for a page when more comes; a page that lets more wait is dropped."""
_GOODBYE_SECONDS = 1.0


class OpenPage:
    """``topics``: what it wants to be told of."""

    def __init__(
        self,
        socket: web.WebSocketResponse,
        transport: asyncio.WriteTransport | None,
        topics: frozenset[str],
    ) -> None:
        self.topics = topics
        self._socket = socket
        self._transport = transport

    def offer(self, frame: bytes) -> bool:
        """Never waits; False if the page has let too much wait and was dropped.

        The frame goes straight to the transport, which sends what the page reads and holds the
        rest. It may hold one frame more than UNREAD_AT_MOST bytes, so a first message can be large.
        """
        transport = self._transport
        if transport is None or transport.is_closing() or self._socket.closed:
            return False
        if transport.get_write_buffer_size() > UNREAD_AT_MOST:
            transport.abort()  # without a word: it would not read it
            return False
        transport.write(frame)
        return True

    async def say_goodbye(self) -> None:
        try:
            async with asyncio.timeout(_GOODBYE_SECONDS):
                await self._socket.close(code=WSCloseCode.GOING_AWAY, message=b"the server stops")
        except (TimeoutError, ConnectionError):
            if self._transport is not None:
                self._transport.abort()


def text_frame(payload: bytes) -> bytes:
    """A whole text message as RFC 6455 frames it on the way from a server: the same for all."""
    size = len(payload)
    if size < 126:
        return struct.pack("!BB", 0x81, size) + payload
    if size < 1 << 16:
        return struct.pack("!BBH", 0x81, 126, size) + payload
    return struct.pack("!BBQ", 0x81, 127, size) + payload
