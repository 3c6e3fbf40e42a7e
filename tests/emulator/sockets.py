"""The WebSockets: tickers and books for all, orders, executions, positions and wallet by key."""

import asyncio
import json
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from tests.emulator.exchange import Exchange
from tests.emulator.numbers import Json
from tests.emulator.public_data import orderbook, ticker


@dataclass(slots=True, eq=False)
class Connection:
    socket: web.WebSocketResponse
    category: str
    """Of the public side; "private" and "trade" are the others."""
    outbox: asyncio.Queue[Json] = field(default_factory=asyncio.Queue)
    topics: dict[str, Json] = field(default_factory=dict)
    """What each topic said last."""
    version: int = 0
    """Of the quotes last sent."""
    transport: asyncio.BaseTransport | None = None


class Sockets:
    """``silent``: connections stay, nothing is said any more, not even pongs."""

    def __init__(self, exchange: Exchange) -> None:
        self.silent = False
        self._exchange = exchange
        self._open: set[Connection] = set()

    async def serve_public(self, request: web.Request) -> web.StreamResponse:
        return await self._serve(request, request.match_info["category"])

    async def serve_private(self, request: web.Request) -> web.StreamResponse:
        return await self._serve(request, "private")

    async def serve_trade(self, request: web.Request) -> web.StreamResponse:
        return await self._serve(request, "trade")

    def disconnect(self) -> None:
        """Every connection breaks, without a goodbye."""
        for connection in tuple(self._open):
            if connection.transport is not None:
                connection.transport.close()

    def flush(self) -> None:
        """Say what has changed to those who listen."""
        if self.silent:
            return
        for connection in tuple(self._open):
            if connection.version != self._exchange.quotes.version:
                connection.version = self._exchange.quotes.version
                for topic in connection.topics:
                    self._say(connection, topic)

    async def _serve(self, request: web.Request, category: str) -> web.StreamResponse:
        socket = web.WebSocketResponse(autoping=not self.silent)
        await socket.prepare(request)
        connection = Connection(socket, category, transport=request.transport)
        connection.version = self._exchange.quotes.version
        self._open.add(connection)
        sender = asyncio.create_task(_send(connection))
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT and not self.silent:
                    self._hear(connection, json.loads(message.data))
        finally:
            self._open.discard(connection)
            sender.cancel()
        return socket

    def _hear(self, connection: Connection, said: Json) -> None:
        arguments = said.get("args") or []
        match said.get("op"):
            case "ping":
                connection.outbox.put_nowait(_done(said, "pong"))
            case "subscribe":
                self._subscribe(connection, said, arguments)
            case "unsubscribe":
                for topic in arguments:
                    connection.topics.pop(topic, None)
                connection.outbox.put_nowait(_done(said, ""))
            case _:
                connection.outbox.put_nowait(_failed(said, "Unknown op"))

    def _subscribe(self, connection: Connection, said: Json, topics: list[str]) -> None:
        for topic in topics:
            name, *_, symbol = topic.split(".")
            known = (connection.category, symbol) in self._exchange.listings
            if name not in ("tickers", "orderbook") or not known:
                failure = f"error:handler not found,topic:{topic}"
                connection.outbox.put_nowait(_failed(said, failure))
                return
        connection.outbox.put_nowait(_done(said, "subscribe"))
        for topic in topics:
            connection.topics.setdefault(topic, {})
            self._say(connection, topic)

    def _say(self, connection: Connection, topic: str) -> None:
        """A snapshot first, then what differs; spot tickers are snapshots always."""
        name, *depth, symbol = topic.split(".")
        listing = self._exchange.listing(connection.category, symbol)
        before = connection.topics[topic]
        now_ms = self._exchange.clock.now_ms()
        message: Json = {"topic": topic, "type": "snapshot", "ts": now_ms, "cts": now_ms}
        if name == "tickers":
            data = ticker(self._exchange, listing)
            if before and connection.category != "spot":
                message["type"] = "delta"
                changed = {key: value for key, value in data.items() if before.get(key) != value}
                message["data"] = {"symbol": symbol} | changed
            else:
                message["data"] = data
            message["cs"] = self._exchange.quotes.version
        else:
            data = orderbook(self._exchange, listing, int(depth[0]))
            if before and depth[0] != "1":
                message["type"] = "delta"
                sides = {side: _difference(before[side], data[side]) for side in ("b", "a")}
                message["data"] = data | sides
            else:
                message["data"] = data
        connection.topics[topic] = data
        connection.outbox.put_nowait(message)


def _difference(before: list[list[str]], after: list[list[str]]) -> list[list[str]]:
    """Levels that are new or another size, and those gone with size 0."""
    old = {level[0]: level[1] for level in before}
    new = {level[0]: level[1] for level in after}
    gone = [[price, "0"] for price in old if price not in new]
    return gone + [[price, size] for price, size in new.items() if old.get(price) != size]


async def _send(connection: Connection) -> None:
    while True:
        message = await connection.outbox.get()
        try:
            await connection.socket.send_str(json.dumps(message))
        except ConnectionError:
            return


def _done(said: Json, message: str) -> Json:
    return {
        "success": True,
        "ret_msg": message,
        "conn_id": "emulator",
        "req_id": str(said.get("req_id", "")),
        "op": said.get("op", ""),
    }


def _failed(said: Json, message: str) -> Json:
    return _done(said, message) | {"success": False, "request": said}
