"""Rubbish at every door of a running bot: clear answers, and it goes on trading."""

import asyncio
import base64
import json
import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import aiohttp

from tests.process.books import Window, check_at_rest, read_books
from tests.process.bot import BUSY, Bot, Dashboard, free_port, perpcarry, running, write_settings

PARTS = {"{id}": "1", "{address}": "root/market", "{key}": "trading.leverage"}
BODIES = {
    "no JSON": b"\x00\xff\xfe{{{" * 100,
    "no object": b'[1, "two", null]',
    "NaN": b'{"trading.leverage": NaN}',
    "nested": b"[" * 50_000,
    "unknown": b'{"no.such.setting": 1, "trading.leverage": -1}',
    "10 MB": b"x" * 10_000_000,
    "10 MB of JSON": b'{"a": "' + b"x" * 10_000_000 + b'"}',
}
METHODS = ("BREW", "PUT", "TRACE", "CONNECT", "PROPFIND")
IDLE = 200
REFUSED = 422

Answers = dict[tuple[str, str, str], int | None]
"""(method, path, what) -> status; None where the line was cut while rubbish was still sent."""


def test_rubbish(tmp_path: Path) -> None:
    window, dashboard = Window(tmp_path), Dashboard(free_port())
    write_settings(tmp_path, BUSY)
    with running(tmp_path, *dashboard.options) as bot:
        bot.until(lambda: dashboard.answers() and window.count("fills") > 4, "some trades")
        with ExitStack() as idle:
            for one in _idle_connections(dashboard.port):
                idle.enter_context(closing(one))
            answers = asyncio.run(_everything(dashboard))
            _goes_on(bot, window, dashboard)
        _goes_on(bot, window, dashboard)
        assert bot.interrupt().code == 130
    assert sum(what == "NaN" for *_, what in answers) >= 25, "every endpoint is tried"
    wrong = {key: status for key, status in answers.items() if status and not 400 <= status < 500}
    assert not wrong
    cut = [what for (*_, what), status in answers.items() if status is None]
    assert all(what.startswith("10 MB") for what in cut), cut
    print(f"{len(answers)} requests, {len(cut)} of them cut short")
    assert window.count("commands") == 0
    assert window.count("config_changes") == 0
    check_at_rest(read_books(tmp_path))
    perpcarry(tmp_path, "verify-ledger").succeeds()


def _goes_on(bot: Bot, window: Window, dashboard: Dashboard) -> None:
    cycle, orders = window.cycle(), window.count("intents")
    bot.until(lambda: window.cycle() > cycle + 1, "more cycles")
    bot.until(lambda: window.count("intents") > orders, "more orders")
    assert dashboard.get("/health")["bot"] == "running"
    assert dashboard.get("/dead-letters")["letters"] == []


async def _everything(dashboard: Dashboard) -> Answers:
    answers: Answers = {}
    timeout = aiohttp.ClientTimeout(total=30)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        for method, path in await _endpoints(session, dashboard):
            for what, body in BODIES.items():
                answers[method, path, what] = await _status(session, method, path, body)
            for unknown in METHODS:
                answers[unknown, path, "method"] = await _status(session, unknown, path, b"")
        await _rubbish_on_websocket(session, dashboard)
    _rubbish_after_upgrade(dashboard.port)
    _rubbish_instead_of_http(dashboard.port)
    return answers


async def _endpoints(session: aiohttp.ClientSession, dashboard: Dashboard) -> list[tuple[str, str]]:
    """(method, url) of everything in the API's own document."""
    async with session.get(dashboard.url("/openapi.json")) as answer:
        document = await answer.json()
    base = f"http://127.0.0.1:{dashboard.port}"
    prefix = document.get("servers", [{"url": ""}])[0]["url"]
    found = []
    for path, methods in document["paths"].items():
        for part, value in PARTS.items():
            path = path.replace(part, value)
        known = {"get", "post", "patch", "delete", "put"} & set(methods)
        found += [(method.upper(), f"{base}{prefix}{path}") for method in sorted(known)]
    return found


async def _status(session: aiohttp.ClientSession, method: str, url: str, body: bytes) -> int | None:
    headers = {"Content-Type": "application/json"}
    try:
        async with session.request(method, url, data=body, headers=headers) as answer:
            text = await answer.text()
            if method not in ("HEAD", "CONNECT", "BREW"):
                said = json.loads(text)
                if said.get("acceptable") is False:  # of a change that was only tried
                    return REFUSED
                assert said["error"]["message"], (method, url, text)
            return answer.status
    except (aiohttp.ClientError, ConnectionError):
        return None


async def _rubbish_on_websocket(session: aiohttp.ClientSession, dashboard: Dashboard) -> None:
    url = f"http://127.0.0.1:{dashboard.port}/ws"
    for rubbish in (b"\xff" * 100, b"x" * 1_000_000, b"{}"):
        async with session.ws_connect(url) as socket_:
            assert (await socket_.receive_json())["type"] == "changes"
            await socket_.send_bytes(rubbish)
            await socket_.send_str("]" * 100)


def _rubbish_after_upgrade(port: int) -> None:
    """No WebSocket frames at all."""
    key = base64.b64encode(os.urandom(16)).decode()
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        head = (
            "GET /ws HTTP/1.1",
            f"Host: 127.0.0.1:{port}",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            f"Sec-WebSocket-Key: {key}",
        )
        line.sendall("\r\n".join((*head, "", "")).encode())
        assert b"101" in line.recv(100)
        _send_and_see_it_closed(line, os.urandom(5000))


def _rubbish_instead_of_http(port: int) -> None:
    for rubbish in (os.urandom(5000), b"GET / HTTP/9.9\r\n\r\n", b"A" * 100_000 + b"\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
            _send_and_see_it_closed(line, rubbish)


def _send_and_see_it_closed(line: socket.socket, rubbish: bytes) -> None:
    try:
        line.sendall(rubbish)
        line.shutdown(socket.SHUT_WR)
        while line.recv(65536):
            pass
    except ConnectionError:
        pass


def _idle_connections(port: int) -> Iterator[socket.socket]:
    """Some say nothing, some begin a request and never end it."""
    for number in range(IDLE):
        line = socket.create_connection(("127.0.0.1", port), timeout=10)
        if number % 2:
            line.sendall(b"POST /api/v1/stop HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Le")
        yield line
