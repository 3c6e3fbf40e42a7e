"""What a pair's settled funding history says about what is to come (statistics: floats)."""

from dataclasses import dataclass
from datetime import datetime


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
