"""Thinned curves keep their ends and extremes."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.views.thinning import KeptPoints, thinned
from tests.views.facts import point

curves = st.lists(
    st.tuples(st.integers(1, 10_000), st.integers(0, 50)), min_size=1, max_size=300
).map(
    lambda steps: [
        point(Decimal(equity), hours)
        for (equity, _), hours in zip(steps, _running(step for _, step in steps), strict=True)
    ]
)


def _running(steps: object) -> list[float]:
    at, times = 0.0, []
    for step in steps:  # type: ignore[attr-defined]
        at += step + 1
        times.append(at)
    return times


@given(curves, st.integers(2, 60))
def test_few_points_with_the_same_ends_in_order(curve: list, most: int) -> None:  # type: ignore[type-arg]
    few = thinned(curve, most)
    assert len(few) <= max(most, 2)
    assert few[0] == curve[0]
    assert few[-1] == curve[-1]
    assert [one.at for one in few] == sorted({one.at for one in few})
    assert set(few) <= set(curve)


@given(curves, st.integers(4, 60))
def test_the_extremes_stay(curve: list, most: int) -> None:  # type: ignore[type-arg]
    few = [one.equity_usdt for one in thinned(curve, most)]
    assert max(few) == max(one.equity_usdt for one in curve)
    assert min(few) == min(one.equity_usdt for one in curve)


def test_memory_is_bounded_and_the_newest_stay_whole() -> None:
    kept = KeptPoints(most=100)
    for hour in range(1_000):
        kept.add(point(Decimal(1_000 + hour % 17), hour))
    assert len(kept) <= 100
    newest = kept.since(None)[-30:]
    assert [one.at.hour for one in newest] == [(12 + hour) % 24 for hour in range(970, 1_000)]


def test_a_point_that_is_not_newer_is_known() -> None:
    kept = KeptPoints()
    assert kept.add(point(hours=1))
    assert not kept.add(point(hours=1))
    assert not kept.add(point(hours=0))


@pytest.mark.parametrize("most", [2, 3])
def test_two_points_are_the_ends(most: int) -> None:
    curve = [point(hours=hour) for hour in range(9)]
    assert thinned(curve, most) == (curve[0], curve[-1])
