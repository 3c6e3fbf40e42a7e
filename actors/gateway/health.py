"""How the venue answers: when last, how fast, and what went wrong."""

from collections import deque
from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from actors.gateway.calls import Parts, in_words
from actors.gateway.messages import VenueHealth
from actors.runtime import Failed, Fenced, Outcome
from actors.venues.port import VenueRefused

ANSWERS_KEPT = 200
"""Latencies are those of so many answers."""


class Pulse:
    """Feels every call that ends; of no life but its own gateway's."""

    def __init__(self, venue: str) -> None:
        self._venue = venue
        self._seconds: deque[float] = deque(maxlen=ANSWERS_KEPT)
        self._answers = 0
        self._answered_at: datetime | None = None
        self._failures_in_a_row = 0
        self._last_failure: str | None = None
        self._failed_at: datetime | None = None

    def ended(self, outcome: Outcome[Any], took: timedelta, at: datetime) -> None:
        """A call took so long. A refusal is an answer; what was not sent says nothing."""
        if isinstance(outcome, Failed) and isinstance(outcome.error, Fenced):
            return
        problem = _problem(outcome)
        if problem is not None:
            self._failures_in_a_row += 1
            self._last_failure, self._failed_at = problem, at
            return
        self._failures_in_a_row = 0
        self._answers += 1
        self._answered_at = at
        self._seconds.append(took.total_seconds())

    def health(self, out: int, waiting: int) -> VenueHealth:
        seconds = sorted(self._seconds)
        return VenueHealth(
            venue=self._venue,
            answers=self._answers,
            last_answer_at=self._answered_at,
            failures_in_a_row=self._failures_in_a_row,
            last_failure=self._last_failure,
            last_failure_at=self._failed_at,
            answer_p50=_quantile(seconds, 0.5),
            answer_p99=_quantile(seconds, 0.99),
            out=out,
            waiting=waiting,
        )


def _problem(outcome: Outcome[Any]) -> str | None:
    if isinstance(outcome, Failed):
        return None if isinstance(outcome.error, VenueRefused) else in_words(outcome.error)
    return outcome.value.problem if isinstance(outcome.value, Parts) else None


def _quantile(ordered: Sequence[float], share: float) -> float | None:
    return ordered[ceil(share * len(ordered)) - 1] if ordered else None
