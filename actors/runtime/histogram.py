"""A cheap, bounded picture of a latency."""

from __future__ import annotations

from math import frexp

_STEPS = 4
"""Buckets per doubling: a quantile is right within 19 %."""

_LOWEST = -20
"""The first bucket ends at 2**-20 s, about a microsecond."""

_BUCKETS = (13 - _LOWEST) * _STEPS


class Histogram:
    """Counts durations (seconds) in logarithmic buckets from 1 us to about an hour."""

    __slots__ = ("_buckets", "count")

    def __init__(self) -> None:
        self._buckets: list[int] | None = None
        self.count = 0

    def add(self, seconds: float) -> None:
        buckets = self._buckets
        if buckets is None:
            buckets = self._buckets = [0] * _BUCKETS
        mantissa, exponent = frexp(seconds)
        index = (exponent - _LOWEST) * _STEPS + int((mantissa - 0.5) * (2 * _STEPS))
        if index < 0 or seconds <= 0.0:
            index = 0
        elif index >= _BUCKETS:
            index = _BUCKETS - 1
        buckets[index] += 1
        self.count += 1

    def quantile(self, share: float) -> float | None:
        """The duration in seconds that `share` (0 to 1) of all stay below, or None without any."""
        if self._buckets is None or not self.count:
            return None
        rank = share * self.count
        seen = 0
        for index, number in enumerate(self._buckets):
            seen += number
            if number and seen >= rank:
                return _upper_bound(index) if index else 0.0
        return _upper_bound(_BUCKETS - 1)


def _upper_bound(index: int) -> float:
    exponent, step = divmod(index, _STEPS)
    return float((0.5 + (step + 1) / (2 * _STEPS)) * 2.0 ** (exponent + _LOWEST))
