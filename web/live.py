"""The WebSocket: everything at first, then what changed, from one question an interval for all.

A page names the topics it wants: ``/ws?topics=status,positions``. Its first message has them whole
(``"full": true``), each further one, every interval, what changed of them. While the views do not
answer, pages are told so: ``{"type": "problem", "code", "message"}``. See docs/api.md.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from aiohttp import web

from actors.runtime import Address
from actors.views.messages import Changes, GetChanges
from web.asking import ask
from web.errors import ApiError
from web.open_page import LIFE, OpenPage, text_frame
from web.parameters import LONGEST_TEXT
from web.picture import EVERYTHING, TOPICS, Picture
from web.serialise import to_json

logger = logging.getLogger(__name__)

PAGES_AT_MOST = 2_000
HEARTBEAT_SECONDS = 15.0
"""A page that does not answer a ping within half of it is gone."""
_LONGEST_WORD = 4_096
"""Bytes; what a page says is not used."""
_AT_ONCE = 10
"""Pages written to before a pause, in which the bot goes on: trading comes first."""
_LONGEST_PAUSE = 0.01
"""Seconds."""
_SHARE_OF_INTERVAL = 0.5
"""All pauses together take at most so much of an interval."""

Members = Callable[[frozenset[str]], bytes]


class Broadcast:
    """Asks the views for all pages at once. ``interval``, ``timeout``: seconds."""

    def __init__(self, views: Address, interval: float, timeout: float) -> None:
        self._views = views
        self._interval = interval
        self._timeout = timeout
        self._told: dict[OpenPage, None] = {}
        """Those that have had everything once."""
        self._new: dict[OpenPage, None] = {}
        self._followers: Counter[str] = Counter()
        """Pages by topic."""
        self._picture = Picture()
        self._trouble: ApiError | None = None
        """Why the views did not answer the last time."""
        self._someone_new = asyncio.Event()
        self._due = 0.0

    @property
    def pages(self) -> int:
        return len(self._told) + len(self._new)

    def join(self, page: OpenPage) -> None:
        self._followers.update(page.topics)
        if self._trouble is None and page.topics in self._picture:
            self._welcome([page])
            return
        self._new[page] = None
        self._someone_new.set()
        if self._trouble is not None:
            self._offer(page, _problem(self._trouble))

    def leave(self, page: OpenPage) -> None:
        if page not in self._told and page not in self._new:
            return
        self._told.pop(page, None)
        self._new.pop(page, None)
        for topic in page.topics:
            self._followers[topic] -= 1
            if not self._followers[topic]:
                del self._followers[topic]
                self._picture.forget(topic)

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
        pages = [*self._told, *self._new]
        self._told.clear()
        self._new.clear()
        async with asyncio.TaskGroup() as group:
            for page in pages:
                group.create_task(page.say_goodbye())

    async def _wait(self) -> None:
        """Until someone new is there, or the interval is over for those who are."""
        try:
            async with asyncio.timeout_at(self._due if self.pages else None):
                await self._someone_new.wait()
        except TimeoutError:
            return

    async def _turn(self) -> None:
        self._someone_new.clear()
        now = asyncio.get_running_loop().time()
        is_due = now >= self._due
        if is_due:
            self._due += self._interval
            if self._due <= now:  # beats missed while nobody was there are not made up for
                self._due = now + self._interval
        try:
            if is_due:
                await self._update()
            elif self._trouble is not None:
                return  # the next beat tries again
            await self._follow_more()
        except ApiError as error:
            self._trouble = error
            frame, told = _problem(error), self._told if is_due else ()
            await self._send([(page, frame) for page in (*told, *self._new)])
            return
        self._welcome(list(self._new))

    async def _update(self) -> None:
        """Tell everybody what changed; also that nothing did, for silence would mean a fault."""
        if not self._picture.topics:
            return
        question = GetChanges(self._picture.revision, self._picture.topics)
        update = self._picture.update(await self._ask(question))
        self._trouble = None
        pages = list(self._told)
        frame_of = self._frames(pages, update.members, full=False)
        await self._send([(page, frame_of[page.topics]) for page in pages])

    async def _follow_more(self) -> None:
        """Ask for the topics that nobody wanted until now."""
        missing = self._followers.keys() - self._picture.topics
        if missing:
            everything = await self._ask(GetChanges(EVERYTHING, frozenset(missing)))
            # Not those whose followers have left meanwhile.
            self._picture.follow(missing & self._followers.keys(), everything)
        self._trouble = None

    async def _ask(self, question: GetChanges) -> Changes:
        changes: Changes = await ask(self._views, question, self._timeout)
        return changes

    def _welcome(self, pages: Iterable[OpenPage]) -> None:
        """Tell everything to those whose topics are all there."""
        ready = [page for page in pages if page.topics in self._picture]
        frame_of = self._frames(ready, self._picture.whole, full=True)
        for page in ready:
            self._new.pop(page, None)
            self._told[page] = None
            self._offer(page, frame_of[page.topics])

    def _frames(
        self, pages: Iterable[OpenPage], members: Members, *, full: bool
    ) -> dict[frozenset[str], bytes]:
        """One message for each set of topics."""
        said = {"revision": self._picture.revision, "interval": self._interval, "full": full}
        head = _message("changes", **said)[:-1]
        return {
            topics: text_frame(b"%b,%b}" % (head, members(topics)))
            for topics in {page.topics for page in pages}
        }

    async def _send(self, frames: list[tuple[OpenPage, bytes]]) -> None:
        """To a few pages at a time, so that others of this process need not wait long."""
        batches = range(0, len(frames), _AT_ONCE)
        pause = min(_LONGEST_PAUSE, self._interval * _SHARE_OF_INTERVAL / max(len(batches), 1))
        for start in batches:
            if start:
                await asyncio.sleep(pause)
            for page, frame in frames[start : start + _AT_ONCE]:
                self._offer(page, frame)

    def _offer(self, page: OpenPage, frame: bytes) -> None:
        if not page.offer(frame):
            self.leave(page)


def _problem(error: ApiError) -> bytes:
    return text_frame(_message("problem", code=error.code, message=error.message))


def _message(kind: str, **members: object) -> bytes:
    return to_json({"type": kind, "life": LIFE, "at": datetime.now(UTC), **members})


async def serve(request: web.Request, broadcast: Broadcast) -> web.WebSocketResponse:
    """One page, for as long as it stays. Raises ApiError 400 and 503."""
    topics = _topics(request)
    if broadcast.pages >= PAGES_AT_MOST:
        raise ApiError(503, "too_many_pages", "Too many pages are open.")
    socket = web.WebSocketResponse(
        heartbeat=HEARTBEAT_SECONDS, compress=False, max_msg_size=_LONGEST_WORD, timeout=1.0
    )
    await socket.prepare(request)
    page = OpenPage(socket, request.transport, topics)
    broadcast.join(page)
    try:
        async for _ in socket:
            pass
    finally:
        broadcast.leave(page)
    return socket


def _topics(request: web.Request) -> frozenset[str]:
    """Raises ApiError 400, which names what is known."""
    if others := request.query.keys() - {"topics"}:
        name = min(others)[:LONGEST_TEXT]
        raise ApiError(400, "invalid_query", f"There is no parameter {name!r} here; known: topics.")
    if not request.query:
        return frozenset(TOPICS)
    topics = frozenset(",".join(request.query.getall("topics")).split(","))
    if unknown := sorted(topics.difference(TOPICS)):
        name, known = unknown[0][:LONGEST_TEXT], ", ".join(TOPICS)
        raise ApiError(400, "invalid_query", f"There is no topic {name!r}; known: {known}.")
    return topics
