"""The exchange on a loopback port: HTTP, WebSockets, and the faults that strike on the way."""

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Self

from aiohttp import web

from tests.emulator import control_routes
from tests.emulator.account_routes import routes as account_routes
from tests.emulator.answers import Refused, envelope
from tests.emulator.control import Control
from tests.emulator.events import happen
from tests.emulator.exchange import Exchange
from tests.emulator.faults import AFTER, BEFORE, GARBAGE, ORDER, Fault, Faults, Kind
from tests.emulator.limits import Limits
from tests.emulator.matching import Trouble
from tests.emulator.numbers import Json
from tests.emulator.private_routes import Caller
from tests.emulator.private_routes import routes as private_routes
from tests.emulator.public_routes import routes as public_routes
from tests.emulator.routing import Query, as_query
from tests.emulator.signing import identify
from tests.emulator.sockets import Sockets

PRIVATE = private_routes.table | account_routes.table
HOST = "127.0.0.1"
HANG_MS = 60_000


class Emulator:
    """``async with Emulator() as emulator``: serves ``emulator.url`` until the end of the block.

    ``stop`` and ``start`` again is the exchange's own restart: the port and all it knows stay,
    the connections do not. ``saved``: called with the exchange after each request that changed
    it, before anybody hears of it.
    """

    def __init__(
        self,
        exchange: Exchange | None = None,
        port: int = 0,
        saved: Callable[[Exchange], None] | None = None,
        enforce_limits: bool = False,
    ) -> None:
        self.exchange = exchange or Exchange()
        self.faults = Faults()
        self._saved = saved or (lambda _: None)
        self.sockets = Sockets(self.exchange, self._saved)
        self.control = Control(self.exchange, self.faults, self.sockets)
        self.port = port
        self.limits = Limits(enforce_limits)
        self._kept = -1
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
        self.exchange.restarted()
        if self._runner is not None:
            await self._runner.cleanup()

    def keep(self, *, changed: bool = False) -> None:
        """Save what happened before anybody can hear of it. ``changed``: even if nothing did."""
        if changed or self.exchange.sequence != self._kept:
            self._kept = self.exchange.sequence
            self._saved(self.exchange)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        sent = await request.text()
        query = _parameters(request, sent)
        if self.limits.is_banned():
            return web.Response(status=403, text="403, access too frequent")
        for fault in self.faults.take(BEFORE, request.path, query):
            if (spoilt := await self._spoil(fault, request)) is not None:
                return spoilt
        body, headers = self._work(request, query, sent)
        self.keep(changed=request.method != "GET")
        for fault in self.faults.take(AFTER, request.path, query):
            if (spoilt := await self._spoil(fault, request)) is not None:
                return spoilt
        return web.json_response(body, headers=headers)

    def _work(self, request: web.Request, query: Query, sent: str) -> tuple[Json, Json]:
        exchange = self.exchange
        happen(exchange)
        way = (request.method, request.path)
        headers: Json = {}
        try:
            if (public := public_routes.table.get(way)) is not None:
                result = public(exchange, query)
            elif (private := PRIVATE.get(way)) is not None:
                payload = sent
                if request.method == "GET":
                    payload = request.raw_path.partition("?")[2]
                ip = request.remote or ""
                key = identify(exchange.keys, exchange.clock, request.headers, payload, ip)
                taken, headers = self.limits.count(request.path, exchange.clock.now_ms())
                if not taken:
                    raise Refused(10006, "Too many visits. Exceeded the API Rate Limit.")
                if exchange.maintenance:
                    raise Refused(10016, "System error. Please try again later.")
                result = private(Caller(exchange, key, self._trouble(request.path, query)), query)
            else:
                raise web.HTTPNotFound(text="404 page not found")
            return envelope(exchange.clock.now_ms(), result), headers
        except Refused as refused:
            now_ms = exchange.clock.now_ms()
            return envelope(now_ms, {}, refused.code, refused.message), headers
        except ValueError as error:
            return envelope(exchange.clock.now_ms(), {}, 10001, f"params error: {error}"), headers
        finally:
            self.sockets.flush()

    def _trouble(self, path: str, query: Query) -> Trouble:
        struck = {one.kind: one for one in self.faults.take(ORDER, path, query)}
        partial, hidden = struck.get(Kind.PARTIAL), struck.get(Kind.HIDE)
        return Trouble(partial.fraction if partial else None, hidden.delay_ms if hidden else 0)

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
        self.keep(changed=True)
        return web.json_response(result)


def _parameters(request: web.Request, sent: str) -> Query:
    if request.method == "GET":
        return dict(request.query)
    try:
        document = json.loads(sent or "{}")
    except ValueError:
        return {}
    return as_query(document) if isinstance(document, Mapping) else {}
