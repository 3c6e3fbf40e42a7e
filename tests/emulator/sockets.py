"""The WebSockets: tickers and books for all, orders, executions, positions and wallet by key."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from tests.emulator.answers import Refused
from tests.emulator.exchange import Exchange
from tests.emulator.numbers import Json
from tests.emulator.private_routes import Caller
from tests.emulator.private_routes import routes as private_routes
from tests.emulator.public_data import orderbook, ticker
from tests.emulator.routing import as_query
from tests.emulator.signing import ApiKey, log_in

PRIVATE = ("order", "execution", "position", "wallet")


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
    key: ApiKey | None = None
    """That logged in."""
    transport: asyncio.BaseTransport | None = None


class Sockets:
    """``silent``: connections stay, nothing is said any more, not even pongs."""

    def __init__(self, exchange: Exchange, saved: Callable[[Exchange], None]) -> None:
        self.silent = False
        self.saved = saved
        self._exchange = exchange
        self._open: set[Connection] = set()
        self._subscribed = asyncio.Event()

    async def serve_public(self, request: web.Request) -> web.StreamResponse:
        return await self._serve(request, request.match_info["category"])

    async def serve_private(self, request: web.Request) -> web.StreamResponse:
        return await self._serve(request, "private")

    async def serve_trade(self, request: web.Request) -> web.StreamResponse:
        return await self._serve(request, "trade")

    async def until_subscribed(self, *topics: str) -> None:
        """Until somebody listens to each of them."""
        while not set(topics) <= {topic for one in self._open for topic in one.topics}:
            self._subscribed.clear()
            await self._subscribed.wait()

    def disconnect(self) -> None:
        """Every connection breaks, without a goodbye."""
        for connection in tuple(self._open):
            if connection.transport is not None:
                connection.transport.close()

    def flush(self) -> None:
        """Say what has changed to those who listen."""
        due = self._exchange.due_events()
        if self.silent:
            return
        for topic, data in due:
            for connection in tuple(self._open):
                if topic in connection.topics and connection.key is not None:
                    self._tell(connection, topic, data)
        for connection in tuple(self._open):
            if connection.version != self._exchange.quotes.version:
                connection.version = self._exchange.quotes.version
                if connection.key is None:
                    for topic in connection.topics:
                        self._say(connection, topic)

    def _tell(self, connection: Connection, topic: str, data: Json) -> None:
        now_ms = self._exchange.clock.now_ms()
        number = self._exchange.next_number()
        connection.outbox.put_nowait(
            {"id": f"event-{number}", "topic": topic, "creationTime": now_ms, "data": [data]}
        )

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
            case "auth":
                self._log_in(connection, said, arguments)
            case "order.create" | "order.amend" | "order.cancel":
                connection.outbox.put_nowait(self._trade(connection, said, arguments))
                self.flush()
            case "subscribe" if connection.category == "private":
                self._subscribe_private(connection, said, arguments)
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
            self._subscribed.set()
            self._say(connection, topic)

    def _log_in(self, connection: Connection, said: Json, arguments: list[object]) -> None:
        try:
            connection.key = log_in(self._exchange.keys, self._exchange.clock, arguments)
        except Refused as refused:
            failure = _failed(said, refused.message)
            if connection.category == "trade":
                failure = {"retCode": refused.code, "retMsg": refused.message, "op": "auth"}
            connection.outbox.put_nowait(failure)
            return
        answer = _done(said, "")
        if connection.category == "trade":
            answer = {"retCode": 0, "retMsg": "OK", "op": "auth", "connId": "emulator"}
        connection.outbox.put_nowait(answer)

    def _subscribe_private(self, connection: Connection, said: Json, topics: list[str]) -> None:
        if connection.key is None:
            connection.outbox.put_nowait(_failed(said, "Request not authorized"))
            return
        for topic in topics:
            if topic not in PRIVATE:
                failure = f"error:handler not found,topic:{topic}"
                connection.outbox.put_nowait(_failed(said, failure))
                return
            connection.topics[topic] = {}
        self._subscribed.set()
        connection.outbox.put_nowait(_done(said, ""))

    def _trade(self, connection: Connection, said: Json, arguments: list[Json]) -> Json:
        """Orders by WebSocket: the same as by HTTP, without its faults."""
        answer: Json = {"reqId": str(said.get("reqId", "")), "op": said["op"], "connId": "emulator"}
        path = "/v5/" + said["op"].replace(".", "/")
        try:
            if connection.key is None:
                raise Refused(10003, "Request not authorized")
            if self._exchange.maintenance:
                raise Refused(10016, "System error. Please try again later.")
            handler = private_routes.table[("POST", path)]
            caller = Caller(self._exchange, connection.key)
            data = handler(caller, as_query(arguments[0]))
        except Refused as refused:
            return answer | {"retCode": refused.code, "retMsg": refused.message, "data": {}}
        self.saved(self._exchange)
        return answer | {"retCode": 0, "retMsg": "OK", "data": data}

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
