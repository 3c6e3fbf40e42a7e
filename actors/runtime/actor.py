"""Actors, and what they may use of the world."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from .address import Address
from .clock import to_us
from .fence import Fence
from .io import Outcome
from .letter import Letter, ReplyTo
from .timers import Timer

if TYPE_CHECKING:
    from .incarnation import Incarnation

T = TypeVar("T")


class Actor:
    """The behaviour of one address. Subclasses implement `receive`.

    A new object is made for every incarnation: whatever must outlive a crash is restored in
    `started`. Everything here runs for one message at a time.
    """

    context: Context
    """Bound before `started` is called."""

    announces_itself: ClassVar[bool] = False
    """Whether it says by itself when its start is done (supervisors wait for their children)."""

    def started(self) -> None:
        """Restore durable state. To raise is a failed start, which the supervisor deals with."""

    def receive(self, message: Any) -> None:
        """Deal with one message. Raise Rejected to refuse it; anything else raised is a crash."""
        raise NotImplementedError

    def stopped(self) -> None:
        """Let go of things at an orderly stop. Not called after a crash."""


class Context:
    """What one incarnation of an actor may use of the world.

    Every act raises Fenced once the incarnation was replaced.
    """

    def __init__(self, incarnation: Incarnation) -> None:
        self._incarnation = incarnation
        self._runtime = incarnation.runtime
        self._timers: dict[str, Timer] = {}
        self._letter: Letter | None = None
        self._replied = False
        self._kept: ReplyTo | None = None
        self.fence: Fence = incarnation.fence
        self.address: Address = incarnation.cell.address
        self.epoch: int = incarnation.fence.epoch

    def now(self) -> datetime:
        """The runtime's time, aware, UTC."""
        return self._runtime.clock.now()

    def address_of(self, name: str) -> Address:
        """The address of that full name, whether or not an actor runs there yet."""
        return self._runtime.address(name)

    def reply(self, answer: object) -> None:
        """Answer the letter at hand; nothing happens if nobody asked. Twice is a RuntimeError."""
        self.fence.check()
        letter = self._letter
        if letter is None:
            return
        if self._replied:
            raise RuntimeError(f"{type(letter.message).__name__} was answered before")
        asker = letter.asker
        if asker is not None:
            self._replied = True
            letter.asker = None
            asker.answer(answer)

    def keep_reply(self) -> ReplyTo:
        """Take the right to answer the letter at hand later.

        Raises RuntimeError if nobody asked or it is answered. Should the actor die first, the
        asker gets a Rejected with code `lost`.
        """
        kept = self.keep_reply_if_asked()
        if kept is None:
            raise RuntimeError("there is no question at hand")
        return kept

    def keep_reply_if_asked(self) -> ReplyTo | None:
        """As `keep_reply`, but None if nobody asked or it is answered."""
        self.fence.check()
        letter = self._letter
        if letter is None or letter.asker is None:
            return None
        asker, letter.asker = letter.asker, None
        asker.keep(self._incarnation)
        self._kept = asker
        self._replied = True
        return asker

    def after(self, key: str, delay: timedelta, message: object) -> None:
        """Tell myself a message once `delay` has passed; it replaces the timer of this key.

        Timers die with the incarnation: the next one sets its own.
        """
        self._set_timer(key, to_us(delay), None, message)

    def every(self, key: str, period: timedelta, message: object) -> None:
        """Tell myself a message at each multiple of `period` from now.

        The beat does not drift. Ticks that were missed are skipped, and one that still waits in
        the mailbox is replaced by the next.
        """
        period_us = to_us(period)
        if period_us <= 0:
            raise ValueError(f"the period has to be positive, not {period}")
        self._set_timer(key, period_us, period_us, message)

    def cancel(self, key: str) -> None:
        """Forget the timer of this key, also one that has fired and still waits in the mailbox."""
        timer = self._timers.pop(key, None)
        if timer is not None:
            timer.cancel()

    def submit(
        self, operation: Coroutine[Any, Any, T], then: Callable[[Outcome[T]], object]
    ) -> None:
        """Run a coroutine outside of the actor; return at once.

        `then` turns the outcome into the message that is told to this address; a later
        incarnation may be the one to get it. `then` runs outside of the actor too.
        """
        try:
            self.fence.check()
        except BaseException:
            operation.close()
            raise
        self._runtime.submit(self.address, operation, then)

    def stop(self) -> None:
        """End in order once the letter at hand is done."""
        self._incarnation.stop_wanted = True

    def _set_timer(self, key: str, delay_us: int, period_us: int | None, message: object) -> None:
        self.fence.check()
        self.cancel(key)
        runtime, address, timers = self._runtime, self.address, self._timers
        started_us = runtime.clock.elapsed_us()

        def fire(now_us: int) -> None:
            if not timer.alive:
                return
            if period_us is not None:
                beats = (now_us - started_us) // period_us + 1
                runtime.timers.set(started_us + beats * period_us, timer)
            address.deliver(Letter(message, timer=timer), ("timer", key))

        timer = timers[key] = Timer(fire, key if period_us is None else None)
        runtime.timers.set(started_us + max(delay_us, 0), timer)

    def begin(self, letter: Letter) -> None:
        """A letter comes to hand. Only the runtime calls this."""
        self._letter = letter
        self._replied = False
        self._kept = None
        timer = letter.timer
        if timer is not None and timer.once is not None:
            # A fired timer stays here until now, so that `cancel` still finds it.
            self._timers.pop(timer.once, None)

    def take_reply_back(self, letter: Letter) -> None:
        """Its handler crashed: a reply right it kept, and did not use, is the letter's again."""
        if self._kept is not None and self._kept.release():
            letter.asker = self._kept

    def drop_timers(self) -> None:
        """Cancel all timers. Only the runtime calls this."""
        for timer in list(self._timers.values()):
            timer.cancel()
        self._timers.clear()
