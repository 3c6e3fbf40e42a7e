"""What an account gained in a stretch of time, and what of it was funding, price and fees.

The gain is the difference of two equity points. The ledger says which funding and fees were booked
between them; what is left is the price result, realised and not. So the parts always add up.
"""

from bisect import bisect_right
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from actors.domain.exact import difference, fraction, total
from actors.domain.flows import Flows

DAY = timedelta(days=1)
FRESH = 4
"""A point stands for a boundary if it is at most one FRESH-th of the period older."""
PERIODS = (("today", 0), ("7 days", 7), ("30 days", 30))
"""Name, and how many whole UTC days before today's midnight it begins."""

Unknown = tuple[tuple[str, str], ...]
"""Why a figure is None, by the figure's name."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The account at one instant."""

    at: datetime
    equity_usdt: Decimal
    flows: Flows
    """What had been booked by then."""


@dataclass(frozen=True, slots=True)
class Gain:
    """What the account gained between two points of its equity curve, in USDT."""

    since: datetime | None
    """The point compared with: the last one at or before the beginning."""
    until: datetime | None
    start_equity_usdt: Decimal | None
    end_equity_usdt: Decimal | None
    net_usdt: Decimal | None
    """Equity at the end less that at the start, without money paid in or out."""
    net_fraction: Decimal | None
    """Of the equity at the start."""
    funding_usdt: Decimal | None
    price_usdt: Decimal | None
    """Price result of both legs, realised and unrealised: the net less funding and fees."""
    fees_usdt: Decimal | None
    """Negative = paid."""
    slippage_usdt: Decimal | None
    """Of the fills; part of the price result."""
    unknown: Unknown = ()
    """Figure to reason, for each that is null."""


@dataclass(frozen=True, slots=True)
class Period:
    """One stretch of time that ends now."""

    name: str
    """today, 7 days, 30 days or all."""
    begins_at: datetime | None
    """Midnight UTC: today's, or that so many days before; None for all."""
    gain: Gain


@dataclass(frozen=True, slots=True)
class Month:
    """One calendar month, UTC."""

    month: str
    """``2025-03``."""
    days: int
    """Days of it with at least one point."""
    days_in_month: int
    is_partial: bool
    """Days are missing, at its beginning, between or since it is not over."""
    gain: Gain


class EquityHistory:
    """Samples by time. A month is worked out when it ends; only the last one changes."""

    def __init__(self) -> None:
        self._samples: list[Sample] = []
        self._over: list[Month] = []
        self._month: _OpenMonth | None = None

    def add(self, sample: Sample) -> None:
        """The next sample; what is not newer than the last one changes nothing."""
        if self._month is None:
            self._month = _OpenMonth(sample, _month_of(sample.at), frozenset((_day_of(sample),)))
        elif sample.at > self._samples[-1].at:
            if over := self._month.over(self._samples[-1], sample):
                self._over.append(over)
            self._month = self._month.after(self._samples[-1], sample)
        else:
            return
        self._samples.append(sample)

    def periods(self, now: datetime, latest: Sample | None, why: str = "") -> tuple[Period, ...]:
        """Up to ``latest``, the account as it stands; None where that is not known: ``why``."""
        midnight = _midnight(now)
        found = [
            Period(name, begins_at, self._gain_since(begins_at, max(days, 1) * DAY, latest, why))
            for name, days in PERIODS
            for begins_at in (midnight - days * DAY,)
        ]
        return (*found, Period("all", None, self._gain_of_all(latest, why)))

    def months(self, latest: Sample | None) -> tuple[Month, ...]:
        """Oldest first; the last one up to ``latest``, where that is known."""
        if self._month is None:
            return ()
        newest = self._samples[-1]
        if latest is None or latest.at < newest.at:
            return (*self._over, self._month.until(newest))
        over = self._month.over(newest, latest)
        return (
            *self._over,
            *((over,) if over else ()),
            self._month.after(newest, latest).until(latest),
        )

    def _gain_since(
        self, begins_at: datetime, length: timedelta, latest: Sample | None, why: str
    ) -> Gain:
        if latest is None:
            return no_gain(why)
        place = bisect_right(self._samples, begins_at, key=lambda one: one.at) - 1
        if place < 0:
            begin = self._samples[0].at if self._samples else latest.at
            return no_gain(f"the equity curve begins later, on {begin:%Y-%m-%d %H:%M}")
        start = self._samples[place]
        if begins_at - start.at > length / FRESH:
            return no_gain(
                f"the equity at its beginning is not known: the point before is of"
                f" {start.at:%Y-%m-%d %H:%M}"
            )
        return gain(start, latest)

    def _gain_of_all(self, latest: Sample | None, why: str) -> Gain:
        if latest is None:
            return no_gain(why)
        if not self._samples:
            return no_gain("the equity curve has no point yet")
        return gain(self._samples[0], latest)


@dataclass(frozen=True, slots=True)
class _OpenMonth:
    """The month that the newest sample lies in."""

    start: Sample
    """What it began with: the last sample at or before its beginning, if there is one."""
    month: tuple[int, int]
    days: frozenset[date]

    def after(self, newest: Sample, sample: Sample) -> "_OpenMonth":
        """The month that ``sample`` lies in, the next one after ``newest``."""
        month, day = _month_of(sample.at), _day_of(sample)
        if month != self.month:
            return _OpenMonth(_last_at_its_end(newest, sample), month, frozenset((day,)))
        return self if day in self.days else replace(self, days=self.days | {day})

    def over(self, newest: Sample, sample: Sample) -> Month | None:
        """This month as it ended, where ``sample``, the next after ``newest``, is not of it."""
        if _month_of(sample.at) == self.month:
            return None
        return self._worked_out(_last_at_its_end(newest, sample), is_over=True)

    def until(self, latest: Sample) -> Month:
        return self._worked_out(latest, is_over=False)

    def _worked_out(self, end: Sample, *, is_over: bool) -> Month:
        year, month = self.month
        days_in_month = monthrange(year, month)[1]
        starts_late = self.start.at > datetime(year, month, 1, tzinfo=UTC) + DAY / FRESH
        return Month(
            month=f"{year:04}-{month:02}",
            days=len(self.days),
            days_in_month=days_in_month,
            is_partial=len(self.days) < days_in_month or starts_late or not is_over,
            gain=gain(self.start, end),
        )


def _last_at_its_end(newest: Sample, sample: Sample) -> Sample:
    """What a month ended with and the next one began with: nothing is lost between two months."""
    is_boundary = sample.at == _midnight(sample.at).replace(day=1)
    return sample if is_boundary else newest


def gain(start: Sample, end: Sample) -> Gain:
    """What came between two samples, exact; the split is None where the ledger cannot tell it."""
    flows = end.flows.since(start.flows)
    net = difference(difference(end.equity_usdt, start.equity_usdt), flows.capital)
    known = Gain(
        since=start.at,
        until=end.at,
        start_equity_usdt=start.equity_usdt,
        end_equity_usdt=end.equity_usdt,
        net_usdt=net,
        net_fraction=fraction(net, start.equity_usdt),
        funding_usdt=flows.funding,
        price_usdt=difference(net, total(flows.funding, flows.fees)),
        fees_usdt=flows.fees,
        slippage_usdt=flows.slippage,
    )
    unknown: dict[str, str] = {}
    if known.net_fraction is None:
        unknown["net_fraction"] = "there was no equity at the start"
    if flows.unpriced:
        why = "fees or funding came in a coin whose price is not on record"
        unknown |= dict.fromkeys(("funding_usdt", "price_usdt", "fees_usdt"), why)
        known = replace(known, funding_usdt=None, price_usdt=None, fees_usdt=None)
    if flows.unmeasured:
        unknown["slippage_usdt"] = "a decision had no price to compare its fills with"
        known = replace(known, slippage_usdt=None)
    return replace(known, unknown=tuple(unknown.items()))


_FIGURES = (
    "start_equity_usdt",
    "end_equity_usdt",
    "net_usdt",
    "net_fraction",
    "funding_usdt",
    "price_usdt",
    "fees_usdt",
    "slippage_usdt",
)


def no_gain(why: str) -> Gain:
    """Nothing is known, and why."""
    return Gain(*(None,) * 10, unknown=tuple((name, why) for name in _FIGURES))


def _month_of(at: datetime) -> tuple[int, int]:
    at = at.astimezone(UTC)
    return at.year, at.month


def _day_of(sample: Sample) -> date:
    return sample.at.astimezone(UTC).date()


def _midnight(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
