"""Many settled rates, looked back at: what goes in comes out, and the statistics by hand."""

from datetime import timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.domain.funding import FundingPrint
from actors.domain.settled_rates import (
    MOST_PRINTS,
    NO_RATES,
    PERCENTILE_PRINTS,
    SettledRates,
    milliseconds,
    moment,
)
from tests.builders import NOON, D, settled

HOUR = timedelta(hours=1)
MIDNIGHT = NOON - 12 * HOUR


def steady(count: int, rate: str = "0.0001", hours: int = 8) -> list[FundingPrint]:
    """The last one at noon."""
    return [settled(NOON - HOUR * hours * back, rate, hours) for back in reversed(range(count))]


def rates(prints: list[FundingPrint]) -> SettledRates:
    return NO_RATES.extended(prints)


@given(
    st.lists(st.tuples(st.integers(-(10**12), 10**12), st.sampled_from([1, 2, 4, 8])), max_size=20)
)
def test_a_rate_comes_out_as_it_went_in(given: list[tuple[int, int]]) -> None:
    """Fifteen digits after the point at most, in two portions."""
    prints = [
        FundingPrint("X", NOON + place * 8 * HOUR, Decimal(digits).scaleb(-13), hours)
        for place, (digits, hours) in enumerate(given)
    ]
    half = len(prints) // 2
    total, found = rates(prints[:half]).extended(prints[half:]).newest_first(None, 100)
    assert total == len(prints)
    assert [(one.at, one.rate, one.interval_hours, one.rate_8h) for one in reversed(found)] == [
        (one.at, one.rate, one.interval_hours, one.rate_8h) for one in prints
    ]


def test_from_a_time_on_the_newest_first() -> None:
    known = rates(steady(10))
    total, found = known.newest_first(NOON - 24 * HOUR, 2)
    assert total == 4  # noon, and 8, 16 and 24 hours before: the time itself counts
    assert [one.at for one in found] == [NOON, NOON - 8 * HOUR]
    assert known.newest_first(NOON + HOUR, 2) == (0, [])
    assert NO_RATES.newest_first(None, 5) == (0, [])


def test_the_oldest_fall_away() -> None:
    known = rates(steady(MOST_PRINTS)).extended([settled(NOON + 8 * HOUR, "0.0007")])
    assert len(known) == MOST_PRINTS
    (newest,) = known.newest_first(None, 1)[1]
    assert newest.rate == D("0.0007")
    assert moment(int(known.times[0])) == NOON - 8 * HOUR * (MOST_PRINTS - 2)


def test_nothing_can_be_changed_by_who_got_it() -> None:
    known = rates(steady(3))
    with pytest.raises(ValueError, match="read-only"):
        known.rates[0] = 1.0
    noted = known.with_basis(D("12.34567"))
    assert [one.basis_bp for one in noted.newest_first(None, 3)[1]] == [D("12.3457"), None, None]
    assert known.newest_first(None, 1)[1][0].basis_bp is None
    assert known != noted
    assert known == rates(steady(3))


def test_the_percentile_is_a_share_of_the_hours() -> None:
    """240 hours at 1 bp, then 80 hours at 3 bp per 8 hours in hourly prints."""
    cheap = steady(30, "0.0001")
    dear = [settled(NOON + HOUR * after, "0.0000375", 1) for after in range(1, 81)]
    known = rates([*cheap, *dear])
    assert known.percentile(D("0.0002"), 8) == 240 / 320
    assert known.percentile(D("0.00002"), 1) == 240 / 320  # 1.6 bp per 8 hours
    assert known.percentile(D("0.0001"), 8) == 120 / 320  # half of the hours at just this rate
    assert known.percentile(D("0.00005"), 4) == 120 / 320
    assert known.percentile(D("0.0003"), 8) == (240 + 40) / 320
    assert known.percentile(D("-0.001"), 8) == 0
    assert known.percentile(D("0.001"), 8) == 1


def test_too_short_a_history_has_no_percentile() -> None:
    assert rates(steady(PERCENTILE_PRINTS - 1)).percentile(D("0.0001"), 8) is None
    assert rates(steady(PERCENTILE_PRINTS)).percentile(D("0.0001"), 8) == 0.5
    assert rates(steady(200, hours=1)).percentile(D("0.0001"), 8) is None  # 200 hours
    assert rates(steady(240, hours=1)).percentile(D("0.0001"), 1) == 0.5


def test_the_mean_of_a_bucket_holds_across_a_change_of_interval() -> None:
    prints = [
        settled(MIDNIGHT + 8 * HOUR, "0.0004", 8),
        settled(MIDNIGHT + 12 * HOUR, "0.0003", 4),
        settled(MIDNIGHT + 16 * HOUR, "-0.0001", 4),
        settled(MIDNIGHT + 17 * HOUR, "0.0001", 1),
        settled(MIDNIGHT + 40 * HOUR, "0.0002", 8),
    ]
    edges = np.array([milliseconds(MIDNIGHT + hours * HOUR) for hours in (0, 8, 16, 24, 32, 40)])
    assert rates(prints).means_8h(edges) == [0.0004, 0.0002, 0.0008, None, 0.0002]
    day = np.array([milliseconds(MIDNIGHT), milliseconds(MIDNIGHT + 24 * HOUR)])
    # 0.0007 paid over 17 hours; the later print lies beyond.
    assert rates(prints).means_8h(day) == [pytest.approx(0.0007 * 8 / 17)]
    assert NO_RATES.means_8h(edges) == [None] * 5
