"""One recorded series in memory: candles of an instrument, settled prints of a perpetual.

Values stay as the venue wrote them (per contract for 1000PEPE); :mod:`.recording` converts.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from actors.venues.replay.tables import HOUR_MS

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def to_ms(at: datetime) -> int:
    """Milliseconds since 1970 UTC. Raises TypeError for a time without a zone."""
    return (at - _EPOCH) // _MILLISECOND


def from_ms(timestamp_ms: int) -> datetime:
    return _EPOCH + timestamp_ms * _MILLISECOND


@dataclass(frozen=True, slots=True, eq=False)
class Candles:
    """Hourly candles, oldest first; hours may be missing."""

    opens_at: NDArray[np.int64]
    open: NDArray[np.float64]
    close: NDArray[np.float64]
    volume: NDArray[np.float64]

    @property
    def start_ms(self) -> int:
        return int(self.opens_at[0])

    @property
    def end_ms(self) -> int:
        """The end of the last candle."""
        return int(self.opens_at[-1]) + HOUR_MS

    def known_at(self, at_ms: int) -> tuple[float, int] | None:
        """The last price known at an instant and when it held; None before the first candle.

        Inside a candle that is its open, held at ``at_ms``: its close is still the future.
        In a gap it is the close of the last candle, held since that candle ended.
        """
        index = int(self.opens_at.searchsorted(at_ms, "right")) - 1
        if index < 0:
            return None
        end_ms = int(self.opens_at[index]) + HOUR_MS
        if at_ms < end_ms:
            return float(self.open[index]), at_ms
        return float(self.close[index]), end_ms

    def turnover_24h(self, at_ms: int) -> float | None:
        """Volume x close of the finished candles among the last 24 hours; None without any."""
        until = at_ms - at_ms % HOUR_MS
        first, last = self.opens_at.searchsorted((until - 24 * HOUR_MS, until), "left")
        if first == last:
            return None
        return float(np.dot(self.volume[first:last], self.close[first:last]))

    def opens_exactly_at(self, timestamps: NDArray[np.int64]) -> NDArray[np.float64]:
        """The open of the candle that starts at each instant; NaN where there is none."""
        index = self.opens_at.searchsorted(timestamps).clip(max=len(self.opens_at) - 1)
        return np.where(self.opens_at[index] == timestamps, self.open[index], np.nan)


@dataclass(frozen=True, slots=True, eq=False)
class Prints:
    """Settled funding prints of one perpetual, oldest first."""

    at: NDArray[np.int64]
    rate: NDArray[np.float64]
    interval_hours: NDArray[np.int64]
    after_gap: NDArray[np.bool_]
    mark_price: NDArray[np.float64]
    """NaN where the record has none."""

    def settled_by(self, at_ms: int) -> int:
        """How many prints have a time of at most ``at_ms``."""
        return int(self.at.searchsorted(at_ms, "right"))

    def next_ms(self, at_ms: int) -> int | None:
        """The settlement a venue would announce at ``at_ms``; None before the first print."""
        settled = self.settled_by(at_ms)
        if settled == 0:
            return None
        last_ms = int(self.at[settled - 1])
        interval_ms = int(self.interval_hours[settled - 1]) * HOUR_MS
        return last_ms + ((at_ms - last_ms) // interval_ms + 1) * interval_ms
