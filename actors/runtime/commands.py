"""What a supervisor can be asked, and what it answers. `name` is the child's own or full name."""

from __future__ import annotations

from dataclasses import dataclass

from .specs import Spec


@dataclass(frozen=True, slots=True)
class StartChild:
    """Add a child and start it; answered ChildStarted, also if it runs already.

    A child whose start fails is not kept: Rejected `start_failed`.
    """

    spec: Spec


@dataclass(frozen=True, slots=True)
class StopChild:
    """Stop a child for good and forget it; answered ChildStopped. Rejected: `unknown_child`."""

    name: str


@dataclass(frozen=True, slots=True)
class RestartChild:
    """Stop a child in order and start it again; answered ChildStarted. Rejected: `unknown_child`.

    A transient child that has ended is started again.
    """

    name: str


@dataclass(frozen=True, slots=True)
class ChildStarted:
    name: str


@dataclass(frozen=True, slots=True)
class ChildStopped:
    name: str
