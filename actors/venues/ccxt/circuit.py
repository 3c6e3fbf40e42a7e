"""The circuit breaker: an exchange that does not answer is left in peace for a while."""

from collections.abc import Callable
from dataclasses import dataclass

FAILURES = 5
"""So many in a row open it."""
SHORTEST_SECONDS = 1.0
LONGEST_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class CircuitState:
    is_open: bool
    failures_in_a_row: int
    seconds_left: float
    """Until the next call may try; 0 while it is closed."""
    last_failure: str


class Circuit:
    """Counts calls that got no answer. Open, it lets one call through after a growing pause.

    That call's answer closes it; its failure doubles the pause. A refusal is an answer.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        """``now``: seconds that never go back."""
        self._now = now
        self._failures = 0
        self._pause = 0.0
        self._open_until = 0.0
        self._last_failure = ""

    def lets_through(self) -> bool:
        """Whether a call may be made now; the one that may while it is open is counted as tried."""
        if self._failures < FAILURES:
            return True
        if self._now() < self._open_until:
            return False
        self._open_until = self._now() + self._pause  # the others wait for this one's answer
        return True

    def answered(self) -> None:
        self._failures, self._pause = 0, 0.0

    def failed(self, why: str) -> None:
        self._failures += 1
        self._last_failure = why
        if self._failures >= FAILURES:
            self._pause = min(max(2 * self._pause, SHORTEST_SECONDS), LONGEST_SECONDS)
            self._open_until = self._now() + self._pause

    @property
    def state(self) -> CircuitState:
        left = max(0.0, self._open_until - self._now())
        is_open = self._failures >= FAILURES
        return CircuitState(is_open, self._failures, left if is_open else 0.0, self._last_failure)
