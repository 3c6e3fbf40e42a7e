"""What a pair's settled funding history says about what is to come (statistics: floats)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import log, sqrt

from actors.domain.funding import FundingPrint
from actors.domain.terms import CarryTerms


@dataclass(frozen=True, slots=True)
class CarrySignal:
    """Recursive averages of the settled rate per 8 hours, updated print by print.

    Averages are weighted by the hours a print pays for, so that 1h and 8h symbols compare.
    """

    fast_8h: float
    """EWMA with a half-life of days."""
    slow_8h: float
    """EWMA with a half-life of weeks."""
    variance_8h: float
    """EWMA variance about the slow mean."""
    hours: float
    """Hours of history seen; below a policy's minimum nothing is entered."""
    prints: int
    last_at: datetime


def updated(signal: CarrySignal | None, print: FundingPrint, terms: CarryTerms) -> CarrySignal:
    """The signal with one more settled print.

    The means are what a full weighting would give, sum(w x rate) / sum(w) with w halving every
    half-life, from the first print on: early means don't lean on the first print.

    A print that is not newer than the last one changes nothing, so it may be told twice. Hours
    without prints are not seen; a gap longer than the slow half-life forgets all and starts anew.
    """
    rate, hours = float(print.rate_8h), float(print.interval_hours)
    if signal is None or _forgotten(signal, print, terms):
        return CarrySignal(rate, rate, 0.0, hours, 1, print.at)
    if print.at <= signal.last_at:
        return signal
    seen = signal.hours + hours
    fast = _weight(hours, seen, terms.fast_half_life_hours)
    slow = _weight(hours, seen, terms.slow_half_life_hours)
    surprise = rate - signal.slow_8h
    return CarrySignal(
        fast_8h=signal.fast_8h + fast * (rate - signal.fast_8h),
        slow_8h=signal.slow_8h + slow * surprise,
        variance_8h=(1 - slow) * (signal.variance_8h + slow * surprise * surprise),
        hours=seen,
        prints=signal.prints + 1,
        last_at=print.at,
    )


def from_history(prints: Iterable[FundingPrint], terms: CarryTerms) -> CarrySignal | None:
    """The signal after all ``prints`` (oldest first); None for none."""
    signal: CarrySignal | None = None
    for one in prints:
        signal = updated(signal, one, terms)
    return signal


def expected_8h(signal: CarrySignal, horizon_hours: float, terms: CarryTerms) -> float:
    """Expected mean rate per 8 hours over the next ``horizon_hours``.

    The fast mean returns to the slow one with the reversion half-life h; the mean over 0..T of
    slow + (fast - slow) x 0.5^(t/h) is slow + (fast - slow) x h x (1 - 0.5^(T/h)) / (T ln 2).
    """
    half_life = terms.reversion_half_life_hours
    spans = horizon_hours / half_life
    decayed: float = (1 - 0.5**spans) / (spans * log(2))
    return signal.slow_8h + (signal.fast_8h - signal.slow_8h) * decayed


def expected_total(signal: CarrySignal, horizon_hours: float, terms: CarryTerms) -> float:
    """Expected funding over the next ``horizon_hours``, as a fraction of one leg's notional."""
    return expected_8h(signal, horizon_hours, terms) * horizon_hours / 8


class Trend(StrEnum):
    RISING = "rising"
    FALLING = "falling"
    STEADY = "steady"


STEADY_DEVIATIONS = 0.5
STEADY_8H = 0.00001
"""The fast mean is steady within half a standard deviation of the slow one, or within 0.1 bp."""


def trend(signal: CarrySignal, terms: CarryTerms) -> tuple[float, Trend] | None:
    """The fast mean less the slow one, per 8 hours, and a word for it.

    None while the history is shorter than the policies ask for: both means are the same then.
    """
    if signal.hours < terms.min_history_hours:
        return None
    lead = signal.fast_8h - signal.slow_8h
    if abs(lead) <= max(STEADY_8H, STEADY_DEVIATIONS * sqrt(signal.variance_8h)):
        return lead, Trend.STEADY
    return lead, Trend.RISING if lead > 0 else Trend.FALLING


def _weight(hours: float, seen: float, half_life: float) -> float:
    """Share of the newest ``hours`` in the whole weight of ``seen`` hours."""
    return float((1 - 0.5 ** (hours / half_life)) / (1 - 0.5 ** (seen / half_life)))


def _forgotten(signal: CarrySignal, print: FundingPrint, terms: CarryTerms) -> bool:
    silent_hours = (print.at - signal.last_at).total_seconds() / 3600
    return silent_hours - print.interval_hours > terms.slow_half_life_hours
