"""Rate limits: the calls of one account go out one after the other, the urgent ones first."""

import asyncio
import heapq
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import IntEnum

LONGEST_PAUSE_SECONDS = 15 * 60.0
"""Whatever an exchange says: nobody bans for longer without a person having to look."""
BLIND_PAUSE_SECONDS = 10.0
"""After a rate limit that comes without a word on when it ends."""
BAN_PAUSE_SECONDS = 600.0
"""After an address was shut out, likewise."""


class Priority(IntEnum):
    """Who goes first. The lower, the sooner."""

    CANCEL = 0
    CREATE = 1
    QUERY = 2


class Paused(Exception):
    """The exchange has told us to wait, and the call would have to wait too long."""

    def __init__(self, seconds: float, why: str) -> None:
        super().__init__(f"{why}; nothing is asked for another {seconds:.0f} s")
        self.seconds = seconds
        self.why = why


class Pacer:
    """Gives each call its turn. All calls of one account, and of one IP address, share one."""

    def __init__(
        self,
        seconds_per_cost: float,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        patience: float = 10.0,
    ) -> None:
        """``patience``: seconds that a call waits for a pause to end before it fails."""
        self._seconds_per_cost = seconds_per_cost
        self._now = now
        self._sleep = sleep
        self._patience = patience
        self._queue: list[tuple[int, int, float, asyncio.Future[None]]] = []
        self._tickets = 0
        self._free_at = now()
        self._paused_until = 0.0
        self._why = ""
        self._running: asyncio.Task[None] | None = None

    @property
    def waiting(self) -> int:
        return len(self._queue)

    @property
    def paused_seconds(self) -> float:
        """How long the exchange still wants to be left alone; 0 if it does not."""
        return max(0.0, self._paused_until - self._now())

    async def turn(self, cost: float, priority: Priority) -> None:
        """Return when the call may go out. Raises Paused where that would take too long."""
        if self.paused_seconds > self._patience:
            raise Paused(self.paused_seconds, self._why)
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._tickets += 1
        heapq.heappush(self._queue, (priority, self._tickets, cost, turn))
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._serve())
        await turn

    def pause(self, seconds: float, why: str) -> None:
        """Nothing goes out for so long; a longer pause that holds already stays."""
        until = self._now() + min(max(seconds, 0.0), LONGEST_PAUSE_SECONDS)
        if until > self._paused_until:
            self._paused_until, self._why = until, why

    async def _serve(self) -> None:
        while self._queue:
            wait = max(self._free_at, self._paused_until) - self._now()
            if wait > 0 and self.paused_seconds <= self._patience:
                await self._sleep(wait)
                continue
            _, _, cost, turn = heapq.heappop(self._queue)
            if turn.done():  # whoever wanted it has given up: it costs nothing
                continue
            if self.paused_seconds > self._patience:
                turn.set_exception(Paused(self.paused_seconds, self._why))
                continue
            self._free_at = max(self._free_at, self._now()) + cost * self._seconds_per_cost
            turn.set_result(None)
            await asyncio.sleep(0)


def pause_after(status: int, headers: Mapping[str, str], at: datetime) -> float | None:
    """Seconds to leave the exchange alone after this answer; None if it asks for none.

    By its own word where it gives one: ``Retry-After`` (seconds or a date), or Bybit's
    ``X-Bapi-Limit-Reset-Timestamp`` (milliseconds) once ``X-Bapi-Limit-Status`` says that
    nothing is left. ``at`` is the time by the machine's clock.
    """
    lower = {name.lower(): value for name, value in headers.items()}
    now_ms = (at - _EPOCH).total_seconds() * 1000
    told = _retry_after(lower.get("retry-after"), at)
    if told is None and lower.get("x-bapi-limit-status") == "0":
        reset_ms = _number(lower.get("x-bapi-limit-reset-timestamp"))
        told = None if reset_ms is None else max(0.0, (reset_ms - now_ms) / 1000)
    if status in (403, 418):
        return BAN_PAUSE_SECONDS if told is None else told
    if status == 429:
        return BLIND_PAUSE_SECONDS if told is None else told
    return told


def _retry_after(text: str | None, at: datetime) -> float | None:
    seconds = _number(text)
    if seconds is not None or text is None:
        return seconds
    try:
        return max(0.0, (parsedate_to_datetime(text) - at).total_seconds())
    except (ValueError, TypeError):
        return None


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if 0 <= number < float("inf") else None


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
