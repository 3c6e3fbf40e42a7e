"""What a supervision tree is made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Literal, TypeAlias

from .actor import Actor

Dispatch = Literal["thread", "pool"]
Restart = Literal["permanent", "transient", "temporary"]
Strategy = Literal["one_for_one", "one_for_all", "rest_for_one"]


@dataclass(frozen=True, slots=True)
class ChildSpec:
    """How to run one actor.

    `restart`: a permanent actor is started again however it ended, a transient one unless it ended
    in order, a temporary one never. `dispatch`: a thread of its own, or the pool that the many
    share which never block. `hang_after`: a handler that runs longer is given up and the actor
    replaced. `poison_after`: a letter that killed as often is buried. `capacity`: letters that may
    wait.
    """

    name: str
    factory: Callable[[], Actor]
    dispatch: Dispatch = "thread"
    restart: Restart = "permanent"
    shutdown: timedelta = timedelta(seconds=5)
    start_timeout: timedelta = timedelta(seconds=30)
    hang_after: timedelta | None = timedelta(seconds=30)
    capacity: int = 10_000
    poison_after: int = 3

    def __post_init__(self) -> None:
        _check_name(self.name)


@dataclass(frozen=True, slots=True)
class Backoff:
    """How long to wait before a restart: not at all the first time, then longer each time.

    The n-th delay in a row is base * factor**(n-2), at most `cap`, and up to `jitter` (a share)
    more or less, so that what fell together does not come back in one instant. A child that has
    run for `calm` begins anew.
    """

    base: timedelta = timedelta(milliseconds=100)
    factor: float = 2.0
    cap: timedelta = timedelta(seconds=30)
    jitter: float = 0.2
    calm: timedelta = timedelta(seconds=60)

    def delay(self, streak: int, random: Random) -> timedelta:
        """The delay before the restart that is the `streak`-th (from 1) in a row."""
        if streak <= 1:
            return timedelta()
        grown = self.base
        for _ in range(streak - 2):
            if grown >= self.cap:
                break
            grown *= self.factor
        return min(self.cap, grown) * (1 + self.jitter * (2 * random.random() - 1))


@dataclass(frozen=True, slots=True)
class SupervisorSpec:
    """A supervisor and its children, in the order of their dependency.

    More than `max_restarts` within `within`, and the supervisor gives up: it stops its children
    and crashes, which is for its own supervisor to deal with.
    """

    name: str
    strategy: Strategy = "one_for_one"
    children: Sequence[Spec] = ()
    max_restarts: int = 5
    within: timedelta = timedelta(seconds=60)
    backoff: Backoff = field(default_factory=Backoff)
    restart: Restart = "permanent"

    def __post_init__(self) -> None:
        _check_name(self.name)
        names = [child.name for child in self.children]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"{self.name} has two children named {', '.join(twice)}")


Spec: TypeAlias = ChildSpec | SupervisorSpec


def _check_name(name: str) -> None:
    if not name or "/" in name:
        raise ValueError(f"a name is one part of an address, without a slash: {name!r}")
