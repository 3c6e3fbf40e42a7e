"""Fewer points with the same shape: extremes are never thinned away."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from math import inf
from typing import Protocol, TypeVar

from actors.domain.ledger import EquityPoint

MOST_IN_MEMORY = 20_000
"""More than two years of hourly points; the oldest half is thinned when there are more."""


class Timed(Protocol):
    @property
    def at(self) -> datetime: ...


class WithEquity(Timed, Protocol):
    @property
    def equity_usdt(self) -> Decimal: ...


P = TypeVar("P", bound=Timed)
E = TypeVar("E", bound=WithEquity)


@dataclass(frozen=True, slots=True)
class OnCurve:
    """An equity point and the highest equity up to it, itself included."""

    at: datetime
    equity_usdt: Decimal
    peak_usdt: Decimal
    below: float
    """The peak as a multiple of the equity: only to be compared."""
    point: EquityPoint

    @staticmethod
    def of(point: EquityPoint, peak_usdt: Decimal) -> "OnCurve":
        equity = point.equity_usdt
        below = float(peak_usdt / equity) if equity > 0 else inf
        return OnCurve(point.at, equity, peak_usdt, below, point)


class KeptPoints:
    """The equity points that are kept in memory, oldest first.

    Peaks are taken as points come, so they are right whatever is thinned away later.
    """

    def __init__(self, most: int = MOST_IN_MEMORY) -> None:
        self._most = most
        self._points: list[OnCurve] = []

    @property
    def first(self) -> EquityPoint | None:
        return self._points[0].point if self._points else None

    @property
    def newest(self) -> EquityPoint | None:
        return self._points[-1].point if self._points else None

    @property
    def peak_usdt(self) -> Decimal | None:
        return self._points[-1].peak_usdt if self._points else None

    def add(self, point: EquityPoint) -> bool:
        """Append a point; one that is not newer than the newest is already known (False)."""
        peak = point.equity_usdt
        if self._points:
            newest = self._points[-1]
            if point.at <= newest.at:
                return False
            peak = max(peak, newest.peak_usdt)
        self._points.append(OnCurve.of(point, peak))
        if len(self._points) > self._most:
            half = len(self._points) // 2
            self._points[:half] = thinned(self._points[:half], half // 2)
        return True

    def since(self, since: datetime | None) -> Sequence[OnCurve]:
        if since is None:
            return self._points
        return self._points[bisect_left(self._points, since, key=lambda one: one.at) :]

    def __len__(self) -> int:
        return len(self._points)


def thinned(points: Sequence[E], most: int) -> tuple[E, ...]:
    """As :func:`thinned_by`, by equity."""
    return thinned_by(points, most, lambda one: one.equity_usdt)


def thinned_by(points: Sequence[P], most: int, height: Callable[[P], Decimal]) -> tuple[P, ...]:
    """At most ``most`` points (2 or more): the first, the last, and of each of the equal stretches
    of time between them the lowest and the highest.
    """
    if len(points) <= most:
        return tuple(points)
    first, last = points[0], points[-1]
    stretches = (most - 2) // 2
    if stretches == 0:
        return (first, last)
    width = (last.at - first.at) / stretches
    extremes: list[list[P]] = [[] for _ in range(stretches)]
    begin, seconds = first.at, width.total_seconds()
    low = high = height(first)
    for point in points[1:-1]:
        # Rounding of the width may put the very last one into a stretch too far.
        number = min(int((point.at - begin).total_seconds() / seconds), stretches - 1)
        stretch, now = extremes[number], height(point)
        if not stretch:
            stretch += [point, point]
            low = high = now
        elif now < low:
            stretch[0], low = point, now
        elif now > high:
            stretch[1], high = point, now
    kept = [first]
    for stretch in extremes:
        kept += sorted({id(point): point for point in stretch}.values(), key=lambda one: one.at)
    return (*kept, last)
