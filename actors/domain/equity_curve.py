"""The equity curve folded point by point: periodic returns, drawdown, return since the start."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import sqrt

from actors.domain.ledger import EquityPoint
from actors.domain.results import Figure

YEAR = timedelta(days=365)
MIN_RETURNS = 30
"""Ratios from fewer periodic returns say nothing."""
MIN_SPAN_FOR_APR = timedelta(days=7)
FRESH = 4
"""A value stands for a boundary if it is at most one FRESH-th of the period old."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class _Moments:
    """Mean and spread of the periodic returns (Welford), and their spread below zero."""

    count: int = 0
    mean: float = 0.0
    squares: float = 0.0
    losses: int = 0
    loss_squares: float = 0.0

    def add(self, value: float) -> None:
        self.count += 1
        surprise = value - self.mean
        self.mean += surprise / self.count
        self.squares += surprise * (value - self.mean)
        if value < 0:
            self.losses += 1
            self.loss_squares += value * value


class EquityCurve:
    """Each point costs the same, however long the curve is.

    Money paid in or out is not a result: with :meth:`add_capital` the curve is linked across it, as
    the price of a fund's share would be.
    """

    def __init__(self, period: timedelta) -> None:
        self.period = period
        self.since: datetime | None = None
        self.until: datetime | None = None
        self._points = 0
        self._scale = 0.0
        self._index = 1.0
        self._capital = 0.0
        self._moments = _Moments()
        self._boundary: tuple[datetime, float] | None = None
        self._peak = (_EPOCH, 0.0)
        self._deepest = 0.0
        self._deepest_since: datetime | None = None
        self._deepest_until: datetime | None = None

    def add_capital(self, amount_usdt: float) -> None:
        """Money paid in (+) or out (-) since the last point; the next point contains it."""
        if self.since is not None:
            self._capital += amount_usdt

    def add_point(self, point: EquityPoint) -> None:
        """One point more. What is not newer than the last one changes nothing.

        The curve starts at the first positive point: nothing can be earned on no capital.
        """
        equity = float(point.equity_usdt)
        before = self.until
        if before is None:
            if equity <= 0:
                return
            self.since, self._scale = point.at, 1 / equity
        elif point.at <= before:
            return
        else:
            self._settle(before, point.at)
        self.until = point.at
        self._points += 1
        index = self._scale * (equity - self._capital)
        if self._capital and equity > 0:
            self._scale, self._capital = index / equity, 0.0
        self._index = index
        if _boundary_at_or_before(point.at, self.period) == point.at:
            self._reach(point.at, index)
        self._watch_drawdown(point.at, index)

    def _settle(self, before: datetime, now: datetime) -> None:
        """The boundary crossed since the last point gets that point's value, if it is fresh."""
        boundary = _boundary_at_or_before(before, self.period) + self.period
        if boundary < now and boundary - before <= self.period / FRESH:
            self._reach(boundary, self._index)

    def _reach(self, boundary: datetime, index: float) -> None:
        last, self._boundary = self._boundary, (boundary, index)
        if last is not None and boundary - last[0] == self.period and last[1] > 0:
            self._moments.add(index / last[1] - 1)

    def _watch_drawdown(self, at: datetime, index: float) -> None:
        peak_at, peak = self._peak
        if index >= peak:
            if self._deepest_since == peak_at and self._deepest_until is None:
                self._deepest_until = at
            self._peak = (at, index)
        elif 1 - index / peak > self._deepest:
            self._deepest = 1 - index / peak
            self._deepest_since, self._deepest_until = peak_at, None

    @property
    def _span(self) -> timedelta:
        return timedelta(0) if self.since is None or self.until is None else self.until - self.since

    def total_return(self) -> Figure:
        """Fraction gained since the first point."""
        if not self._span:
            return Figure(None, self._points, "fewer than two equity points")
        return Figure(self._index - 1, self._points)

    def apr(self) -> Figure:
        """The total return as a simple (not compounded) fraction a year of 365 days."""
        if self._span < MIN_SPAN_FOR_APR:
            days = self._span / timedelta(days=1)
            needed = MIN_SPAN_FOR_APR.days
            return Figure(None, self._points, f"{days:.1f} days, {needed} are needed")
        return Figure((self._index - 1) * (YEAR / self._span), self._points)

    def sharpe(self) -> Figure:
        """Mean / standard deviation of the periodic returns x sqrt(periods a year)."""
        moments = self._moments
        if short := self._too_short():
            return short
        deviation = sqrt(moments.squares / (moments.count - 1))
        if deviation < 1e-12:
            return Figure(None, moments.count, "the returns do not vary")
        return Figure(moments.mean / deviation * self._per_year(), moments.count)

    def sortino(self) -> Figure:
        """As Sharpe, with the root mean square of the negative returns for the deviation."""
        moments = self._moments
        if short := self._too_short():
            return short
        if not moments.losses:
            return Figure(None, moments.count, "no losing period")
        deviation = sqrt(moments.loss_squares / moments.count)
        return Figure(moments.mean / deviation * self._per_year(), moments.count)

    def max_drawdown(self) -> Figure:
        """Largest fall from a peak, as a positive fraction of it."""
        if self.since is None:
            return Figure(None, 0, "no equity points")
        return Figure(self._deepest, self._points)

    def max_drawdown_hours(self) -> Figure:
        """Length of the deepest drawdown: from its peak until that was reached again, or now."""
        if self.since is None or self.until is None:
            return Figure(None, 0, "no equity points")
        if self._deepest_since is None:
            return Figure(0.0, self._points)
        length = (self._deepest_until or self.until) - self._deepest_since
        return Figure(length / timedelta(hours=1), self._points)

    def _too_short(self) -> Figure | None:
        count = self._moments.count
        if count >= MIN_RETURNS:
            return None
        return Figure(None, count, f"{count} periodic returns, {MIN_RETURNS} are needed")

    def _per_year(self) -> float:
        return sqrt(YEAR / self.period)


def _boundary_at_or_before(at: datetime, period: timedelta) -> datetime:
    return at - (at - _EPOCH) % period
