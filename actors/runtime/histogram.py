"""A cheap, bounded picture of a latency."""

from __future__ import annotations

from bisect import bisect_right

_STEPS = 4
"""Buckets per doubling: a quantile is right within 19 %."""

_ENDS = tuple(
    (0.5 + step / (2 * _STEPS)) * 2.0**exponent
    for exponent in range(-20, 13)
    for step in range(1, _STEPS + 1)
)
"""Where each bucket ends, in seconds: from about half a microsecond to more than an hour."""

_LAST = len(_ENDS) - 1
"""This bucket takes whatever is longer, too."""


class Histogram:
    """Counts durations (seconds) in logarithmic buckets."""

    __slots__ = ("_buckets",)

    def __init__(self) -> None:
        self._buckets: list[int] | None = None

    def add(self, seconds: float) -> None:
        if self._buckets is None:
            self._buckets = [0] * len(_ENDS)
        self._buckets[bisect_right(_ENDS, seconds, 0, _LAST)] += 1

    def quantile(self, share: float) -> float | None:
        """The duration in seconds that `share` (0 to 1) of all stay below, or None without any."""
        if self._buckets is None:
            return None
        rank = share * sum(self._buckets)
        seen = 0
        for index, number in enumerate(self._buckets):
            seen += number
            if number and seen >= rank:
                return _ENDS[index] if index else 0.0
        return _ENDS[_LAST]
