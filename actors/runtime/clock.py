"""Clocks: where time comes from. Nothing else in the house looks at the machine's clock."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from typing import Protocol

_MICROSECOND = timedelta(microseconds=1)


class Clock(Protocol):
    """The time, as actors, timers and operations see it."""

    def now(self) -> datetime:
        """The time, aware, UTC."""
        ...

    async def sleep_until(self, at: datetime) -> None:
        """Return when `now()` has reached `at`; at once if it has."""
        ...

    async def sleep(self, delay: timedelta) -> None:
        """Return when `delay` of this clock's time has passed."""
        ...

    def elapsed_us(self) -> int:
        """Microseconds of this clock's time since some origin; never goes back."""
        ...

    def real_seconds(self, microseconds: int) -> float:
        """How long a span of this clock's time lasts in the real world."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep_until(self, at: datetime) -> None:
        while (left := (at - self.now()).total_seconds()) > 0:  # noqa: ASYNC110 - time is no event
            await asyncio.sleep(left)

    async def sleep(self, delay: timedelta) -> None:
        await asyncio.sleep(max(delay.total_seconds(), 0.0))

    def elapsed_us(self) -> int:
        return time.monotonic_ns() // 1000

    def real_seconds(self, microseconds: int) -> float:
        return microseconds / 1e6


class ScaledClock:
    """A clock for replays: it begins at `start` and runs `speed` times as fast as the real one."""

    def __init__(self, start: datetime, speed: float) -> None:
        if start.tzinfo is None:
            raise ValueError("start has to be an aware datetime")
        if not 0 < speed < float("inf"):
            raise ValueError(f"speed has to be positive and finite, not {speed}")
        self.speed = speed
        self._start = start.astimezone(UTC)
        self._origin_ns = time.monotonic_ns()

    def now(self) -> datetime:
        return self._start + timedelta(microseconds=self.elapsed_us())

    async def sleep_until(self, at: datetime) -> None:
        while (left := at - self.now()) > timedelta():  # noqa: ASYNC110 - time is no event
            await asyncio.sleep(left.total_seconds() / self.speed)

    async def sleep(self, delay: timedelta) -> None:
        await self.sleep_until(self.now() + delay)

    def elapsed_us(self) -> int:
        return int((time.monotonic_ns() - self._origin_ns) * self.speed) // 1000

    def real_seconds(self, microseconds: int) -> float:
        return microseconds / 1e6 / self.speed


class SimulatedClock:
    """Virtual time: it stands still until a simulation moves it on.

    It may outlive a simulated runtime: what a lost process spoke to keeps its clock.
    """

    def __init__(self, start: datetime) -> None:
        if start.tzinfo is None:
            raise ValueError("start has to be an aware datetime")
        self._start = start.astimezone(UTC)
        self._us = 0
        self._now = self._start

    def now(self) -> datetime:
        return self._now

    async def sleep_until(self, at: datetime) -> None:
        if at > self._now:
            await Wakeup(self.us_at(at))

    async def sleep(self, delay: timedelta) -> None:
        await self.sleep_until(self._now + delay)

    def elapsed_us(self) -> int:
        return self._us

    def real_seconds(self, microseconds: int) -> float:
        return microseconds / 1e6

    def us_at(self, at: datetime) -> int:
        return to_us(at - self._start)

    def advance_to(self, us: int) -> None:
        """Move on; never back. Only the simulation calls this."""
        if us > self._us:
            self._us = us
            self._now = self._start + timedelta(microseconds=us)


class Wakeup:
    """What a coroutine in a simulation waits for: a point in virtual time."""

    __slots__ = ("due_us",)

    def __init__(self, due_us: int) -> None:
        self.due_us = due_us

    def __await__(self) -> Generator[Wakeup, None, None]:
        yield self


def to_us(span: timedelta) -> int:
    """A span in whole microseconds."""
    return span // _MICROSECOND
