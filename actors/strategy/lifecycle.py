"""A position's life as seen by its strategy: what may follow what, and what each state allows."""

from actors.domain.positions import PositionState

S = PositionState

MAY_FOLLOW: dict[PositionState, frozenset[PositionState]] = {
    S.FLAT: frozenset({S.OPENING, S.ORPHANED}),
    S.OPENING: frozenset({S.OPEN, S.REPAIRING, S.CLOSING, S.FLAT, S.ORPHANED}),
    S.OPEN: frozenset({S.CLOSING, S.REPAIRING, S.ORPHANED, S.FLAT}),
    S.CLOSING: frozenset({S.FLAT, S.REPAIRING, S.ORPHANED}),
    S.REPAIRING: frozenset({S.OPEN, S.CLOSING, S.FLAT, S.ORPHANED}),
    S.ORPHANED: frozenset({S.FLAT, S.OPEN, S.REPAIRING, S.CLOSING}),
}
"""Every legal change of state. A restart may skip steps; it never adds one."""


def is_legal(before: PositionState, after: PositionState) -> bool:
    return before is after or after in MAY_FOLLOW[before]


def may_enter(state: PositionState) -> bool:
    return state is S.FLAT


def may_leave(state: PositionState) -> bool:
    """Leaving is possible from everything that holds something and is not on its way out."""
    return state in (S.OPEN, S.OPENING, S.REPAIRING)
