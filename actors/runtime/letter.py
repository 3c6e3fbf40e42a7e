"""Letters, and the ways in which a letter can be answered."""

from __future__ import annotations

import asyncio
import threading
import weakref
from collections import deque
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Generic, Protocol, TypeVar

from .here import Running, here

if TYPE_CHECKING:
    from .address import Address
    from .timers import Timer

T = TypeVar("T")


class Rejected(Exception):
    """A domain refusal: raised by `receive`, it is the asker's answer and the actor lives on.

    Codes the runtime itself uses: `unanswered` (the actor handled the question and said nothing),
    `lost` (the actor died after it had taken the reply right: what became of the request is
    unknown), `superseded` (a newer question with the same conflation key took its place).
    """

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason


class DeadLettered(Exception):
    """The letter killed its actor too often and lies in the dead letter office."""

    code = "dead_lettered"


class Undeliverable(Exception):
    """The address was stopped for good; nobody will read the letter."""

    code = "undeliverable"


@dataclass(frozen=True, slots=True)
class Refused:
    """What an actor gets that asked with `reply_to`, when the answer is no.

    `message` is the question. `code` is that of the Rejected the other raised, or
    `dead_lettered` or `undeliverable`.
    """

    message: object
    code: str
    reason: str


class Reply(Generic[T]):
    """The answer to come, for askers outside of any actor: `get` in a thread, `await` in a loop.

    Raises what the actor refused with (Rejected), DeadLettered, or Undeliverable.
    """

    __slots__ = ("_callbacks", "_done", "_error", "_lock", "_value")

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._done = False
        self._value: Any = None
        self._error: Exception | None = None
        self._callbacks: list[Callable[[], None]] = []

    def done(self) -> bool:
        return self._done

    def get(self, timeout: float) -> T:
        """Wait at most `timeout` seconds (real ones) for the answer; raise TimeoutError then.

        Raises RuntimeError inside a handler: no actor waits for another.
        """
        if here.incarnation is not None:
            raise RuntimeError("an actor must not wait for a reply; pass reply_to instead")
        if not self._done:
            bell = threading.Lock()
            bell.acquire()
            self._when_done(bell.release)
            if not bell.acquire(timeout=max(timeout, 0.0)):
                raise TimeoutError(f"no reply within {timeout} s")
        return self._result()

    def __await__(self) -> Generator[Any, None, T]:
        if not self._done:
            loop = asyncio.get_running_loop()
            future: asyncio.Future[None] = loop.create_future()
            waker = _waker_of(loop)
            self._when_done(lambda: waker.wake(future))
            yield from future
        return self._result()

    def settle(self, value: object, error: Exception | None) -> None:
        """Set the outcome; a second one is dropped. Only the runtime calls this."""
        with self._lock:
            if self._done:
                return
            self._value, self._error = value, error
            self._done = True
            callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            callback()

    def _when_done(self, callback: Callable[[], None]) -> None:
        with self._lock:
            if not self._done:
                self._callbacks.append(callback)
                return
        callback()

    def _result(self) -> T:
        if self._error is not None:
            raise self._error
        value: T = self._value
        return value


class ReplyTo:
    """The right to answer one question, once. Of two who try, one succeeds."""

    __slots__ = ("_answered", "_claimed", "_kept_by", "_question", "_sink")

    _claiming: Final = threading.Lock()
    """One for all: it is held for a moment, and a lock for each question costs more."""

    def __init__(self, sink: Reply[Any] | Address, question: object) -> None:
        self._sink = sink
        self._question = question
        self._claimed = False
        self._answered = False
        self._kept_by: Keeper | None = None

    def answer(self, answer: object) -> None:
        """Answer the question. Raises RuntimeError if it was answered before, Fenced for a zombie.

        If the runtime had to close the question meanwhile (its actor died), the answer is dropped.
        """
        self._answer(answer, None)

    def refuse(self, refusal: Rejected) -> None:
        """Answer with a domain refusal. Raises as `answer` does."""
        self._answer(None, refusal)

    def close(self, error: Exception) -> None:
        """Refuse on behalf of the runtime, unless it is answered already."""
        if self._claim():
            self._deliver(None, error)

    def keep(self, keeper: Keeper) -> None:
        self._kept_by = keeper
        keeper.kept[id(self)] = self

    def release(self) -> bool:
        """Undo `keep`; say whether the question is still open."""
        if self._kept_by is not None:
            self._kept_by.kept.pop(id(self), None)
            self._kept_by = None
        return not self._claimed

    def _answer(self, answer: object, refusal: Rejected | None) -> None:
        keeper = self._kept_by
        if keeper is not None:
            if here.incarnation is keeper:
                keeper.fence.check()
            keeper.kept.pop(id(self), None)
        if self._answered:
            raise RuntimeError(f"{type(self._question).__name__} was answered before")
        self._answered = True
        if self._claim():
            self._deliver(answer, refusal)

    def _claim(self) -> bool:
        with self._claiming:
            claimed, self._claimed = self._claimed, True
        return not claimed

    def _deliver(self, answer: object, error: Exception | None) -> None:
        sink = self._sink
        if isinstance(sink, Reply):
            sink.settle(answer, error)
        elif error is None:
            sink.deliver(Letter(answer))
        else:
            code = getattr(error, "code", type(error).__name__)
            reason = getattr(error, "reason", str(error))
            sink.deliver(Letter(Refused(self._question, code, reason)))


class Keeper(Running, Protocol):
    """An incarnation, as the holder of reply rights."""

    kept: dict[int, ReplyTo]


class Letter:
    """A message under way. It is the mailbox's and the runtime's; actors see only the message."""

    __slots__ = ("asker", "deaths", "message", "sent", "system", "timer")

    def __init__(
        self,
        message: object,
        asker: ReplyTo | None = None,
        *,
        system: bool = False,
        timer: Timer | None = None,
        deaths: int = 0,
    ) -> None:
        self.message = message
        self.asker = asker
        self.system = system
        self.timer = timer
        self.deaths = deaths
        self.sent = 0.0


class _Waker:
    """Wakes futures of one event loop: one call into the loop for a whole burst of replies."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = weakref.ref(loop)
        self._lock = threading.Lock()
        self._futures: deque[asyncio.Future[None]] = deque()
        self._scheduled = False

    def wake(self, future: asyncio.Future[None]) -> None:
        with self._lock:
            self._futures.append(future)
            if self._scheduled:
                return
            self._scheduled = True
        loop = self._loop()
        if loop is None or loop.is_closed():
            return
        try:
            loop.call_soon_threadsafe(self._run)
        except RuntimeError:  # closed between the check and the call: nobody waits any more
            return

    def _run(self) -> None:
        with self._lock:
            self._scheduled = False
            futures, self._futures = self._futures, deque()
        for future in futures:
            if not future.done():
                future.set_result(None)


_wakers: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, _Waker] = weakref.WeakKeyDictionary()
_wakers_lock = threading.Lock()


def _waker_of(loop: asyncio.AbstractEventLoop) -> _Waker:
    with _wakers_lock:
        waker = _wakers.get(loop)
        if waker is None:
            waker = _wakers[loop] = _Waker(loop)
        return waker
