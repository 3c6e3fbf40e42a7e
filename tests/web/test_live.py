"""The WebSocket: everything first, then changes, one question for all, and nobody is waited for."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import aiohttp.web
from aiohttp.test_utils import TestClient, TestServer

from actors.runtime import Actor
from actors.views.messages import GetChanges
from tests.web import sample_data as data
from tests.web.site import Site
from tests.web.stub_house import FIRST_REVISION, equity, silent, status
from web.open_page import UNREAD_AT_MOST, OpenPage, text_frame
from web.picture import TOPICS as KNOWN

Page = aiohttp.ClientWebSocketResponse
TOPICS = {
    "status",
    "positions",
    "funding_rates",
    "pnl",
    "equity",
    "balance",
    "analytics",
    "system",
    "config",
    "new_trades",
    "new_events",
}


@asynccontextmanager
async def pages(site: Site, count: int = 1, query: str = "") -> AsyncIterator[list[Page]]:
    async with aiohttp.ClientSession() as session:
        opened = [await session.ws_connect(f"{site.url}ws{query}") for _ in range(count)]
        yield opened
        for page in opened:
            await page.close()


async def until(page: Page, wanted: Callable[[Any], bool]) -> Any:
    """The first message that is wanted."""
    async with asyncio.timeout(20):
        while not wanted(message := await page.receive_json()):
            pass
        return message


def run(story: Callable[[], Awaitable[None]]) -> None:
    async def limited() -> None:
        async with asyncio.timeout(40):
            await story()

    asyncio.run(limited())


def test_everything_first_then_what_changed(site: Site) -> None:
    async def story() -> None:
        async with pages(site) as (page,):
            first = await page.receive_json()
            assert first["type"] == "changes"
            assert first["revision"] >= FIRST_REVISION
            assert set(first["topics"]) == TOPICS
            assert first["topics"]["pnl"]["total_net_usdt"] == str(data.PNL.total_net_usdt)

            site.house.change(equity=equity("100123.45", 1))
            news = await until(page, lambda message: message["topics"])
            assert set(news["topics"]) == {"equity"}
            assert news["topics"]["equity"]["equity_usdt"] == "100123.45"
            assert news["revision"] > first["revision"]

    run(story)


def test_nothing_is_asked_while_nobody_looks(site: Site) -> None:
    time.sleep(0.3)  # six intervals
    site.house.forget_letters()
    time.sleep(0.3)
    assert site.house.letters == []


def test_one_question_an_interval_however_many_look(site: Site) -> None:
    async def story() -> None:
        async with pages(site, 25) as opened:
            for page in opened:
                await page.receive_json()
            site.house.forget_letters()
            for _ in range(10):
                for page in opened:
                    await page.receive_json()
            asked = site.house.told("views", GetChanges)
            assert len(asked) <= 14  # ten heard by all, and a few more under way

    run(story)


def test_a_page_that_comes_later_gets_everything_too(site: Site) -> None:
    async def story() -> None:
        async with pages(site) as (early,):
            await early.receive_json()
            site.house.change(status=status(alarms=("look",)))
            await until(early, lambda message: "status" in message["topics"])
            async with pages(site) as (late,):
                first = await late.receive_json()
                assert set(first["topics"]) == TOPICS
                assert first["topics"]["status"]["alarms"] == ["look"]
                site.house.change(equity=equity("5", 9))
                for page in (early, late):
                    await until(page, lambda message: "equity" in message["topics"])

    run(story)


def test_who_comes_between_two_intervals_does_not_shorten_them() -> None:
    slow = Site(update_seconds=60)

    async def story() -> None:
        async with pages(slow) as (early,):
            await early.receive_json()
            async with pages(slow, 3) as late:
                for page in late:
                    assert set((await page.receive_json())["topics"]) == TOPICS
            asked = {message.revision for message in slow.house.told("views", GetChanges)}
            assert asked == {0}

    run(story)
    slow.stop()


def test_views_that_start_anew_are_followed(site: Site) -> None:
    async def story() -> None:
        async with pages(site) as (page,):
            await page.receive_json()
            site.house.revision += 1_000_000  # a later life's revisions are all above
            site.house.change(status=status(version="2.0"))
            news = await until(page, lambda message: "status" in message["topics"])
            assert news["topics"]["status"]["version"] == "2.0"

    run(story)


def test_pages_hear_that_the_views_do_not_answer_and_of_their_return(own_site: Site) -> None:
    house = own_site.house

    async def story() -> None:
        async with pages(own_site) as (page,):
            await page.receive_json()
            house.trouble = silent
            problem = await until(page, lambda message: message["type"] == "problem")
            assert problem["code"] == "not_answering"
            async with pages(own_site) as (newcomer,):
                assert (await newcomer.receive_json())["type"] == "problem"
                house.change(equity=equity("7", 1))
                house.trouble = lambda actor, message: False
                news = await until(page, lambda message: message["type"] == "changes")
                assert set(news["topics"]) == {"equity"}
                first = await until(newcomer, lambda message: message["type"] == "changes")
                assert set(first["topics"]) == TOPICS

    run(story)


def test_a_page_that_does_not_read_is_dropped_and_the_others_do_not_wait(site: Site) -> None:
    def much(actor: Actor, message: object) -> bool:
        assert isinstance(message, GetChanges)
        changes = site.house.changes(0)
        actor.context.reply(replace(changes, new_events=changes.new_events * 3_000))
        return True

    site.house.trouble = much

    async def story() -> None:
        deaf = socket.create_connection(("127.0.0.1", site.port))
        deaf.sendall(
            f"GET /ws HTTP/1.1\r\nHost: 127.0.0.1:{site.port}\r\nConnection: Upgrade\r\n"
            "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
        )
        session = aiohttp.ClientSession()
        page = await session.ws_connect(f"{site.url}ws", max_msg_size=0)
        slowest = 0.0
        for _ in range(40):
            began = time.monotonic()
            await page.receive()
            slowest = max(slowest, time.monotonic() - began)
        assert slowest < 2
        await page.close()
        await session.close()
        deaf.settimeout(5)
        with suppress(ConnectionResetError):
            while deaf.recv(1_000_000):
                pass  # what the kernel had taken already; then it ends
        deaf.close()

    run(story)


def test_what_waits_for_a_page_is_bounded_in_bytes() -> None:
    class Deaf(asyncio.WriteTransport):
        """Its other end reads nothing."""

        waiting, aborted = 0, False

        def is_closing(self) -> bool:
            return self.aborted

        def get_write_buffer_size(self) -> int:
            return self.waiting

        def write(self, data: Any) -> None:
            self.waiting += len(data)

        def abort(self) -> None:
            self.aborted = True

    transport, frame = Deaf(), b"x" * 100_000
    page = OpenPage(aiohttp.web.WebSocketResponse(), transport, frozenset())
    assert page.offer(b"x" * 5_000_000), "a first message may be large"
    assert not page.offer(frame)
    assert transport.aborted
    patient = Deaf()
    page = OpenPage(aiohttp.web.WebSocketResponse(), patient, frozenset())
    while page.offer(frame):
        assert patient.waiting <= UNREAD_AT_MOST + len(frame)
    assert patient.aborted


def test_a_frame_is_read_as_what_was_written() -> None:
    """Each of the three ways in which a frame says how long it is."""
    sizes = (0, 1, 125, 126, 65_535, 65_536, 200_000)

    async def echo(request: aiohttp.web.Request) -> aiohttp.web.WebSocketResponse:
        socket = aiohttp.web.WebSocketResponse()
        await socket.prepare(request)
        page = OpenPage(socket, request.transport, frozenset())
        for size in sizes:
            assert page.offer(text_frame(b"x" * size))
        async for _ in socket:
            pass
        return socket

    async def story() -> None:
        app = aiohttp.web.Application()
        app.router.add_get("/ws", echo)
        async with TestClient(TestServer(app)) as client, client.ws_connect("/ws") as page:
            for size in sizes:
                assert await page.receive_str() == "x" * size

    run(story)


def test_a_page_gets_the_topics_that_it_names(site: Site) -> None:
    async def story() -> None:
        site.house.forget_letters()
        async with (
            pages(site, query="?topics=status,pnl") as (one,),
            pages(site, query="?topics=equity") as (other,),
        ):
            assert set((await one.receive_json())["topics"]) == {"status", "pnl"}
            assert set((await other.receive_json())["topics"]) == {"equity"}
            site.house.change(equity=equity("17", 3), status=status(alarms=("now",)))
            news = await until(one, lambda message: message["topics"])
            assert set(news["topics"]) == {"status"}
            news = await until(other, lambda message: message["topics"])
            assert set(news["topics"]) == {"equity"}
        wanted = set().union(*(one.topics for one in site.house.told("views", GetChanges)))
        assert wanted == {"status", "pnl", "equity"}, "nobody looked at the others"

    run(story)


def test_a_topic_that_nobody_followed_for_a_while_is_told_anew(site: Site) -> None:
    async def story() -> None:
        async with pages(site, query="?topics=status") as (stays,):
            await stays.receive_json()
            async with pages(site, query="?topics=equity") as (leaves,):
                await leaves.receive_json()
            site.house.change(equity=equity("4711", 5))
            await stays.receive_json()
            await stays.receive_json()
            async with pages(site, query="?topics=equity") as (late,):
                first = await late.receive_json()
                assert first["topics"]["equity"]["equity_usdt"] == "4711"

    run(story)


def test_an_unknown_topic_is_refused_with_the_known_ones(site: Site) -> None:
    for query in ("topics=status,rubbish", "topics=", "topic=status", "topics=status&x=1"):
        answer = site.get(f"/ws?{query}")
        assert answer.error == (400, "invalid_query")
    assert all(topic in site.get("/ws?topics=x").json["error"]["message"] for topic in KNOWN)


def test_messages_say_when_they_were_sent_and_by_which_life(site: Site) -> None:
    async def story() -> None:
        async with pages(site, 2) as (page, other):
            first = await page.receive_json()
            assert (first["full"], first["interval"]) == (True, 0.05)
            second = await page.receive_json()
            assert second["full"] is False
            late = datetime.now(UTC) - datetime.fromisoformat(second["at"])
            assert timedelta() <= late < timedelta(seconds=10)
            assert first["at"] < second["at"]
            lives = {first["life"], second["life"], (await other.receive_json())["life"]}
            assert len(lives) == 1

    run(story)


def test_a_quiet_house_is_heard_too(site: Site) -> None:
    """Silence would look like a fault."""

    async def story() -> None:
        async with pages(site) as (page,):
            await page.receive_json()
            for _ in range(3):
                message = await page.receive_json()
                assert (message["topics"], message["patches"]) == ({}, {})

    run(story)


def test_rows_that_did_not_change_are_not_sent_again(site: Site) -> None:
    rates = data.RATES

    async def story() -> None:
        async with pages(site, query="?topics=funding_rates") as (page,):
            first = await page.receive_json()
            assert len(first["topics"]["funding_rates"]["rates"]) == len(rates.rates)
            changed = replace(rates.rates[0], rate=data.D("0.5"))
            site.house.change(funding_rates=replace(rates, rates=(changed, *rates.rates[1:])))
            news = await until(page, lambda message: message["patches"])
            patch = news["patches"]["funding_rates"]
            assert news["topics"] == {}
            assert [row["rate"] for row in patch["rows"]] == ["0.5"]
            assert patch["gone"] == []

    run(story)


def test_what_a_page_says_does_not_matter(site: Site) -> None:
    async def story() -> None:
        async with pages(site) as (page,):
            await page.receive_json()
            await page.send_str("garbage")
            await page.send_bytes(b"\x00\xff")
            await page.send_str('{"type": "stop"}')
            await page.receive_json()
            await page.receive_json()
            await page.send_bytes(b"x" * 100_000)
            async with asyncio.timeout(10):
                while not (await page.receive()).type.name.startswith("CLOS"):
                    pass
            assert page.close_code == aiohttp.WSCloseCode.MESSAGE_TOO_BIG
        assert site.get("health").status == 200
        assert site.house.commands == []

    run(story)


def test_a_plain_get_is_told_that_this_is_a_websocket(site: Site) -> None:
    assert site.get("/ws").status == 400
