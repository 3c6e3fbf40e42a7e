"""All timers of a runtime on one heap."""

from __future__ import annotations

import heapq
import threading
from collections.abc import Callable
from itertools import count


class Timer:
    """Something to do at a time (microseconds of the runtime's clock), unless cancelled before."""

    __slots__ = ("alive", "fire", "once")

    def __init__(self, fire: Callable[[int], None], once: str | None = None) -> None:
        self.fire = fire
        self.alive = True
        self.once = once
        """The key of an actor's timer that fires once."""

    def cancel(self) -> None:
        self.alive = False


class Timers:
    """A heap of timers; what is due first is fired first, what was set first of equals."""

    def __init__(self, earlier: Callable[[], None] = lambda: None) -> None:
        self._earlier = earlier
        self._lock = threading.Lock()
        self._heap: list[tuple[int, int, Timer]] = []
        self._order = count()
        self._swept = 64

    def set(self, due_us: int, timer: Timer) -> Timer:
        with self._lock:
            entry = (due_us, next(self._order), timer)
            heap = self._heap
            heapq.heappush(heap, entry)
            first = heap[0] is entry
            if len(heap) > self._swept:
                self._sweep()
        if first:
            self._earlier()
        return timer

    def next_due_us(self) -> int | None:
        """When the first live timer is due, or None."""
        with self._lock:
            heap = self._heap
            while heap and not heap[0][2].alive:
                heapq.heappop(heap)
            return heap[0][0] if heap else None

    def pop_due(self, now_us: int) -> Timer | None:
        """Take the first timer that is due at `now_us`."""
        with self._lock:
            heap = self._heap
            while heap:
                due_us, _, timer = heap[0]
                if timer.alive and due_us > now_us:
                    return None
                heapq.heappop(heap)
                if timer.alive:
                    return timer
            return None

    def clear(self) -> None:
        with self._lock:
            for _, _, timer in self._heap:
                timer.alive = False
            self._heap.clear()

    def _sweep(self) -> None:
        """Forget cancelled timers, so that re-arming for ever does not fill the memory."""
        self._heap = [entry for entry in self._heap if entry[2].alive]
        heapq.heapify(self._heap)
        self._swept = max(64, 2 * len(self._heap))
