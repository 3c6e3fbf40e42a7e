"""The simulated runtime: one thread, virtual time, and a seed that decides what comes next."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from random import Random
from typing import Any, Literal, TypeVar

from .actor import Actor
from .address import Address
from .cell import Cell
from .clock import SimulatedClock, to_us
from .core import EventHook, Runtime, StartFailed
from .faults import MOST_ACTS, Fault, FaultPlan, InjectedCrash
from .incarnation import Incarnation
from .io import Outcome
from .letter import Letter
from .signals import Down
from .simulated import Operation, SimulatedIncarnation, Turn
from .specs import Spec, SupervisorSpec

T = TypeVar("T")

MOST_TURNS_AT_ONCE = 1_000_000
"""Turns without any progress of time after which a simulation is taken to run in a circle."""


class Stuck(Exception):
    """The actors keep each other busy without end, and time stands still."""


class SimulatedRuntime(Runtime):
    """Runs a tree in virtual time, one turn after the other, the same for the same seed.

    A turn is one letter handled or one step of one I/O operation. Whenever several could be next,
    the seed decides (`ordering="fifo"`: the one that has waited longest). When there is none, time
    moves on to the next timer. Letters may be told from other threads (a web server); everything
    else here belongs to the one thread that drives the simulation.
    """

    clock: SimulatedClock

    def __init__(
        self,
        start: datetime | SimulatedClock,
        seed: int,
        on_event: EventHook | None = None,
        ordering: Literal["seeded", "fifo"] = "seeded",
        faults: FaultPlan | None = None,
    ) -> None:
        clock = start if isinstance(start, SimulatedClock) else SimulatedClock(start)
        super().__init__(clock, on_event)
        self.faults = faults
        self.after_turn: Callable[[], None] | None = None
        """Called after every turn and every timer; what it raises comes out of the drive."""
        self._seed = seed
        self._choice = Random(f"{seed} choice")
        self._chance = Random(f"{seed} faults")
        self._fifo = ordering == "fifo"
        self._ready: list[Turn] = []
        self._queue: deque[Turn] = deque()
        self._incoming: deque[Turn] = deque()
        self._operations: dict[Operation, None] = {}
        self._waiting = False
        self._bell = threading.Event()
        self._root_state: Literal["new", "starting", "up", "down"] = "new"
        self._root_end: Down | None = None
        self._lost = False

    # --- driving it -------------------------------------------------------------------------------

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def start(self, spec: SupervisorSpec) -> None:
        if self._root_state != "new":
            raise RuntimeError("a runtime is started once")
        self._root_state = "starting"
        self._root = self._cell(spec.name)
        self.spawn(spec.name, spec, None)
        self._drive(lambda: self._root_state != "starting", None)
        if self._root_end is not None:
            end = self._root_end
            self._end("the start failed")
            raise StartFailed(end.origin, end.cause, end.trace)

    def stop(self) -> None:
        if self._root is not None and self._root_state == "up" and not self._lost:
            self.request_stop(self._root.address.name)
            self._drive(lambda: self._root_state == "down", None)
        if not self._lost:
            self._end("the runtime was stopped")

    def step(self) -> bool:
        """Do one turn, or else move on to the next timer. False if there is nothing to come."""
        done = self._turn() or self._advance(None)
        if done and self.after_turn is not None:
            self.after_turn()
        return done

    def run_until(self, at: datetime) -> None:
        """Let everything happen that happens up to `at`; it is `at` then."""
        limit_us = self.clock.us_at(at)
        self._drive(lambda: False, limit_us)
        self.clock.advance_to(limit_us)

    def run_for(self, span: timedelta) -> None:
        """As `run_until`, from now on."""
        self.run_until(self.now + span)

    def run_until_idle(self) -> None:
        """Let everything happen that happens now, without any progress of time."""
        self._drive(lambda: False, self.clock.elapsed_us())

    def ask(self, address: Address | str, message: object, timeout: timedelta) -> Any:
        """Ask, and run the simulation until the answer is there.

        Raises as Reply.get does; TimeoutError after `timeout` of virtual time.
        """
        target = self.address(address) if isinstance(address, str) else address
        reply = target.ask(message)
        self._drive(reply.done, self.clock.elapsed_us() + to_us(timeout))
        if not reply.done():
            raise TimeoutError(f"no reply within {timeout}")
        return reply.get(0)

    def pump(self, timeout: float) -> bool:
        """Deal with letters from other threads while time stands still.

        Wait at most `timeout` real seconds for one; False if none came.
        """
        self._bell.clear()
        self._waiting = True
        try:
            if not (self._incoming or self._has_turns()) and not self._bell.wait(timeout):
                return False
        finally:
            self._waiting = False
        self.run_until_idle()
        return True

    # --- faults on request ------------------------------------------------------------------------

    def crash(self, name: str) -> bool:
        """Crash the actor at this address now. False if none is running there."""
        incarnation = self._running(name)
        if incarnation is None:
            return False
        incarnation.crash(InjectedCrash(f"{name} was told to crash"))
        return True

    def hang(
        self,
        name: str,
        when: Literal["before", "after"] = "before",
        wake_after: timedelta | None = None,
    ) -> bool:
        """Let the actor hang on the next letter it gets. False if none is running there.

        `when`: the handler hangs before it has done anything, or after it has done everything.
        After `wake_after` it goes on, by then perhaps as a zombie; None is never.
        """
        incarnation = self._running(name)
        if incarnation is None:
            return False
        incarnation.hang_next = (when, wake_after)
        return True

    def lose_process(self) -> None:
        """Drop everything as if the process had been killed: no actor hears of it.

        Build a new runtime on the same `clock` to go on.
        """
        self._lost = True
        self._end("the process was lost")

    # --- what the runtime asks of its kind --------------------------------------------------------

    def submit(
        self,
        address: Address,
        operation: Coroutine[Any, Any, T],
        then: Callable[[Outcome[T]], object],
    ) -> None:
        def done(outcome: Outcome[Any]) -> None:
            self._operations.pop(task, None)
            self._deliver_outcome(address, outcome, then)

        task = Operation(self, operation, done)
        self._operations[task] = None
        self.wake(task)

    def wake(self, turn: Turn) -> None:
        """There is something to do for this one. Any thread may call it."""
        self._incoming.append(turn)
        if self._waiting:
            self._bell.set()

    def _incarnate(self, cell: Cell, spec: Spec, make: Callable[[], Actor]) -> None:
        SimulatedIncarnation.start(self, cell, spec, make, cell.epoch)

    def _let_go(self, incarnation: Incarnation) -> None:
        pass

    def _monotonic(self) -> float:
        return self.clock.elapsed_us() / 1e6

    def _random_for(self, purpose: str) -> Random:
        return Random(f"{self._seed} {purpose}")

    def _root_up(self) -> None:
        self._root_state = "up"

    def _root_down(self, down: Down) -> None:
        was, self._root_state = self._root_state, "down"
        if down.reason != "stopped":
            self._root_end = down
            if was == "up":
                self.failure = down.cause
                self.failed.set()

    def _timer_is_earlier(self) -> None:
        pass

    def _undeliverable(self, address: str, letter: Letter, reason: str) -> None:
        if not self._lost or letter.asker is not None:  # a lost process keeps no record
            super()._undeliverable(address, letter, reason)

    def draw_fault(self, cell: Cell) -> Fault | None:
        if self.faults is None or cell.parent is None:
            return None
        return self.faults.draw(cell.address.name, self._chance)

    def draw_act(self) -> int:
        return self._chance.randint(1, MOST_ACTS)

    def draw_hang(self) -> timedelta:
        assert self.faults is not None
        return self.faults.longest_hang * self._chance.random()

    def report_hang(self, cell: Cell, letter: Letter) -> None:
        self._report_hang(cell, type(letter.message).__name__)

    # --- inside -----------------------------------------------------------------------------------

    def _has_turns(self) -> bool:
        return bool(self._queue if self._fifo else self._ready)

    def _turn(self) -> bool:
        incoming = self._incoming
        if self._fifo:
            queue = self._queue
            while incoming:
                queue.append(incoming.popleft())
            if not queue:
                return False
            turn = queue.popleft()
            if turn.turn():
                queue.append(turn)
            return True
        ready = self._ready
        while incoming:
            ready.append(incoming.popleft())
        if not ready:
            return False
        # The chosen one goes to the end, where it is cheap to take away.
        index = int(self._choice.random() * len(ready))
        turn, ready[index] = ready[index], ready[-1]
        ready[-1] = turn
        if not turn.turn() and ready:
            ready.pop()
        return True

    def _advance(self, limit_us: int | None) -> bool:
        """Move on to the next timer and fire it. False if there is none up to the limit."""
        due_us = self.timers.next_due_us()
        if due_us is None or (limit_us is not None and due_us > limit_us):
            return False
        self.clock.advance_to(due_us)
        timer = self.timers.pop_due(due_us)
        if timer is not None:
            timer.fire(due_us)
        return True

    def _drive(self, until: Callable[[], bool], limit_us: int | None) -> None:
        turns = 0
        now_us = self.clock.elapsed_us()
        while not until():
            if self._turn():
                turns += 1
                if turns > MOST_TURNS_AT_ONCE:
                    raise Stuck(f"{turns} turns at {self.now.isoformat()}")
            elif not self._advance(limit_us):
                return
            elif self.clock.elapsed_us() != now_us:
                now_us, turns = self.clock.elapsed_us(), 0
            if self.after_turn is not None:
                self.after_turn()

    def _running(self, name: str) -> SimulatedIncarnation | None:
        incarnation = self._cell(name).incarnation
        if isinstance(incarnation, SimulatedIncarnation) and incarnation.is_running():
            return incarnation
        return None

    def _end(self, reason: str) -> None:
        self.timers.clear()
        self._close_all(reason)
        self.timers.clear()
        for operation in list(self._operations):
            operation.drop()
        self._operations.clear()
        self._ready.clear()
        self._queue.clear()
        self._incoming.clear()
