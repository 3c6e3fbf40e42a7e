"""The exchange on a loopback port: HTTP, WebSockets, and the faults that strike on the way."""

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any, Self

from aiohttp import web

from tests.emulator import control_routes
from tests.emulator.answers import Refused, envelope
from tests.emulator.control import Control
from tests.emulator.exchange import Exchange
from tests.emulator.faults import AFTER, BEFORE, GARBAGE, Fault, Faults, Kind
from tests.emulator.numbers import Json
from tests.emulator.public_routes import routes as public_routes
from tests.emulator.routing import Query
from tests.emulator.sockets import Sockets

HOST = "127.0.0.1"
HANG_MS = 60_000


class Emulator:
    """``async with Emulator() as emulator``: serves ``emulator.url`` until the end of the block.

    ``stop`` and ``start`` again is the exchange's own restart: the port and all it knows stay,
    the connections do not. ``saved``: called with the exchange after each request that changed
    it, before the answer.
    """

    def __init__(
        self,
        exchange: Exchange | None = None,
        port: int = 0,
        saved: Callable[[Exchange], None] | None = None,
    ) -> None:
        self.exchange = exchange or Exchange()
        self.faults = Faults()
        self.sockets = Sockets(self.exchange)
        self.control = Control(self.exchange, self.faults, self.sockets)
        self.port = port
        self._saved = saved or (lambda _: None)
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    async def start(self) -> None:
        app = web.Application()
        app.router.add_get("/v5/public/{category}", self.sockets.serve_public)
        app.router.add_get("/v5/private", self.sockets.serve_private)
        app.router.add_get("/v5/trade", self.sockets.serve_trade)
        app.router.add_route("*", "/emulator/{name}", self._control)
        app.router.add_route("*", "/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, self.port, reuse_address=True)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        self.sockets.disconnect()
        if self._runner is not None:
            await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        sent = await request.text()
        query = _parameters(request, sent)
        for fault in self.faults.take(BEFORE, request.path, query):
            if (spoilt := await self._spoil(fault, request)) is not None:
                return spoilt
        payload = request.raw_path.partition("?")[2] if request.method == "GET" else sent
        body, headers = self._work(request, query, payload)
        for fault in self.faults.take(AFTER, request.path, query):
            if (spoilt := await self._spoil(fault, request)) is not None:
                return spoilt
        return web.json_response(body, headers=headers)

    def _work(self, request: web.Request, query: Query, payload: str) -> tuple[Json, Json]:
        exchange = self.exchange
        exchange.poll()
        headers: Json = {}
        try:
            handler = public_routes.table.get((request.method, request.path))
            if handler is None:
                raise web.HTTPNotFound(text="404 page not found")
            result = handler(exchange, query)
            return envelope(exchange.clock.now_ms(), result), headers
        except Refused as refused:
            now_ms = exchange.clock.now_ms()
            return envelope(now_ms, {}, refused.code, refused.message), headers
        finally:
            self.sockets.flush()

    async def _spoil(self, fault: Fault, request: web.Request) -> web.StreamResponse | None:
        match fault.kind:
            case Kind.LATENCY:
                await asyncio.sleep(fault.delay_ms / 1000)
                return None
            case Kind.REFUSE:
                now_ms = self.exchange.clock.now_ms()
                body = envelope(now_ms, {}, fault.code, fault.message)
                return web.json_response(body, headers=fault.headers)
            case Kind.HTTP | Kind.HTTP_AFTER:
                return web.Response(status=fault.status, headers=fault.headers, text=fault.body)
            case Kind.GARBAGE | Kind.GARBAGE_AFTER:
                return web.Response(text=fault.body or GARBAGE, content_type="application/json")
            case Kind.HANG_AFTER:
                await asyncio.sleep((fault.delay_ms or HANG_MS) / 1000)
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    async def _control(self, request: web.Request) -> web.StreamResponse:
        arguments = json.loads(await request.text() or "{}")
        try:
            result = control_routes.run(self.control, request.match_info["name"], arguments)
        except (LookupError, TypeError, ValueError, Refused) as error:
            return web.json_response({"error": repr(error)}, status=400)
        self._saved(self.exchange)
        return web.json_response(result)


def _parameters(request: web.Request, sent: str) -> Query:
    if request.method == "GET":
        return dict(request.query)
    try:
        document = json.loads(sent or "{}")
    except ValueError:
        return {}
    return {name: _text(value) for name, value in _items(document)}


def _items(document: object) -> list[tuple[str, Any]]:
    return list(document.items()) if isinstance(document, Mapping) else []


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
