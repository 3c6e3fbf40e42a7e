"""When an equity point is kept, and which points the risk guards compare with."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from actors.domain.ledger import EquityPoint

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Sampling:
    """One point at most in each ``interval`` (counted from midnight UTC): the first known one."""

    def __init__(self, interval: timedelta) -> None:
        self._interval = interval
        self._last_at: datetime | None = None
        self._day: date | None = None
        self.day_start_usdt: Decimal | None = None
        """Equity of the first point of the last point's UTC day."""
        self.peak_usdt: Decimal | None = None

    def is_due(self, at: datetime) -> bool:
        if self._last_at is None:
            return True
        return self._number(at) > self._number(self._last_at)

    def add(self, point: EquityPoint) -> None:
        """A point that is on record, by time."""
        self._last_at = point.at
        day = point.at.astimezone(UTC).date()
        if day != self._day:
            self._day, self.day_start_usdt = day, point.equity_usdt
        if self.peak_usdt is None or self.peak_usdt < point.equity_usdt:
            self.peak_usdt = point.equity_usdt

    def day_start_of(self, at: datetime) -> Decimal | None:
        """None where the day of ``at`` has no point yet."""
        return self.day_start_usdt if at.astimezone(UTC).date() == self._day else None

    def _number(self, at: datetime) -> int:
        return (at - _EPOCH) // self._interval
