"""What every runtime has in common: addresses, the lives at them, and what is told of those."""

from __future__ import annotations

import logging
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine, Iterator, Sequence
from datetime import timedelta
from random import Random
from typing import Any, Literal, TypeVar

from .actor import Actor
from .address import Address
from .cell import Cell
from .clock import Clock
from .dead_letters import DeadLetterOffice
from .events import EventKind, RuntimeEvent
from .here import check_here, here
from .incarnation import Incarnation, describe
from .io import Broken, Failed, Ok, Outcome
from .letter import DeadLettered, Letter, Rejected, Undeliverable
from .mailbox import Closed, Mailbox
from .observer import ActorView
from .signals import Down, Hung, Shutdown, Up
from .specs import ChildSpec, Spec, SupervisorSpec
from .supervisor import Supervisor
from .timers import Timers

T = TypeVar("T")
EventHook = Callable[[RuntimeEvent], None]

SUPERVISOR_HANG_AFTER = timedelta(seconds=30)
SUPERVISOR_POISON_AFTER = 3

logger = logging.getLogger(__name__)


class StartFailed(Exception):
    """The tree could not be started; everything that had been started is stopped again."""

    def __init__(self, address: str, reason: str, trace: str) -> None:
        super().__init__(reason)
        self.address = address
        self.reason = reason
        self.trace = trace


class Runtime(ABC):
    """The part of a runtime that does not depend on what carries its actors on."""

    def __init__(self, clock: Clock, on_event: EventHook | None) -> None:
        self.clock = clock
        self.on_event = on_event
        self.timers = Timers(self._timer_is_earlier)
        self.dead_letters = DeadLetterOffice(lambda name, message: self.address(name).tell(message))
        self.failed = threading.Event()
        """Set when the root gave up; `failure` then says why."""
        self.failure: str | None = None
        self._cells: dict[str, Cell] = {}
        self._cells_lock = threading.Lock()
        self._root: Cell | None = None

    # --- for everybody ----------------------------------------------------------------------------

    def address(self, name: str) -> Address:
        """The address of that full name; it is created when it is first asked for."""
        return self._cell(name).address

    @abstractmethod
    def start(self, spec: SupervisorSpec) -> None:
        """Start a tree and return once all of it is up. Raises StartFailed with what and why."""

    def wait_failed(self, timeout: float | None = None) -> bool:
        """Wait until the root gives up (`failure` says why); False after `timeout` real seconds."""
        return self.failed.wait(timeout)

    @abstractmethod
    def stop(self) -> None:
        """Stop the tree in reverse order, and everything else the runtime has running."""

    def observe(self) -> Sequence[ActorView]:
        """All addresses as they are now, sorted by name."""
        with self._cells_lock:
            cells = list(self._cells.values())
        monotonic = self._monotonic()
        cells.sort(key=lambda cell: cell.address.name)
        return [cell.view(self.clock, monotonic) for cell in cells]

    # --- for supervisors (their Nursery); a replaced one is Fenced --------------------------------

    def spawn(self, path: str, spec: Spec, parent: Address | None) -> int:
        check_here()
        cell = self._cell(path)
        cell.spec, cell.parent = spec, parent
        cell.epoch += 1
        if cell.epoch > 1:
            cell.restarted(self.clock.now())
        cell.state = "starting"
        make: Callable[[], Actor]
        if isinstance(spec, SupervisorSpec):
            if cell.roster is None:
                cell.roster = {child.name: child for child in spec.children}
            roster = cell.roster
            cell.mailbox.open(capacity=100_000)
            random = self._random_for(f"{path} {cell.epoch}")

            def make() -> Actor:
                return Supervisor(spec, roster, self, random)
        else:
            cell.mailbox.open(spec.capacity)
            make = spec.factory
        try:
            self._incarnate(cell, spec, make)
        except Exception as error:  # no more threads, say
            if cell.incarnation is not None:
                cell.incarnation.void(blame=False)
            down = Down(path, cell.epoch, "start_failed", path, describe(error))
            self._tell_parent(cell, down)
        return cell.epoch

    def request_stop(self, path: str) -> None:
        check_here()
        cell = self._cell(path)
        cell.state = "stopping"
        if isinstance(cell.spec, SupervisorSpec):
            cell.address.deliver(Letter(Shutdown(), system=True))
        elif cell.incarnation is not None:
            cell.mailbox.stop(cell.incarnation)

    def abandon(self, path: str, reason: Literal["hung", "killed"]) -> None:
        check_here()
        cell = self._cell(path)
        if self._void(cell, blame=True):
            detail = f"{path} was given up"
            self._note_error(cell, detail, "")
            self._emit(reason, path, cell.epoch, detail)

    def close(self, path: str, reason: str) -> None:
        check_here()
        for cell in [*self._below(path), self._cell(path)]:
            self._void(cell, blame=False)
            cell.state = "stopped"
            cell.roster = None
            for letter in cell.mailbox.close(reason):
                self._undeliverable(cell.address.name, letter, reason)

    def announce(self, path: str) -> None:
        check_here()
        incarnation = self._cell(path).incarnation
        assert incarnation is not None
        self.up(incarnation)

    def machine_time(self, span: timedelta) -> timedelta:
        return span / self.clock.real_seconds(1_000_000)

    # --- for incarnations -------------------------------------------------------------------------

    def up(self, incarnation: Incarnation) -> None:
        cell, epoch = incarnation.cell, incarnation.fence.epoch
        if not incarnation.fence.is_valid():
            return
        cell.state = "running"
        cell.started_at = self.clock.now()
        self._emit("started" if epoch == 1 else "restarted", cell.address.name, epoch)
        self._tell_parent(cell, Up(cell.address.name, epoch))

    def down(self, incarnation: Incarnation, down: Down) -> None:
        cell = incarnation.cell
        if isinstance(cell.spec, SupervisorSpec):
            for orphan in self._below(down.path):
                self._void(orphan, blame=False)
        cell.state = "stopped" if down.reason == "stopped" else "restarting"
        if down.error:
            self._note_error(cell, down.error, down.trace)
        kind: EventKind
        match down.reason:
            case "crashed" if down.origin != down.path:
                kind = "gave_up"
            case "crashed" | "start_failed" | "stopped" | "hung" | "killed":
                kind = down.reason
        self._emit(kind, down.path, down.epoch, down.error, down.trace)
        self._tell_parent(cell, down)

    def rejected(self, incarnation: Incarnation, letter: Letter, refusal: Rejected) -> None:
        name = type(letter.message).__name__
        address = incarnation.cell.address.name
        self._emit("rejected", address, incarnation.fence.epoch, f"{name}: {refusal}")

    def return_letter(
        self, incarnation: Incarnation, letter: Letter, *, blame: bool, error: str, trace: str
    ) -> None:
        """A letter whose handler did not come to its end: redeliver it, or bury it."""
        if letter.timer is not None:
            return  # timers die with the incarnation
        cell, spec = incarnation.cell, incarnation.spec
        # The letter at hand may still be in the hands of a zombie: a copy goes on.
        asker, letter.asker = letter.asker, None
        deaths = letter.deaths + 1 if blame else letter.deaths
        again = Letter(letter.message, asker, system=letter.system, deaths=deaths)
        limit = spec.poison_after if isinstance(spec, ChildSpec) else SUPERVISOR_POISON_AFTER
        if deaths >= limit:
            why = f"it killed its actor {deaths} times: {error}"
            self._bury(cell.address.name, incarnation.fence.epoch, again, why, trace)
            return
        try:
            again.sent = letter.sent
            cell.mailbox.put_back(again)
        except Closed as closed:
            self._undeliverable(cell.address.name, again, str(closed))

    @abstractmethod
    def submit(
        self,
        address: Address,
        operation: Coroutine[Any, Any, T],
        then: Callable[[Outcome[T]], object],
    ) -> None:
        """Run the coroutine and tell `then` of its outcome to the address."""

    # --- for the kinds of runtime -----------------------------------------------------------------

    @abstractmethod
    def _incarnate(self, cell: Cell, spec: Spec, make: Callable[[], Actor]) -> None:
        """Make an incarnation, grant it the mailbox, and have it started."""

    @abstractmethod
    def _let_go(self, incarnation: Incarnation) -> None:
        """It is void; if it keeps a shared worker busy, replace the worker."""

    @abstractmethod
    def _timer_is_earlier(self) -> None:
        """There is a new first timer."""

    @abstractmethod
    def _monotonic(self) -> float:
        """Seconds, for latencies and for how long an actor has been busy."""

    @abstractmethod
    def _random_for(self, purpose: str) -> Random: ...

    @abstractmethod
    def _root_up(self) -> None: ...

    @abstractmethod
    def _root_down(self, down: Down) -> None: ...

    def _report_hung(self) -> None:
        """Tell supervisors of children that are busy for longer than they may."""
        now = self._monotonic()
        for cell in list(self._cells.values()):
            since, spec = cell.mailbox.busy_since, cell.spec
            if since is None or spec is None:
                continue
            limit = spec.hang_after if isinstance(spec, ChildSpec) else SUPERVISOR_HANG_AFTER
            if limit is not None and now - since > limit.total_seconds():
                letter = cell.mailbox.in_flight
                on = "?" if letter is None else type(letter.message).__name__
                self._report_hang(cell, on)

    def _report_hang(self, cell: Cell, on: str) -> None:
        name, epoch = cell.address.name, cell.epoch
        if cell.parent is None:
            if self._void(cell, blame=True):
                self._root_down(Down(name, epoch, "hung", name, f"hung on {on}"))
            return
        hung = Letter(Hung(name, epoch, on), system=True)
        cell.parent.deliver(hung, ("hung", name, epoch))

    def _deliver_outcome(
        self,
        address: Address,
        outcome: Ok[T] | Failed,
        then: Callable[[Outcome[T]], object],
    ) -> None:
        message: object
        try:
            message = then(outcome)
        except BaseException as error:
            message = Broken(error)
        address.deliver(Letter(message))

    def _emit(
        self, kind: EventKind, address: str, epoch: int, detail: str = "", trace: str = ""
    ) -> None:
        hook = self.on_event
        if hook is None:
            return
        # The hook is nobody's handler: it may tell of a death in the thread of the one that died.
        at_work, here.incarnation = here.incarnation, None
        try:
            hook(RuntimeEvent(self.clock.now(), kind, address, epoch, detail, trace))
        except Exception:
            logger.exception("the event hook raised")
        finally:
            here.incarnation = at_work

    def _close_all(self, reason: str) -> None:
        with self._cells_lock:
            names = list(self._cells)
        for name in names:
            self.close(name, reason)

    # --- inside -----------------------------------------------------------------------------------

    def _cell(self, name: str) -> Cell:
        cell = self._cells.get(name)
        if cell is None:
            with self._cells_lock:
                cell = self._cells.get(name)
                if cell is None:
                    mailbox = Mailbox(name, self._monotonic)
                    cell = Cell(Address(name, mailbox, self._undeliverable), mailbox)
                    self._cells[name] = cell
        return cell

    def _below(self, path: str) -> Iterator[Cell]:
        prefix = path + "/"
        with self._cells_lock:
            cells = list(self._cells.values())
        return (cell for cell in cells if cell.address.name.startswith(prefix))

    def _void(self, cell: Cell, *, blame: bool) -> bool:
        incarnation = cell.incarnation
        if incarnation is None:
            return False
        busy = cell.mailbox.busy_since is not None or incarnation.starting
        if not incarnation.void(blame=blame):
            return False
        cell.state = "abandoned"
        if busy:
            cell.zombies.append(incarnation)
            self._let_go(incarnation)
        if isinstance(cell.spec, SupervisorSpec):
            for orphan in self._below(cell.address.name):
                self._void(orphan, blame=False)
        return True

    def _tell_parent(self, cell: Cell, signal: Up | Down) -> None:
        if cell.parent is not None:
            cell.parent.deliver(Letter(signal, system=True))
        elif isinstance(signal, Up):
            self._root_up()
        else:
            self._root_down(signal)

    def _note_error(self, cell: Cell, error: str, trace: str) -> None:
        cell.last_error, cell.last_trace = error, trace
        cell.last_error_at = self.clock.now()

    def _bury(self, address: str, epoch: int, letter: Letter, why: str, trace: str) -> None:
        now = self.clock.now()
        self.dead_letters.bury(now, address, letter.message, why, trace, letter.deaths)
        self._emit("buried", address, epoch, f"{type(letter.message).__name__}: {why}", trace)
        if letter.asker is not None:
            letter.asker.close(DeadLettered(why))

    def _undeliverable(self, address: str, letter: Letter, reason: str) -> None:
        """Nobody will read it: the asker is told, or else it goes to the dead letter office."""
        if letter.asker is not None:
            letter.asker.close(Undeliverable(f"{address}: {reason}"))
        elif letter.timer is None and not isinstance(letter.message, Up | Down | Hung | Shutdown):
            now = self.clock.now()
            self.dead_letters.bury(now, address, letter.message, reason, "", letter.deaths)
            self._emit("undeliverable", address, 0, type(letter.message).__name__)
