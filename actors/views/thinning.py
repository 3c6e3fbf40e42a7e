"""Fewer equity points with the same shape: extremes are never thinned away."""

from collections.abc import Sequence
from datetime import datetime

from actors.domain.ledger import EquityPoint

MOST_IN_MEMORY = 20_000
"""More than two years of hourly points; the oldest half is thinned when there are more."""


class KeptPoints:
    """The equity points that are kept in memory, oldest first."""

    def __init__(self, most: int = MOST_IN_MEMORY) -> None:
        self._most = most
        self._points: list[EquityPoint] = []

    @property
    def newest(self) -> EquityPoint | None:
        return self._points[-1] if self._points else None

    def add(self, point: EquityPoint) -> bool:
        """Append a point; one that is not newer than the newest is already known (False)."""
        newest = self.newest
        if newest is not None and point.at <= newest.at:
            return False
        self._points.append(point)
        if len(self._points) > self._most:
            half = len(self._points) // 2
            self._points[:half] = thinned(self._points[:half], half // 2)
        return True

    def since(self, since: datetime | None) -> Sequence[EquityPoint]:
        if since is None:
            return self._points
        return [point for point in self._points if point.at >= since]

    def __len__(self) -> int:
        return len(self._points)


def thinned(points: Sequence[EquityPoint], most: int) -> tuple[EquityPoint, ...]:
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
    extremes: list[list[EquityPoint]] = [[] for _ in range(stretches)]
    for point in points[1:-1]:
        # Rounding of the width may put the very last one into a stretch too far.
        stretch = extremes[min(int((point.at - first.at) / width), stretches - 1)]
        if not stretch:
            stretch += [point, point]
        elif point.equity_usdt < stretch[0].equity_usdt:
            stretch[0] = point
        elif point.equity_usdt > stretch[1].equity_usdt:
            stretch[1] = point
    kept = [first]
    for stretch in extremes:
        kept += sorted({id(point): point for point in stretch}.values(), key=lambda one: one.at)
    return (*kept, last)
