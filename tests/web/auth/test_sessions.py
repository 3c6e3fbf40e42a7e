"""When sessions end, and what outlasts a restart."""

import asyncio
import json
import socket
import stat
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest

from tests.web.site import Site
from web.auth import closing
from web.auth.access import Role
from web.auth.credentials import access_of
from web.auth.session_file import Kept, KeptSession, read_kept, write_kept
from web.auth.sessions import AT_MOST, Sessions

from .visitor import ACCESS, CHEAP, OPERATOR_PASSWORD, OPERATOR_TOKEN, Visitor, logged_in

HOUR = timedelta(hours=1)
BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
HASHES = ACCESS.hashes


class Clock:
    def __init__(self) -> None:
        self.at = BEGIN

    def __call__(self) -> datetime:
        return self.at


def sessions_of(clock: Clock, file: Path | None = None) -> Sessions:
    return Sessions(HASHES, HOUR, 3 * HOUR, file, clock)


def test_an_idle_session_ends() -> None:
    clock = Clock()
    sessions = sessions_of(clock)
    number = sessions.begin(Role.VIEWER)
    clock.at += HOUR - timedelta(seconds=1)
    login = sessions.find(number, seen=True)
    assert login is not None
    assert login.role is Role.VIEWER
    clock.at += HOUR - timedelta(seconds=1)
    assert sessions.find(number, seen=False) is login
    clock.at += timedelta(seconds=1)
    assert sessions.find(number, seen=True) is None
    assert login.ended.is_set()
    clock.at = BEGIN
    assert sessions.find(number, seen=True) is None


def test_no_session_lasts_for_ever() -> None:
    clock = Clock()
    sessions = sessions_of(clock)
    number = sessions.begin(Role.OPERATOR)
    for _ in range(5):
        clock.at += HOUR / 2
        assert sessions.find(number, seen=True) is not None
    login = sessions.find(number, seen=True)
    assert login is not None
    assert sessions.ends_at(login) == BEGIN + 3 * HOUR
    clock.at += HOUR / 2
    assert sessions.find(number, seen=True) is None


def test_sessions_are_not_piled_up() -> None:
    clock = Clock()
    sessions = sessions_of(clock)
    numbers = []
    for _ in range(AT_MOST + 1):
        clock.at += timedelta(seconds=1)
        numbers.append(sessions.begin(Role.OPERATOR))
    assert sessions.find(numbers[0], seen=False) is None
    assert sessions.find(numbers[1], seen=False) is not None
    assert sessions.find(numbers[-1], seen=False) is not None


@pytest.mark.parametrize("number", ["", "x", "\udcff", "a" * 100_000])
def test_numbers_that_nobody_has(number: str) -> None:
    assert sessions_of(Clock()).find(number, seen=True) is None


def test_sessions_outlast_a_restart(tmp_path: Path) -> None:
    file, clock = tmp_path / "deep" / "sessions", Clock()
    before = sessions_of(clock, file)
    going_on, ended, old = (before.begin(Role.OPERATOR) for _ in range(3))
    before.end(ended)
    clock.at += HOUR - timedelta(seconds=1)
    before.find(going_on, seen=True)
    asyncio.run(before.save())
    clock.at += timedelta(seconds=2)
    after = sessions_of(clock, file)
    login = after.find(going_on, seen=False)
    assert login is not None
    assert after.ends_at(login) == BEGIN + 2 * HOUR - timedelta(seconds=1)
    assert after.find(ended, seen=False) is None
    assert after.find(old, seen=False) is None
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    text = file.read_text()
    assert going_on not in text
    assert OPERATOR_PASSWORD not in text


def test_a_new_password_ends_the_sessions_begun_with_the_old_one(tmp_path: Path) -> None:
    file, clock = tmp_path / "sessions", Clock()
    before = sessions_of(clock, file)
    operator, viewer = before.begin(Role.OPERATOR), before.begin(Role.VIEWER)
    asyncio.run(before.save())
    changed = {**HASHES, Role.OPERATOR: CHEAP.hash("another password")}
    after = Sessions(changed, HOUR, 3 * HOUR, file, clock)
    assert after.find(operator, seen=False) is None
    assert after.find(viewer, seen=False) is not None
    without_viewer = Sessions({Role.OPERATOR: HASHES[Role.OPERATOR]}, HOUR, 3 * HOUR, file, clock)
    assert without_viewer.find(viewer, seen=False) is None


def test_a_plain_password_that_stays_is_not_a_new_one(tmp_path: Path) -> None:
    file = tmp_path / "sessions"
    first = access_of({Role.OPERATOR: OPERATOR_PASSWORD}, session_file=file)
    write_kept(file, Kept(first.hashes))
    assert access_of({Role.OPERATOR: OPERATOR_PASSWORD}, session_file=file) == first
    other = access_of({Role.OPERATOR: OPERATOR_PASSWORD + "!"}, session_file=file)
    assert other.operator_hash != first.operator_hash


def damaged(text: str) -> Callable[[Path], None]:
    def write(file: Path) -> None:
        file.write_text(text)

    return write


@pytest.mark.parametrize(
    "harm",
    [
        lambda file: file.unlink(),
        lambda file: file.chmod(0o644),
        lambda file: file.chmod(0o620),
        lambda file: file.write_bytes(b"\xff\xfe"),
        *map(damaged, ["", "{", "[]", "null", '{"format": 2, "hashes": {}, "sessions": []}']),
        damaged('{"format": 1, "hashes": {"operator": "x"}, "sessions": []}'),
        damaged('{"format": 1, "hashes": {}, "sessions": [["x", "king", "now", "now"]]}'),
        damaged('{"format": 1, "hashes": {}, "sessions": [1, 2]}'),
    ],
)
def test_a_file_that_cannot_be_trusted_lets_nobody_in(
    tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    file, clock = tmp_path / "sessions", Clock()
    before = sessions_of(clock, file)
    number = before.begin(Role.OPERATOR)
    asyncio.run(before.save())
    assert sessions_of(clock, file).find(number, seen=False) is not None
    harm(file)
    assert read_kept(file) == Kept()
    after = sessions_of(clock, file)
    assert after.find(number, seen=False) is None
    asyncio.run(after.save())
    assert json.loads(file.read_text())["sessions"] == []


def test_a_clock_that_was_set_back_makes_nobody_younger(tmp_path: Path) -> None:
    file, clock = tmp_path / "sessions", Clock()
    write_kept(file, Kept(HASHES, (KeptSession("d", Role.VIEWER, BEGIN, BEGIN + 50 * HOUR),)))
    sessions = sessions_of(clock, file)
    asyncio.run(sessions.save())
    assert read_kept(file).sessions == (KeptSession("d", Role.VIEWER, BEGIN, BEGIN),)


def test_a_folder_that_cannot_be_written_to_is_no_reason_to_stop(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    sessions = sessions_of(Clock(), tmp_path / "file" / "sessions")
    number = sessions.begin(Role.OPERATOR)
    asyncio.run(sessions.save())
    assert sessions.find(number, seen=False) is not None
    assert "a restart ends them" in caplog.text
    assert number not in caplog.text


def test_the_bot_is_restarted_and_the_page_goes_on(tmp_path: Path) -> None:
    site = Site(access=ACCESS, session_file=tmp_path / "sessions")
    visitor = logged_in(site)
    csrf = visitor.csrf()
    site.stop()
    visitor.site = site = Site(access=ACCESS, session_file=tmp_path / "sessions")
    try:
        assert visitor.command("pause", X_CSRF_Token=csrf).status == 202
        visitor.command("/logout", X_CSRF_Token=csrf)
    finally:
        site.stop()
    assert read_kept(tmp_path / "sessions").sessions == ()


def test_an_idle_session_ends_over_http() -> None:
    site = Site(access=ACCESS, session_idle=timedelta(seconds=2))
    try:
        visitor = logged_in(site)
        assert visitor.get("status").status == 200
        asyncio.run(asyncio.wait_for(closed_with(visitor), 10))
        answer = visitor.get("/rates")
        assert (answer.status, answer.headers["Location"]) == (303, "/login?next=/rates")
        assert visitor.get("status").error == (401, "not_logged_in")
    finally:
        site.stop()


async def closed_with(visitor: Visitor, meanwhile: Callable[[], object] = lambda: None) -> int:
    """The code that the WebSocket of this session is closed with, after a first message."""
    cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    async with (
        aiohttp.ClientSession(headers={"Cookie": cookies, **visitor.headers}) as client,
        client.ws_connect(f"{visitor.site.url}ws?topics=status") as page,
    ):
        await page.receive_json()
        await asyncio.to_thread(meanwhile)
        while not (await page.receive()).type.name.startswith("CLOS"):
            pass
        assert page.close_code is not None
        return page.close_code


def test_open_pages_are_closed_when_their_session_is_idle_too_long() -> None:
    site = Site(access=ACCESS, session_idle=timedelta(seconds=2))
    try:
        began = time.monotonic()
        code = asyncio.run(asyncio.wait_for(closed_with(logged_in(site)), 10))
        assert code == 4401
        assert 1.0 < time.monotonic() - began < 9
    finally:
        site.stop()


def test_open_pages_are_closed_at_the_log_out(locked: Site) -> None:
    visitor, other = logged_in(locked), logged_in(locked)

    def log_out() -> None:
        visitor.command("/logout", X_CSRF_Token=visitor.csrf())

    async def story() -> None:
        others = asyncio.create_task(closed_with(other))
        assert await asyncio.wait_for(closed_with(visitor, log_out), 10) == 4401
        assert not others.done()
        others.cancel()

    asyncio.run(story())
    assert other.get("status").status == 200


def test_a_page_that_comes_back_by_itself_does_not_keep_its_session() -> None:
    site = Site(access=ACCESS, session_idle=timedelta(seconds=2))
    try:
        visitor = logged_in(site)
        deadline = time.monotonic() + 10
        while visitor.get("/ws").status != 401:
            assert time.monotonic() < deadline
    finally:
        site.stop()


def test_a_page_that_does_not_read_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closing, "_GRACE_SECONDS", 0.1)
    site = Site(access=ACCESS, session_idle=timedelta(seconds=2))
    try:
        visitor = logged_in(site)
        cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
        with socket.create_connection(("127.0.0.1", site.port), timeout=10) as deaf:
            deaf.sendall(
                f"GET /ws HTTP/1.1\r\nHost: 127.0.0.1:{site.port}\r\nConnection: Upgrade\r\n"
                f"Cookie: {cookies}\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
            )
            assert deaf.recv(12) == b"HTTP/1.1 101"
            with suppress(ConnectionResetError):  # one way to be cut off; the other is the end
                while deaf.recv(65536):
                    pass  # it reads, and says nothing
    finally:
        site.stop()


def test_a_program_keeps_its_websocket(locked: Site) -> None:
    bearer = Visitor(locked, Authorization=f"Bearer {OPERATOR_TOKEN}")

    async def story() -> None:
        headers = bearer.headers
        async with (
            aiohttp.ClientSession(headers=headers) as client,
            client.ws_connect(f"{locked.url}ws?topics=status") as page,
        ):
            assert (await page.receive_json())["type"] == "changes"

    asyncio.run(story())
