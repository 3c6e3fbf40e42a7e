"""The pool: a few threads that carry on the many actors which never block."""

from __future__ import annotations

import logging
import threading
from itertools import count
from queue import SimpleQueue
from typing import Any

from .here import here
from .incarnation import StepIncarnation

BATCH = 32
"""Letters one actor may handle before it yields the worker to the next."""

logger = logging.getLogger(__name__)

Queue = SimpleQueue["PoolIncarnation | None"]


class PoolIncarnation(StepIncarnation):
    """An incarnation that stands in the pool's queue whenever it has something to do."""

    def __init__(self, pool: Pool, *args: Any) -> None:
        self._pool = pool
        super().__init__(*args)

    def ring(self) -> None:
        self._pool.put(self)

    def _start_actor_loop(self) -> None:
        self._pool.put(self)


class Pool:
    def __init__(self, workers: int) -> None:
        self._queue: Queue = SimpleQueue()
        self._numbers = count(1)
        self._lock = threading.Lock()
        self._workers = [self._new_worker() for _ in range(workers)]

    def start(self) -> None:
        for worker in self._workers:
            worker.start()

    def stop(self) -> None:
        """End the threads, but do not wait for one that is stuck in an actor."""
        with self._lock:
            workers, self._workers = self._workers, []
        for _ in workers:
            self._queue.put(None)
        for worker in workers:
            worker.join(timeout=5.0)

    def put(self, incarnation: PoolIncarnation) -> None:
        self._queue.put(incarnation)

    def let_go(self, incarnation: PoolIncarnation) -> None:
        """If this actor keeps a worker busy, put a new worker in its place."""
        with self._lock:
            for index, worker in enumerate(self._workers):
                if worker.current is incarnation:
                    worker.dismissed = True
                    fresh = self._workers[index] = self._new_worker()
                    fresh.start()

    def _new_worker(self) -> _Worker:
        return _Worker(self._queue, f"pool-{next(self._numbers)}")


class _Worker(threading.Thread):
    def __init__(self, queue: Queue, name: str) -> None:
        super().__init__(name=name, daemon=True)
        self.current: PoolIncarnation | None = None
        self.dismissed = False
        self._queue = queue

    def run(self) -> None:
        queue = self._queue
        while not self.dismissed:
            incarnation = queue.get()
            if incarnation is None:
                return
            self.current = here.incarnation = incarnation
            try:
                if incarnation.step(BATCH):
                    queue.put(incarnation)
            except BaseException:
                logger.exception("%s: the runtime itself failed", incarnation.cell.address.name)
            finally:
                self.current = here.incarnation = None
