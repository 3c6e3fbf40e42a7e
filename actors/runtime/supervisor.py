"""Supervisors: actors that start, watch, restart and stop other actors, after Erlang/OTP."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any, ClassVar, Literal

from .actor import Actor
from .child import Child, answer_all, refuse_all
from .commands import ChildStarted, ChildStopped, RestartChild, StartChild, StopChild
from .letter import Rejected, ReplyTo
from .nursery import Nursery
from .signals import Down, GaveUp, Hung, Shutdown, Up
from .specs import ChildSpec, Spec, SupervisorSpec


@dataclass(frozen=True, slots=True)
class _RestartDue:
    path: str
    epoch: int


@dataclass(frozen=True, slots=True)
class _StartOverdue:
    path: str
    epoch: int


@dataclass(frozen=True, slots=True)
class _StopOverdue:
    path: str
    epoch: int


class Supervisor(Actor):
    """Runs the children of one SupervisorSpec.

    It never waits. Each signal changes what is known of a child, and `_advance` then takes the next
    step towards what is wanted: first stop the doomed, last to first, then start, first to last.
    The roster, which StartChild and StopChild change, outlives the supervisor's own restarts.
    """

    announces_itself: ClassVar[bool] = True

    def __init__(
        self, spec: SupervisorSpec, roster: dict[str, Spec], nursery: Nursery, random: Random
    ) -> None:
        self._spec = spec
        self._roster = roster
        self._nursery = nursery
        self._random = random
        self._children: dict[str, Child] = {}
        self._restarts: deque[datetime] = deque()
        self._booting = True
        self._ending: Literal["no", "in_order"] | GaveUp = "no"

    def started(self) -> None:
        for spec in self._roster.values():
            self._add(spec)
        self._advance()

    def receive(self, message: Any) -> None:
        match message:
            case Up(path, epoch):
                self._child_up(path, epoch)
            case Down():
                self._child_down(message)
            case Hung(path, epoch, letter):
                self._child_hung(path, epoch, letter)
            case _RestartDue(path, epoch):
                self._restart_due(path, epoch)
            case _StartOverdue(path, epoch):
                self._start_overdue(path, epoch)
            case _StopOverdue(path, epoch):
                self._stop_overdue(path, epoch)
            case StartChild(spec):
                self._start_child(spec)
            case StopChild(name):
                self._stop_child(self._named(name))
            case RestartChild(name):
                self._restart_child(self._named(name))
            case Shutdown():
                self._end("in_order")
            case _:
                raise Rejected("unknown_message", f"a supervisor has no use for {message!r:.200}")

    # --- what is asked of it ----------------------------------------------------------------------

    def _start_child(self, spec: Spec) -> None:
        self._refuse_while_ending()
        child = self._children.get(self._path(spec.name))
        if child is None or child.removed:
            if child is not None and child.alive:
                raise Rejected("stopping", f"{child.path} is being stopped")
            self._roster[spec.name] = spec
            child = self._add(spec)
            child.on_trial = True
        elif child.state == "up" and not child.doomed:
            self.context.reply(ChildStarted(spec.name))
            return
        child.wanted = True
        self._keep(child.start_askers)
        self._advance()

    def _stop_child(self, child: Child) -> None:
        self._keep(child.stop_askers)
        child.wanted, child.removed = False, True
        self._roster.pop(child.spec.name, None)
        if child.alive:
            child.doomed = True
        else:
            self._forget(child)
        self._advance()

    def _restart_child(self, child: Child) -> None:
        self._refuse_while_ending()
        self._keep(child.start_askers)
        child.wanted = True
        if child.alive:
            child.doomed = True
        elif child.state == "waiting":
            self._set_down(child)
        self._advance()

    def _refuse_while_ending(self) -> None:
        if self._ending != "no":
            raise Rejected("stopping", f"{self.context.address.name} is being stopped")

    def _keep(self, askers: list[ReplyTo]) -> None:
        letter_reply = self.context.keep_reply_if_asked()
        if letter_reply is not None:
            askers.append(letter_reply)

    def _named(self, name: str) -> Child:
        child = self._children.get(name if "/" in name else self._path(name))
        if child is None or child.removed:
            raise Rejected("unknown_child", f"{self.context.address.name} has no child {name!r}")
        return child

    # --- what happens to children -----------------------------------------------------------------

    def _child_up(self, path: str, epoch: int) -> None:
        child = self._current(path, epoch)
        if child is None or child.state != "starting":
            return
        self.context.cancel(f"start {path}")
        child.state = "up"
        child.on_trial = False
        child.up_since = self.context.now()
        if not child.doomed:
            answer_all(child.start_askers, ChildStarted(child.spec.name))
        self._advance()

    def _child_down(self, down: Down) -> None:
        child = self._current(down.path, down.epoch)
        if child is None or not child.alive:
            return
        before = child.state
        self._set_down(child)
        if before == "stopping" or child.doomed or self._ending != "no":
            child.doomed = False
            if child.removed:
                self._forget(child)
            elif not child.wanted:
                self._drop(child, "it went down with another child")
        elif down.reason == "stopped":
            self._ended_by_itself(child)
        elif before == "starting" and self._booting:
            self._end(GaveUp(down.cause, down.origin, down.trace))
            return
        elif before == "starting" and child.on_trial:
            refuse_all(child.start_askers, Rejected("start_failed", down.cause))
            self._roster.pop(child.spec.name, None)
            self._forget(child)
        elif child.spec.restart == "temporary":
            self._drop(child, f"it ended: {down.error}")
        else:
            self._restart(child, down)
        self._advance()

    def _child_hung(self, path: str, epoch: int, letter: str) -> None:
        child = self._current(path, epoch)
        if child is None or child.state not in ("up", "stopping"):
            return
        self._nursery.abandon(path, "hung")
        self._child_down(Down(path, epoch, "hung", path, f"hung on {letter}"))

    def _start_overdue(self, path: str, epoch: int) -> None:
        child = self._current(path, epoch)
        if child is None or child.state != "starting":
            return
        self._nursery.abandon(path, "killed")
        self._child_down(Down(path, epoch, "start_failed", path, "its start took too long"))

    def _stop_overdue(self, path: str, epoch: int) -> None:
        child = self._current(path, epoch)
        if child is None or child.state != "stopping":
            return
        self._nursery.abandon(path, "killed")
        self._child_down(Down(path, epoch, "killed", path, "its stop took too long"))

    def _restart_due(self, path: str, epoch: int) -> None:
        child = self._current(path, epoch)
        if child is not None and child.state == "waiting":
            child.state = "down"
            self._advance()

    def _ended_by_itself(self, child: Child) -> None:
        if child.spec.restart != "permanent":
            self._drop(child, "it ended in order")

    def _drop(self, child: Child, reason: str) -> None:
        """It has ended and is not to be restarted."""
        child.wanted = False
        refuse_all(child.start_askers, Rejected("ended", f"{child.path}: {reason}"))
        self._nursery.close(child.path, reason)
        if child.spec.restart == "temporary":
            self._roster.pop(child.spec.name, None)
            del self._children[child.path]

    # --- restarts ---------------------------------------------------------------------------------

    def _restart(self, child: Child, down: Down) -> None:
        now = self.context.now()
        self._restarts.append(now)
        while now - self._restarts[0] > self._nursery.machine_time(self._spec.within):
            self._restarts.popleft()
        if len(self._restarts) > self._spec.max_restarts:
            reason = (
                f"more than {self._spec.max_restarts} restarts within {self._spec.within};"
                f" the last was {down.cause}"
            )
            self._end(GaveUp(reason, down.origin, down.trace))
            return
        for other in self._dragged_along(child):
            if other.alive:
                other.doomed = True
                if other.spec.restart == "temporary":
                    other.wanted = False
            else:
                self._set_down(other)
        calm = self._nursery.machine_time(self._spec.backoff.calm)
        if child.up_since is not None and now - child.up_since >= calm:
            child.streak = 0
        child.up_since = None
        child.streak += 1
        delay = self._spec.backoff.delay(child.streak, self._random)
        if delay:
            child.state = "waiting"
            key = f"restart {child.path}"
            due = _RestartDue(child.path, child.epoch)
            self.context.after(key, self._nursery.machine_time(delay), due)

    def _dragged_along(self, child: Child) -> Iterator[Child]:
        if self._spec.strategy == "one_for_one":
            return
        after = self._spec.strategy == "one_for_all"
        for other in self._children.values():
            if other is child:
                after = True
            elif after:
                yield other

    # --- the next step ----------------------------------------------------------------------------

    def _advance(self) -> None:
        one_by_one = self._spec.strategy != "one_for_one" or self._booting or self._ending != "no"
        if not self._stop_doomed(one_by_one):
            return
        if self._ending != "no":
            self._finish()
        elif self._start_wanted(one_by_one) and self._booting:
            self._booting = False
            self._nursery.announce(self.context.address.name)

    def _stop_doomed(self, one_by_one: bool) -> bool:
        """Stop from the last to the first; say whether the way is free for starts."""
        for child in reversed(self._children.values()):
            if not child.doomed:
                continue
            if child.state in ("starting", "up"):
                child.state = "stopping"
                self.context.cancel(f"start {child.path}")
                if isinstance(child.spec, ChildSpec):
                    overdue = _StopOverdue(child.path, child.epoch)
                    limit = self._nursery.machine_time(child.spec.shutdown)
                    self.context.after(f"stop {child.path}", limit, overdue)
                self._nursery.request_stop(child.path)
            if one_by_one:
                return False
        return True

    def _start_wanted(self, one_by_one: bool) -> bool:
        """Start from the first to the last; say whether all that are wanted are up."""
        all_up = True
        for child in self._children.values():
            if not child.wanted or child.state == "up":
                continue
            all_up = False
            if child.state == "down":
                self._spawn(child)
            if one_by_one:
                return False
        return all_up

    def _spawn(self, child: Child) -> None:
        child.state = "starting"
        child.epoch = self._nursery.spawn(child.path, child.spec, self.context.address)
        if isinstance(child.spec, ChildSpec):
            overdue = _StartOverdue(child.path, child.epoch)
            limit = self._nursery.machine_time(child.spec.start_timeout)
            self.context.after(f"start {child.path}", limit, overdue)

    # --- its own end ------------------------------------------------------------------------------

    def _end(self, why: Literal["in_order"] | GaveUp) -> None:
        if self._ending == "no" or why == "in_order":
            self._ending = why
        refusal = Rejected("stopping", f"{self.context.address.name} is being stopped")
        for child in self._children.values():
            refuse_all(child.start_askers, refusal)
            if child.alive:
                child.doomed = True
            else:
                self._set_down(child)
        self._advance()

    def _finish(self) -> None:
        if isinstance(self._ending, GaveUp):
            raise self._ending
        self.context.stop()

    # --- small things -----------------------------------------------------------------------------

    def _path(self, name: str) -> str:
        return f"{self.context.address.name}/{name}"

    def _add(self, spec: Spec) -> Child:
        path = self._path(spec.name)
        child = self._children[path] = Child(spec, path)
        return child

    def _current(self, path: str, epoch: int) -> Child | None:
        """The child, unless the signal is of an earlier life."""
        child = self._children.get(path)
        return child if child is not None and child.epoch == epoch else None

    def _set_down(self, child: Child) -> None:
        child.state = "down"
        for what in ("start", "stop", "restart"):
            self.context.cancel(f"{what} {child.path}")

    def _forget(self, child: Child) -> None:
        self._set_down(child)
        del self._children[child.path]
        self._nursery.close(child.path, "it was stopped for good")
        refuse_all(child.start_askers, Rejected("stopping", f"{child.path} was stopped"))
        answer_all(child.stop_askers, ChildStopped(child.spec.name))
