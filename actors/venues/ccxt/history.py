"""Settled funding prints: asked for page by page, and kept so that nothing is asked for twice."""

from bisect import bisect_right
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from actors.domain.funding import FundingPrint
from actors.venues.ccxt.markets import Listing
from actors.venues.ccxt.values import exact, moment

PAGE = 100
"""Rows asked for at once: what every exchange gives."""
LONGEST_INTERVAL = timedelta(hours=8)
"""No exchange settles more rarely, so a longer gap is a gap in the record."""
SHORTEST_INTERVAL = timedelta(hours=1)
PUBLISHED_WITHIN = timedelta(minutes=2)
"""A print may be published a little after its settlement."""
ASK_AGAIN_AFTER = timedelta(seconds=20)
"""So often is a print asked for that is due but not published yet."""

Fetch = Callable[[datetime, datetime], Awaitable[Iterable[Mapping[str, Any]]]]
"""One page of ccxt's rows between two instants, at most :data:`PAGE` of them."""


async def pages(
    fetch: Fetch, since: datetime, until: datetime, interval: timedelta
) -> dict[datetime, Mapping[str, Any]]:
    """Every row with ``since <= at <= until``, by its time.

    Exchanges differ in which end of a page they cut off: Bybit counts both ends and gives the
    newest rows, Binance the oldest. So no page is asked for that could be full, and one that comes
    full is asked for again in halves. ``interval`` is the symbol's now; it may have been shorter.
    """
    rows: dict[datetime, Mapping[str, Any]] = {}
    start, span = since, (PAGE - 2) * max(interval, SHORTEST_INTERVAL)
    while start <= until:
        end = min(start + span, until)
        page = {at: row for row in await fetch(start, end) if (at := _settled_at(row)) is not None}
        if len(page) >= PAGE and end - start > PAGE // 2 * SHORTEST_INTERVAL:
            span = (end - start) / 2
            continue
        rows |= page
        if end >= until:
            break
        start = end
    return {at: row for at, row in sorted(rows.items()) if since <= at <= until}


def prints_of(
    rows: Mapping[datetime, Mapping[str, Any]], listing: Listing, hours_now: int | None
) -> list[FundingPrint]:
    """The rows as prints, each over the hours since the print before it.

    A row bears no interval. Where the one before is missing, or lies further back than any interval
    reaches, it takes that of its neighbour; with no neighbour at all ``hours_now``. A row without
    any of these is left out: its rate could not be compared with anything.
    """
    times = [at for at, row in rows.items() if exact(row.get("fundingRate")) is not None]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    prints: list[FundingPrint] = []
    for index, at in enumerate(times):
        before = gaps[index - 1] if index else None
        seen = _whole_hours(before)
        hours = seen
        if hours is None and index < len(gaps):
            hours = _whole_hours(gaps[index])
        if hours is None and prints:
            hours = prints[-1].interval_hours
        if (hours := hours or hours_now) is None:
            continue
        row = rows[at]
        rate = exact(row.get("fundingRate"))
        assert rate is not None
        info = row.get("info")
        mark = info.get("markPrice") if isinstance(info, Mapping) else None
        prints.append(
            FundingPrint(
                symbol=listing.instrument.symbol,
                at=at,
                rate=rate,
                interval_hours=hours,
                mark_price=listing.price(mark),
                after_gap=before is not None and seen is None,
            )
        )
    return prints


def _settled_at(row: Mapping[str, Any]) -> datetime | None:
    """The settlement itself: exchanges stamp it some milliseconds late."""
    at = moment(row.get("timestamp"))
    if at is None:
        return None
    hour = (at + timedelta(minutes=30)).replace(minute=0, second=0, microsecond=0)
    return hour if abs(at - hour) < timedelta(minutes=1) else at


def _whole_hours(gap: timedelta | None) -> int | None:
    """The gap as an interval; None where it is none. Exchanges stamp a few seconds off."""
    if gap is None or gap > LONGEST_INTERVAL + timedelta(minutes=1):
        return None
    hours = round(gap / timedelta(hours=1))
    return hours if hours and abs(gap - timedelta(hours=hours)) < timedelta(minutes=1) else None


@dataclass(slots=True)
class PrintBook:
    """What is known of one perpetual's settled prints."""

    since: datetime | None = None
    """Everything settled after this, up to ``until``, is in ``prints``. None = nothing asked."""
    until: datetime | None = None
    prints: list[FundingPrint] = field(default_factory=list)
    next_settlement: datetime | None = None
    """As it was announced last: until then nothing new can be there."""
    asked_at: datetime | None = None

    def covers(self, since: datetime, until: datetime) -> bool:
        """Whether an answer can be given without asking, as of now (``until``)."""
        if self.since is None or self.until is None or since < self.since:
            return False
        if until <= self.until:
            return True
        due = self._next_due()
        if due is not None and until < due:
            return True
        # It is due, or nobody knows when: asked for now and then until it is there.
        return self.asked_at is not None and until - self.asked_at < ASK_AGAIN_AFTER

    def _next_due(self) -> datetime | None:
        """The next settlement after what is known: as announced, else by the last interval."""
        reached, last = self.until, self.prints[-1] if self.prints else None
        by_interval = last.at + timedelta(hours=last.interval_hours) if last else None
        due = (self.next_settlement, by_interval)
        return min((at for at in due if at and reached and at > reached), default=None)

    def between(self, since: datetime, until: datetime) -> tuple[FundingPrint, ...]:
        """Those with ``since < at <= until``."""
        first = bisect_right(self.prints, since, key=lambda one: one.at)
        last = bisect_right(self.prints, until, key=lambda one: one.at)
        return tuple(self.prints[first:last])

    def extended(self, since: datetime, until: datetime, prints: Iterable[FundingPrint]) -> None:
        """With what the exchange has answered for ``since < at <= until``.

        What could have been published late is left open, to be asked for again.
        """
        merged = {one.at: one for one in self.prints} | {one.at: one for one in prints}
        self.prints = [merged[at] for at in sorted(merged)]
        last = self.prints[-1].at if self.prints else None
        settled = until - PUBLISHED_WITHIN
        reached = settled if last is None else max(last, settled)
        self.since = since if self.since is None else min(self.since, since)
        self.until = reached if self.until is None else max(self.until, reached)
        self.asked_at = until
