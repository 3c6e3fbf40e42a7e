"""What a simulation carries on turn by turn: incarnations, and operations under way."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal, Protocol

from .clock import Wakeup, to_us
from .core import SUPERVISOR_HANG_AFTER
from .faults import InjectedCrash
from .fence import Fence
from .here import here
from .incarnation import StepIncarnation
from .io import Failed, Ok, Outcome
from .letter import Letter
from .specs import ChildSpec
from .timers import Timer

if TYPE_CHECKING:
    from .simulation import SimulatedRuntime


class Turn(Protocol):
    def turn(self) -> bool:
        """Do the next thing. Say whether there is more to do at once."""
        ...


class SimulatedIncarnation(StepIncarnation):
    """An incarnation that a simulation carries on letter by letter."""

    runtime: SimulatedRuntime
    fence: _SimulatedFence

    def __init__(self, *args: Any) -> None:
        self.hang_next: tuple[Literal["before", "after"], timedelta | None] | None = None
        super().__init__(*args)

    def is_running(self) -> bool:
        return not self.starting and self.fence.is_valid()

    def ring(self) -> None:
        self.runtime.wake(self)

    def turn(self) -> bool:
        here.incarnation = self
        try:
            if self.hang_next is None and (self.runtime.faults is None or self.starting):
                return self.step(1)
            return self._step_with_faults()
        finally:
            here.incarnation = None

    def _start_actor_loop(self) -> None:
        self.runtime.wake(self)

    def _make_fence(self, address: str, epoch: int) -> Fence:
        return _SimulatedFence(address, epoch)

    def _step_with_faults(self) -> bool:
        mailbox = self.cell.mailbox
        taken = mailbox.take(self)
        if taken is None:
            return False
        if not isinstance(taken, Letter):
            self.on_receive(taken)
            return False
        if self.hang_next is not None:
            (when, wake_after), self.hang_next = self.hang_next, None
            return self._hang(taken, when, wake_after)
        fault = self.runtime.draw_fault(self.cell)
        match fault:
            case "crash_before":
                self.crash(InjectedCrash("before the letter was handled"))
                return False
            case "hang_before" | "hang_after":
                when = "before" if fault == "hang_before" else "after"
                return self._hang(taken, when, self.runtime.draw_hang())
        if fault == "crash_within":
            self.fence.crash_at_act = self.runtime.draw_act()
        self.handle(taken)
        self.fence.crash_at_act = None
        if fault == "crash_after":
            self.crash(InjectedCrash("after the letter was handled"))
            return False
        return mailbox.finish(self)

    def _hang(
        self, letter: Letter, when: Literal["before", "after"], wake_after: timedelta | None
    ) -> bool:
        if when == "after":
            self.handle(letter)
            if not self.fence.is_valid():
                return False
        runtime, spec = self.runtime, self.spec
        limit = spec.hang_after if isinstance(spec, ChildSpec) else SUPERVISOR_HANG_AFTER
        now_us = runtime.clock.elapsed_us()

        def notice(_: int) -> None:
            if self.fence.is_valid() and self.cell.mailbox.in_flight is letter:
                runtime.report_hang(self.cell, letter)

        def wake(_: int) -> None:
            here.incarnation = self
            try:
                if when == "before":
                    self.handle(letter)
                if self.cell.mailbox.finish(self):
                    runtime.wake(self)
            finally:
                here.incarnation = None

        if limit is not None:
            runtime.timers.set(now_us + to_us(limit), Timer(notice))
        if wake_after is not None:
            runtime.timers.set(now_us + to_us(wake_after), Timer(wake))
        return False


class _SimulatedFence(Fence):
    """Every act passes the fence, so this is where a handler can be made to crash between two."""

    __slots__ = ("crash_at_act",)

    def __init__(self, address: str, epoch: int) -> None:
        super().__init__(address, epoch)
        self.crash_at_act: int | None = None

    def check(self) -> None:
        super().check()
        if self.crash_at_act is not None:
            self.crash_at_act -= 1
            if self.crash_at_act == 0:
                raise InjectedCrash("while the letter was handled")


class Operation:
    """A coroutine, carried on by hand."""

    def __init__(
        self,
        runtime: SimulatedRuntime,
        coroutine: Coroutine[Any, Any, Any],
        done: Callable[[Outcome[Any]], None],
    ) -> None:
        self._runtime = runtime
        self._coroutine = coroutine
        self._done = done
        self._dropped = False

    def turn(self) -> bool:
        if self._dropped:
            return False
        try:
            wakeup = self._coroutine.send(None)
        except StopIteration as stop:
            self._done(Ok(stop.value))
        except Exception as error:
            self._done(Failed(error))
        else:
            if isinstance(wakeup, Wakeup):
                timer = Timer(lambda _: self._runtime.wake(self))
                self._runtime.timers.set(wakeup.due_us, timer)
            else:
                self._coroutine.close()
                reason = f"only the clock can be awaited in a simulation, not {wakeup!r}"
                self._done(Failed(TypeError(reason)))
        return False

    def drop(self) -> None:
        self._dropped = True
        self._coroutine.close()
