"""The exchange's clock: it runs with the machine's or stands still, and is moved by hand."""

import time
from dataclasses import dataclass, field

AHEAD_MS = 1_000
"""A signed timestamp may lie less than this before the exchange's own time."""


def wall_ms() -> int:
    return time.time_ns() // 1_000_000


@dataclass(slots=True)
class Clock:
    """``frozen_ms``: time moves only by `advance`; else it runs ``offset_ms`` off the machine."""

    offset_ms: int = 0
    frozen_ms: int | None = None
    _offsets: list[int] = field(default_factory=list)

    @classmethod
    def at(cls, now_ms: int, *, frozen: bool = True) -> "Clock":
        return cls(now_ms - wall_ms(), now_ms if frozen else None)

    def now_ms(self) -> int:
        return wall_ms() + self.offset_ms if self.frozen_ms is None else self.frozen_ms

    def advance(self, by_ms: int) -> None:
        """Time passes at once. Clients set to the time before are still taken as in time."""
        self._offsets.append(self.offset_ms)
        self._move(by_ms)

    def skew(self, by_ms: int) -> None:
        """The clock jumps away from its clients': refused until they ask the time again."""
        self._offsets.clear()
        self._move(by_ms)

    def is_fresh(self, timestamp_ms: int, window_ms: int) -> bool:
        """Bybit's rule: server time - recv_window <= timestamp < server time + 1000 ms."""
        return any(now - window_ms <= timestamp_ms < now + AHEAD_MS for now in self._nows())

    def is_past(self, timestamp_ms: int) -> bool:
        return all(timestamp_ms <= now for now in self._nows())

    def _nows(self) -> list[int]:
        """What the time is to clients, also to those set before it was advanced."""
        wall = wall_ms()
        return [wall + offset for offset in (self.offset_ms, *self._offsets)]

    def _move(self, by_ms: int) -> None:
        self.offset_ms += by_ms
        if self.frozen_ms is not None:
            self.frozen_ms += by_ms
