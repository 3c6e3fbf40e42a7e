"""The funding history: each settled print counts once, and what is missing is asked for."""

from dataclasses import replace
from datetime import timedelta

from actors.domain.signals import from_history
from actors.domain.terms import CarryTerms
from actors.market.history import ASK_AGAIN_AFTER, BASIS_WITHIN, RECENT_PRINTS, FundingHistory
from tests.builders import NOON, D, funding, settled

CARRY = CarryTerms()
EIGHT = timedelta(hours=8)
SETTLED = funding().last_settled
assert SETTLED is not None
LAST = SETTLED.at


def history(count: int) -> FundingHistory:
    prints = [settled(LAST - EIGHT * back) for back in reversed(range(count))]
    return FundingHistory().folded(prints, NOON, CARRY)


def test_folding_in_pieces_is_folding_at_once() -> None:
    prints = [settled(LAST - EIGHT * back, f"0.000{back}") for back in reversed(range(9))]
    pieces = FundingHistory()
    for cut in range(9):  # overlapping pieces, as late answers overlap
        pieces = pieces.folded(prints[max(0, cut - 3) : cut + 1], NOON, CARRY)
    assert pieces == FundingHistory().folded(prints, NOON, CARRY)
    assert pieces.signal == from_history(prints, CARRY)


def test_only_the_last_prints_are_kept() -> None:
    assert len(history(100).recent) == RECENT_PRINTS
    assert history(100).recent[-1].at == LAST


def test_the_next_settlement_is_folded_in_from_the_rate() -> None:
    known = FundingHistory().folded([settled(LAST - EIGHT)], LAST, CARRY)
    assert known.is_behind(funding(), NOON)
    continued = known.continued(funding(), CARRY)
    assert continued.recent[-1].at == LAST
    assert not continued.is_behind(funding(), NOON)
    assert continued.continued(funding(), CARRY) == continued


def test_after_a_gap_the_history_is_asked_for() -> None:
    known = FundingHistory().folded([settled(LAST - 3 * EIGHT)], LAST - EIGHT, CARRY)
    assert known.continued(funding(), CARRY) == known
    assert known.is_behind(funding(), NOON)


def test_without_a_settled_rate_a_crossed_boundary_asks() -> None:
    known = history(3)
    rate = replace(funding(), last_settled=None)
    assert not known.is_behind(rate, LAST + EIGHT - timedelta(minutes=1))
    assert known.is_behind(rate, LAST + EIGHT)
    asked = known.folded([], LAST + EIGHT, CARRY)
    assert not asked.is_behind(rate, LAST + EIGHT + ASK_AGAIN_AFTER / 2)
    assert asked.is_behind(rate, LAST + EIGHT + ASK_AGAIN_AFTER)


def test_all_that_is_settled_is_kept_for_looking_back() -> None:
    known = history(100)
    assert len(known.settled) == 100
    assert known.folded([settled(LAST)], NOON, CARRY).settled is known.settled
    later = known.folded([settled(LAST + EIGHT, "0.0009")], LAST + EIGHT, CARRY)
    assert len(later.settled) == 101
    assert later.settled.newest_first(None, 1)[1][0].rate == D("0.0009")


def test_the_basis_soon_after_a_settlement_goes_with_its_print() -> None:
    known = history(3)
    assert known.seen_with(None, LAST) is known  # no price: the next cycle may have one
    noted = known.seen_with(D("7.5"), LAST + BASIS_WITHIN)
    assert [one.basis_bp for one in noted.settled.newest_first(None, 2)[1]] == [D("7.5"), None]
    assert noted.seen_with(D(9), LAST + BASIS_WITHIN) is noted  # the first one counts
    late = known.seen_with(D("7.5"), LAST + BASIS_WITHIN + timedelta(seconds=1))
    assert late.settled is known.settled
    assert not late.wants_basis
    again = noted.folded([settled(LAST + EIGHT)], LAST + EIGHT, CARRY)
    again = again.seen_with(D("-2"), LAST + EIGHT)
    assert [one.basis_bp for one in again.settled.newest_first(None, 2)[1]] == [D(-2), D("7.5")]


def test_nothing_is_behind_before_the_first_answer() -> None:
    assert not FundingHistory().is_behind(funding(), NOON)
