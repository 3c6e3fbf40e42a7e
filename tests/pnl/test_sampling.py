"""When a point of the equity curve is kept."""

from datetime import timedelta

import pytest

from actors.domain.ledger import EquityPoint
from actors.pnl.sampling import Sampling
from tests.pnl.world import HOUR, START, D

MINUTE = timedelta(minutes=1)


def point(at: timedelta, equity: str = "100") -> EquityPoint:
    return EquityPoint(START + at, D(equity), D(equity), D(0))


@pytest.mark.parametrize(
    ("last", "now", "due"),
    [
        (0 * MINUTE, 59 * MINUTE, False),
        (0 * MINUTE, 60 * MINUTE, True),
        (50 * MINUTE, 61 * MINUTE, True),
        (10 * MINUTE, 59 * MINUTE, False),
        (10 * MINUTE, 9 * MINUTE, False),
        (70 * MINUTE, 10 * MINUTE, False),
    ],
)
def test_one_point_between_two_full_hours(last: timedelta, now: timedelta, due: bool) -> None:
    sampling = Sampling(HOUR)
    assert sampling.is_due(START + last)
    sampling.add(point(last))
    assert sampling.is_due(START + now) is due


def test_the_day_begins_with_its_first_point_and_the_peak_is_for_ever() -> None:
    sampling = Sampling(HOUR)
    assert sampling.day_start_of(START) is None
    for hour, equity in ((1, "100"), (2, "120"), (25, "90"), (26, "95")):
        sampling.add(point(hour * HOUR, equity))
    assert sampling.day_start_of(START + 30 * HOUR) == 90
    assert sampling.day_start_of(START + 50 * HOUR) is None
    assert sampling.peak_usdt == 120
