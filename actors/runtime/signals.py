"""What the runtime tells a supervisor of its children. `path` is a full address name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

EndReason = Literal["stopped", "crashed", "start_failed", "hung", "killed"]


@dataclass(frozen=True, slots=True)
class Up:
    """The child's start is done."""

    path: str
    epoch: int


@dataclass(frozen=True, slots=True)
class Down:
    """The incarnation has ended; told exactly once of each.

    `origin` is where the trouble began, which may be further down the tree.
    """

    path: str
    epoch: int
    reason: EndReason
    origin: str
    error: str = ""
    trace: str = ""

    @property
    def cause(self) -> str:
        """Where and what, in one line."""
        return self.error if self.origin != self.path else f"{self.path}: {self.error}"


@dataclass(frozen=True, slots=True)
class Hung:
    """The child has been busy with one letter for longer than it may."""

    path: str
    epoch: int
    letter: str


@dataclass(frozen=True, slots=True)
class Shutdown:
    """Stop your children in reverse order, then end."""


class GaveUp(Exception):
    """The supervisor could not start its children, or had to restart them too often."""

    def __init__(self, reason: str, origin: str, trace: str) -> None:
        super().__init__(reason)
        self.origin = origin
        self.trace = trace
