"""Faults that a simulation lets happen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Literal

Fault = Literal["crash_before", "crash_within", "crash_after", "hang_before", "hang_after"]
"""Before, after or while the handler deals with the letter."""

MOST_ACTS = 6
"""`crash_within` strikes at one of so many first acts of a handler."""


class InjectedCrash(BaseException):
    """A crash that the simulation asked for; no `except Exception` can swallow it."""


def _everywhere(address: str) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class FaultPlan:
    """How likely each fault is, for every letter that is handled (probabilities, 0 to 1).

    `crash_within` strikes at an act of the handler: as it tells, answers, submits, sets a timer, or
    checks its fence before it writes. A hung handler goes on after a random time up to
    `longest_hang`: before it is noticed, or as a zombie. `where` says which addresses may be
    struck; the root never is.
    """

    crash_before: float = 0.0
    crash_within: float = 0.0
    crash_after: float = 0.0
    hang_before: float = 0.0
    hang_after: float = 0.0
    longest_hang: timedelta = timedelta(minutes=2)
    where: Callable[[str], bool] = _everywhere

    def draw(self, address: str, random: Random) -> Fault | None:
        """The fault that strikes now, if any."""
        if not self.where(address):
            return None
        lot = random.random()
        for fault, chance in self._chances():
            if lot < chance:
                return fault
            lot -= chance
        return None

    def _chances(self) -> tuple[tuple[Fault, float], ...]:
        return (
            ("crash_before", self.crash_before),
            ("crash_within", self.crash_within),
            ("crash_after", self.crash_after),
            ("hang_before", self.hang_before),
            ("hang_after", self.hang_after),
        )
