"""A position's life: which change may follow which."""

from itertools import product

import pytest

from actors.domain.positions import AT_REST, PositionState
from actors.strategy.lifecycle import MAY_FOLLOW, is_legal, may_enter, may_leave

S = PositionState


def test_every_state_has_its_followers_and_none_is_a_dead_end() -> None:
    assert set(MAY_FOLLOW) == set(S)
    assert all(MAY_FOLLOW.values())


def test_from_everywhere_there_is_a_way_back_to_flat() -> None:
    home = {S.FLAT}
    while grown := {one for one in S if one not in home and MAY_FOLLOW[one] & home}:
        home |= grown
    assert home == set(S)


@pytest.mark.parametrize(
    ("before", "after"),
    [(S.FLAT, S.OPEN), (S.FLAT, S.CLOSING), (S.CLOSING, S.OPENING), (S.OPEN, S.OPENING)],
)
def test_no_step_is_skipped_forwards(before: PositionState, after: PositionState) -> None:
    assert not is_legal(before, after)


def test_what_is_told_twice_is_no_change() -> None:
    assert all(is_legal(one, one) for one in S)


def test_only_what_is_flat_is_entered_and_only_what_is_held_is_left() -> None:
    assert [one for one in S if may_enter(one)] == [S.FLAT]
    for one, other in product(S, S):
        assert not (may_enter(one) and may_leave(one))
        if may_leave(one) and other in MAY_FOLLOW[one]:
            assert other is not S.FLAT or one in AT_REST | {S.OPENING, S.REPAIRING}
