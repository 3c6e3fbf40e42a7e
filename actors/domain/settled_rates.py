"""A perpetual's settled funding rates, many and compact: for statistics and for looking back.

Arrays of floats, a tenth of what the prints themselves would take. A rate of up to fifteen digits
comes out as it went in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from actors.domain.funding import FundingPrint, per_8h

MOST_PRINTS = 4_096
"""Kept of one perpetual, the newest: a good five months of hourly prints, four years of 8h ones."""

PERCENTILE_PRINTS = 30
PERCENTILE_HOURS = 240
"""A rank among fewer prints, or among fewer hours than these, says nothing."""

T = TypeVar("T", bound=np.generic)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class SettledRate:
    """One settled rate, looked back at."""

    at: datetime
    rate: Decimal
    """Fraction of notional for this print, over ``interval_hours``."""
    interval_hours: int
    rate_8h: Decimal
    basis_bp: Decimal | None
    """Perpetual over spot less 1, soon after the settlement; None where nobody looked."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class SettledRates:
    """Oldest first; never changed, so it may be handed from room to room."""

    times: NDArray[np.int64]
    """Milliseconds since 1970."""
    rates: NDArray[np.float64]
    """Per print."""
    hours: NDArray[np.int16]
    """What each print pays for."""
    basis_bp: NDArray[np.float64]
    """NaN where not known."""

    def __len__(self) -> int:
        return len(self.times)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SettledRates):
            return NotImplemented
        return (
            np.array_equal(self.times, other.times)
            and np.array_equal(self.rates, other.rates)
            and np.array_equal(self.hours, other.hours)
            and np.array_equal(self.basis_bp, other.basis_bp, equal_nan=True)
        )

    def __hash__(self) -> int:
        return hash((len(self), int(self.times[-1]) if len(self) else None))

    def __repr__(self) -> str:
        return f"<{len(self)} settled rates>"

    def extended(self, prints: Sequence[FundingPrint]) -> "SettledRates":
        """With later prints, oldest first; the oldest of all fall away beyond MOST_PRINTS."""
        if not prints:
            return self
        return SettledRates(
            _joined(self.times, [milliseconds(one.at) for one in prints]),
            _joined(self.rates, [float(one.rate) for one in prints]),
            _joined(self.hours, [one.interval_hours for one in prints]),
            _joined(self.basis_bp, [np.nan] * len(prints)),
        )

    def with_basis(self, basis_bp: Decimal) -> "SettledRates":
        """With the basis seen soon after the newest settlement."""
        noted = self.basis_bp.copy()
        noted[-1:] = float(basis_bp)
        return SettledRates(self.times, self.rates, self.hours, noted)

    def percentile(self, rate: Decimal, interval_hours: int) -> float | None:
        """Share of the hours (0..1) in which the rate per 8 hours was below this one.

        Hours at the very same rate count half, so a rate that never moves stands at 0.5. None for
        too short a history.
        """
        if len(self) < PERCENTILE_PRINTS:
            return None
        hours = self.hours.astype(np.float64)
        known = float(np.add.reduce(hours))
        if known < PERCENTILE_HOURS:
            return None
        each, asked = self.rates * 8 / hours, float(rate) * 8 / interval_hours
        hours_above_less_below = float(hours.dot(np.sign(each - asked)))
        return 0.5 - hours_above_less_below / (2 * known)

    def means_8h(self, edges: NDArray[np.int64]) -> list[float | None]:
        """The mean rate per 8 hours between each two neighbours of ``edges`` (milliseconds).

        All that was paid there over all the hours it was paid for, so that intervals may change.
        A print at an edge belongs to what ends there: that is the time it pays for. None without
        a print.
        """
        count = len(edges) - 1
        place = np.searchsorted(edges, self.times, side="left") - 1
        inside = (place >= 0) & (place < count)
        place = place[inside]
        paid = np.bincount(place, self.rates[inside], count)
        hours = np.bincount(place, self.hours[inside], count)
        return [
            None if lasted == 0 else round(sum_ * 8 / lasted, 12)
            for sum_, lasted in zip(paid.tolist(), hours.tolist(), strict=True)
        ]

    def newest_first(self, since: datetime | None, limit: int) -> tuple[int, list[SettledRate]]:
        """How many there are from ``since`` on, and the newest ``limit`` of them."""
        first = 0 if since is None else int(np.searchsorted(self.times, milliseconds(since)))
        total = len(self) - first
        places = range(len(self) - 1, len(self) - 1 - min(limit, total), -1)
        return total, [self._at(place) for place in places]

    def _at(self, place: int) -> SettledRate:
        rate, hours = Decimal(repr(float(self.rates[place]))), int(self.hours[place])
        basis = float(self.basis_bp[place])
        return SettledRate(
            at=moment(int(self.times[place])),
            rate=rate,
            interval_hours=hours,
            rate_8h=per_8h(rate, hours),
            basis_bp=None if np.isnan(basis) else Decimal(f"{basis:.4f}"),
        )


def milliseconds(at: datetime) -> int:
    """Since 1970, cut off."""
    return (at - _EPOCH) // _MILLISECOND


def moment(milliseconds: int) -> datetime:
    return _EPOCH + milliseconds * _MILLISECOND


def _joined(known: NDArray[T], new: Sequence[float]) -> NDArray[T]:
    joined = np.concatenate((known, np.asarray(new, dtype=known.dtype)))[-MOST_PRINTS:]
    joined.flags.writeable = False
    return joined


NO_RATES = SettledRates(
    np.empty(0, np.int64), np.empty(0, np.float64), np.empty(0, np.int16), np.empty(0, np.float64)
)
