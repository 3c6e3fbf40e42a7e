"""The ways in which a paper exchange misbehaves: by chance from a seed, or once on request."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from actors.venues.paper.chance import draw


class Fault(StrEnum):
    REJECT = "reject"
    """An order is refused for no good reason."""
    TIME_OUT_BEFORE = "time_out_before"
    """An order gets lost on its way: no answer, and it never stands."""
    TIME_OUT_AFTER = "time_out_after"
    """An order stands, but its answer gets lost."""
    BLIND = "blind"
    """The same, and for a while the exchange does not know the order when asked."""
    ANSWER_LATE = "answer_late"
    """An order is filled, but for a while it shows as being worked on, without fills."""
    PARTIAL = "partial"
    """Only a part of an order is filled."""
    LOSE_ANSWER = "lose_answer"
    """The answer to a question gets lost."""
    REPEAT = "repeat"
    """Fills and payments are listed twice in an answer."""
    DOWN = "down"
    """Nothing works for a while."""
    STALE_TICKERS = "stale_tickers"
    """Tickers stand still for a while."""
    MISSING_TICKERS = "missing_tickers"
    """One ticker, or now and then every ticker, is missing for a while."""
    ADL = "adl"
    """A perpetual is closed in part, or wholly, without an order."""


ORDER_FAULTS = (
    Fault.REJECT,
    Fault.TIME_OUT_BEFORE,
    Fault.TIME_OUT_AFTER,
    Fault.BLIND,
    Fault.ANSWER_LATE,
    Fault.PARTIAL,
    Fault.REPEAT,
)
QUERY_FAULTS = (Fault.LOSE_ANSWER, Fault.REPEAT)
LASTING_FAULTS = (Fault.DOWN, Fault.STALE_TICKERS, Fault.MISSING_TICKERS)


@dataclass(frozen=True, slots=True)
class FaultTimes:
    """How long things last. A lasting fault takes less than an hour by chance."""

    time_out: timedelta = timedelta(seconds=10)
    """Until a caller is told that no answer came."""
    late: timedelta = timedelta(seconds=20)
    """Until a late answer is there."""
    blind: timedelta = timedelta(seconds=45)
    """Until an order can be found."""
    lasting: timedelta = timedelta(minutes=20)
    """Of an outage, of stale and of missing tickers."""

    def __post_init__(self) -> None:
        if min(self.time_out, self.late, self.blind, self.lasting) < timedelta():
            raise ValueError("a fault cannot last for less than no time")
        if self.lasting > _HOUR:
            raise ValueError(f"by chance a fault lasts up to an hour, not {self.lasting}")


@dataclass(frozen=True, slots=True)
class Happened:
    """A fault that came about."""

    fault: Fault
    at: datetime
    what: str
    """The client id, the call, or the symbol it struck."""


@dataclass(frozen=True, slots=True)
class Span:
    """A lasting fault: from ``start`` until before ``end``."""

    start: datetime
    end: datetime
    symbol: str | None = None
    """Only this one; None = whatever the fault strikes."""
    by_chance: bool = False

    def holds(self, at: datetime) -> bool:
        return self.start <= at < self.end


@dataclass(slots=True)
class _Request:
    fault: Fault
    symbol: str | None
    lasting: timedelta


class FaultPlan:
    """Which fault strikes when: the same seed and times give the same faults.

    ``chances`` are probabilities: per order for ORDER_FAULTS, per question for QUERY_FAULTS, per
    hour for LASTING_FAULTS, per hour and open perpetual for ADL. Nothing happens by chance from
    ``quiet_from`` on. Raises ValueError for chances that are none.
    """

    def __init__(
        self,
        seed: int = 0,
        chances: Mapping[Fault, float] | None = None,
        times: FaultTimes | None = None,
        quiet_from: datetime | None = None,
    ) -> None:
        self.seed = seed
        self.chances = dict(chances or {})
        self.times = times or FaultTimes()
        self.quiet_from = quiet_from
        self.happened: list[Happened] = []
        self._requests: list[_Request] = []
        self._spans: dict[Fault, list[Span]] = {fault: [] for fault in LASTING_FAULTS}
        self._noted: set[tuple[Fault, datetime]] = set()
        if any(not 0 <= chance <= 1 for chance in self.chances.values()):
            raise ValueError(f"a chance lies between 0 and 1: {self.chances}")
        if sum(self.chances.get(fault, 0) for fault in ORDER_FAULTS) > 1:
            raise ValueError("an order has one fault at most: their chances add up to over 1")

    def request(
        self, fault: Fault, *, symbol: str | None = None, lasting: timedelta | None = None
    ) -> None:
        """Once, at the next opportunity (of that symbol); a lasting fault from the next call on."""
        self._requests.append(_Request(fault, symbol, lasting or self.times.lasting))

    def count(self, fault: Fault) -> int:
        """How often it came about."""
        return Counter(one.fault for one in self.happened)[fault]

    def for_order(self, client_id: str, symbol: str, now: datetime) -> Fault | None:
        """What is to befall an order that is sent now."""
        asked = self._take(ORDER_FAULTS, symbol)
        return asked.fault if asked else self._by_chance(ORDER_FAULTS, now, client_id)

    def for_query(self, call: str, now: datetime) -> Fault | None:
        """What is to befall a question that is asked now."""
        asked = self._take((Fault.LOSE_ANSWER,), None)
        return asked.fault if asked else self._by_chance(QUERY_FAULTS, now, call)

    def lasting(self, fault: Fault, now: datetime) -> Span | None:
        """The outage, the stale or the missing tickers that now is in, if any."""
        asked = self._take((fault,), None)
        if asked:
            self._spans[fault].append(Span(now, now + asked.lasting, asked.symbol))
        spans = (one for one in self._spans[fault] if one.holds(now))
        span = next(spans, None) or self._span_by_chance(fault, now)
        if span and (fault, span.start) not in self._noted:
            self._noted.add((fault, span.start))
            self.note(fault, now, span.symbol or "")
        return span

    def missing_tickers(self, symbols: Sequence[str], now: datetime) -> Collection[str]:
        """Those of the symbols whose tickers are missing now: one of them, or all."""
        span = self.lasting(Fault.MISSING_TICKERS, now)
        if span is None or not symbols:
            return ()
        if span.symbol is not None:
            return (span.symbol,)
        which = draw(self.seed, "missing", span.start) * (1 + _ALL_IN)
        if not span.by_chance or which >= _ALL_IN:
            return symbols
        return (sorted(symbols)[int(which / _ALL_IN * len(symbols))],)

    def adl(self, symbol: str, after: datetime, now: datetime) -> bool:
        """Whether an ADL strikes an open perpetual in ``after < t <= now``."""
        if self._take((Fault.ADL,), symbol):
            return True
        if not self.chances.get(Fault.ADL):
            return False
        hour = _hour(after)
        while hour <= now and self._is_on(hour):
            at = hour + _HOUR * draw(self.seed, "adl at", symbol, hour)
            if after < at <= now and self._strikes(Fault.ADL, symbol, hour):
                return True
            hour += _HOUR
        return False

    def note(self, fault: Fault, now: datetime, what: str) -> None:
        """Put on record that a fault came about."""
        self.happened.append(Happened(fault, now, what))

    def part(self, *key: object) -> Decimal:
        """A part from 0.1 to 0.9, for what is done in part."""
        return Decimal(10 + int(81 * draw(self.seed, "part", *key))) / 100

    def _take(self, faults: tuple[Fault, ...], symbol: str | None) -> _Request | None:
        for request in self._requests:
            if request.fault in faults and (symbol is None or request.symbol in (None, symbol)):
                self._requests.remove(request)
                return request
        return None

    def _by_chance(self, faults: tuple[Fault, ...], now: datetime, what: str) -> Fault | None:
        if not any(self.chances.get(fault) for fault in faults) or not self._is_on(now):
            return None
        left = draw(self.seed, what, now)
        for fault in faults:
            left -= self.chances.get(fault, 0)
            if left < 0:
                return fault
        return None

    def _span_by_chance(self, fault: Fault, now: datetime) -> Span | None:
        if not self.chances.get(fault):
            return None
        this = _hour(now)
        for hour in (this - _HOUR, this):  # no span is longer than an hour
            if self._is_on(hour) and self._strikes(fault, "", hour):
                start = hour + _HOUR * draw(self.seed, fault, "from", hour)
                span = Span(start, start + self.times.lasting, by_chance=True)
                if span.holds(now):
                    return span
        return None

    def _strikes(self, fault: Fault, symbol: str, hour: datetime) -> bool:
        return draw(self.seed, fault, symbol, hour) < self.chances.get(fault, 0)

    def _is_on(self, at: datetime) -> bool:
        return self.quiet_from is None or at < self.quiet_from


_HOUR = timedelta(hours=1)
_ALL_IN = 3
"""Missing tickers by chance: so many times a single one for each time that all are missing."""


def _hour(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
