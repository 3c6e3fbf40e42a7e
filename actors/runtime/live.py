"""The runtime of real life: threads, a pool, an I/O loop and a clock that runs."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Coroutine
from random import Random
from typing import Any, TypeVar

from .actor import Actor
from .address import Address
from .cell import Cell
from .clock import Clock, SystemClock
from .core import EventHook, Runtime, StartFailed
from .incarnation import Incarnation, ThreadIncarnation
from .io import IoLoop, Outcome
from .pool import Pool, PoolIncarnation
from .signals import Down
from .specs import ChildSpec, Spec, SupervisorSpec

T = TypeVar("T")

WATCH_SECONDS = 0.2
"""How often to look for actors that hang."""

logger = logging.getLogger(__name__)


class LiveRuntime(Runtime):
    """Runs a tree on threads; it can be started once."""

    def __init__(
        self,
        clock: Clock | None = None,
        workers: int = 2,
        on_event: EventHook | None = None,
        at_end: Callable[[], Coroutine[Any, Any, None]] | None = None,
    ) -> None:
        """``at_end``: closes what operations hold open; awaited where they ran, after the last."""
        self._something = threading.Condition()
        self._ticking = True
        self._ended = False
        self._root_changed = threading.Condition()
        self._root_state = "new"
        self._root_end: Down | None = None
        super().__init__(SystemClock() if clock is None else clock, on_event)
        self._io = IoLoop(at_end)
        self._pool = Pool(workers)
        self._ticker = threading.Thread(target=self._tick, name="timers", daemon=True)

    def start(self, spec: SupervisorSpec) -> None:
        if self._root_state != "new":
            raise RuntimeError("a runtime is started once")
        self._root_state = "starting"
        self._io.start()
        self._pool.start()
        self._ticker.start()
        self._root = self._cell(spec.name)
        self.spawn(spec.name, spec, None)
        with self._root_changed:
            self._root_changed.wait_for(lambda: self._root_state != "starting")
            end = self._root_end
        if end is not None:
            self._end()
            raise StartFailed(end.origin, end.cause, end.trace)

    def stop(self) -> None:
        if self._root is not None and self._root_state in ("starting", "up"):
            self.request_stop(self._root.address.name)
            with self._root_changed:
                self._root_changed.wait_for(lambda: self._root_state == "down")
        self._end()

    def submit(
        self,
        address: Address,
        operation: Coroutine[Any, Any, T],
        then: Callable[[Outcome[T]], object],
    ) -> None:
        self._io.submit(operation, lambda outcome: self._deliver_outcome(address, outcome, then))

    def _incarnate(self, cell: Cell, spec: Spec, make: Callable[[], Actor]) -> None:
        if isinstance(spec, ChildSpec) and spec.dispatch == "pool":
            PoolIncarnation.start(self._pool, self, cell, spec, make, cell.epoch)
        else:
            ThreadIncarnation.start(self, cell, spec, make, cell.epoch)

    def _let_go(self, incarnation: Incarnation) -> None:
        if isinstance(incarnation, PoolIncarnation):
            self._pool.let_go(incarnation)

    _monotonic = staticmethod(time.perf_counter)

    def _random_for(self, purpose: str) -> Random:
        return Random()

    def _root_up(self) -> None:
        with self._root_changed:
            self._root_state = "up"
            self._root_changed.notify_all()

    def _root_down(self, down: Down) -> None:
        with self._root_changed:
            was, self._root_state = self._root_state, "down"
            if down.reason != "stopped":
                self._root_end = down
                if was == "up":
                    self.failure = down.cause
                    self.failed.set()
            self._root_changed.notify_all()

    def _timer_is_earlier(self) -> None:
        with self._something:
            self._something.notify()

    def _tick(self) -> None:
        """Fire timers when they are due, and look for actors that hang."""
        watch_at = time.monotonic() + WATCH_SECONDS
        while self._ticking:
            try:
                self._fire_due()
                if time.monotonic() >= watch_at:
                    watch_at = time.monotonic() + WATCH_SECONDS
                    self._report_hung()
            except Exception:
                logger.exception("a timer failed")
            with self._something:
                wait = watch_at - time.monotonic()
                due_us = self.timers.next_due_us()
                if due_us is not None:
                    left_us = due_us - self.clock.elapsed_us()
                    wait = min(wait, self.clock.real_seconds(left_us))
                if wait > 0 and self._ticking:
                    self._something.wait(wait)

    def _fire_due(self) -> None:
        while True:
            now_us = self.clock.elapsed_us()
            timer = self.timers.pop_due(now_us)
            if timer is None:
                return
            timer.fire(now_us)

    def _end(self) -> None:
        if self._ended or self._root is None:
            return
        self._ended = True
        self._close_all("the runtime was stopped")
        self._ticking = False
        self._timer_is_earlier()
        self._ticker.join()
        self._pool.stop()
        self._io.stop()
        self.timers.clear()
