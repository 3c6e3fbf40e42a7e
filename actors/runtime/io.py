"""Input and output: coroutines that an actor submits and does not wait for."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

logger = logging.getLogger(__name__)

END_SECONDS = 5.0
"""How long closing what is open to the outside may take."""

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Ok(Generic[T_co]):
    """The operation returned `value`."""

    value: T_co


@dataclass(frozen=True, slots=True)
class Failed:
    """The operation raised `error`."""

    error: Exception


Outcome: TypeAlias = Ok[T] | Failed


@dataclass(frozen=True, slots=True)
class Broken:
    """The function that was to make the letter raised; the actor that passed it crashes of it."""

    error: BaseException


class IoLoop:
    """One asyncio loop in a thread of its own, on which a live runtime runs all operations."""

    def __init__(self, at_end: Callable[[], Coroutine[Any, Any, None]] | None = None) -> None:
        """``at_end``: awaited on the loop when all else is cancelled, for a few seconds at most."""
        self._at_end = at_end
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="io", daemon=True)
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = False

    def start(self) -> None:
        self._thread.start()

    def submit(self, operation: Coroutine[Any, Any, T], done: Callable[[Outcome[T]], None]) -> None:
        """Run a coroutine; `done` gets its outcome on the loop's thread, unless it all stops."""
        try:
            self._loop.call_soon_threadsafe(self._begin, operation, done)
        except RuntimeError:  # the loop is closed
            operation.close()

    def stop(self) -> None:
        """Cancel what is under way, and end the thread."""
        self._stopping = True
        if not self._thread.is_alive():
            return
        asyncio.run_coroutine_threadsafe(self._cancel_all(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _begin(self, operation: Coroutine[Any, Any, T], done: Callable[[Outcome[T]], None]) -> None:
        if self._stopping:
            operation.close()
            return
        task = self._loop.create_task(self._run(operation, done))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(
        self, operation: Coroutine[Any, Any, T], done: Callable[[Outcome[T]], None]
    ) -> None:
        outcome: Outcome[T]
        try:
            outcome = Ok(await operation)
        except Exception as error:
            outcome = Failed(error)
        except BaseException as error:  # a cancellation, or what would end the loop
            if self._stopping:
                return
            outcome = Failed(RuntimeError(f"the operation ended with {error!r}"))
        done(outcome)

    async def _cancel_all(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._at_end is not None:
            try:
                await asyncio.wait_for(self._at_end(), END_SECONDS)
            except Exception:
                logger.warning("what was open to the outside could not be closed", exc_info=True)
        await self._loop.shutdown_asyncgens()
