"""Ranking, limits and grants: who gets in, who leaves, and why not."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from actors.domain.account import AccountState, PerpHolding
from actors.domain.decisions import Action, RoundTrip, Stage, Verdict
from actors.domain.market import MarketSnapshot
from actors.domain.positions import PositionState
from actors.domain.risk import EquityMarks, entry_guards
from actors.domain.terms import Terms
from actors.orchestrator.granting import Grants, book_of, granted
from actors.orchestrator.ranking import ranked
from actors.strategy.messages import Proposal
from tests.builders import NOON, account, pair, pair_market

D = Decimal
TERMS = Terms()
RICH = account()


def proposal(
    base: str,
    score: str | None = "0.01",
    action: Action = Action.ENTER,
    state: PositionState = PositionState.FLAT,
    held: str = "0",
    expected_funding: str = "0.02",
) -> Proposal:
    verdict = Verdict(
        action,
        Stage.NET,
        (f"{action.value} {base}",),
        score=None if score is None else D(score),
        expected_funding=D(expected_funding),
        round_trip=RoundTrip(D("0.003"), D("0.0002"), D("0.0008")),
    )
    return Proposal(1, pair(base), state, verdict, pair_market(base), D(held))


def holding(base: str, brings: str, action: Action = Action.HOLD) -> Proposal:
    """``brings``: the funding still expected; its score counts a round trip that is sunk."""
    score = str(D(brings) - D("0.004"))
    return proposal(base, score, action, PositionState.OPEN, held="10", expected_funding=brings)


def grant(
    *proposals: Proposal,
    account: AccountState | None = RICH,
    guards: tuple[str, ...] = (),
    terms: Terms = TERMS,
    entries: bool = True,
    exits: bool = True,
) -> Grants:
    ranking = ranked(proposals)
    markets = tuple(one.market for one in ranking)
    seen = MarketSnapshot(1, NOON, markets, account)
    return granted(ranking, seen, guards, terms, entries=entries, exits=exits)


def entered(grants: Grants) -> list[str]:
    return [one.pair_key for one in grants.entries]


def left(grants: Grants) -> list[str]:
    return [one.pair_key for one in grants.exits]


def test_the_best_come_first_and_those_without_a_score_last() -> None:
    ranking = ranked([proposal("A", None), proposal("B", "0.01"), proposal("C", "0.03")])
    assert [one.pair.long.base for one in ranking] == ["C", "B", "A"]


def test_equal_scores_rank_by_name_whatever_order_they_came_in() -> None:
    assert ranked([proposal("B"), proposal("A")]) == ranked([proposal("A"), proposal("B")])


def test_places_are_given_to_the_best() -> None:
    terms = replace(TERMS, max_simultaneous_positions=2)
    grants = grant(proposal("A", "0.01"), proposal("B", "0.03"), proposal("C", "0.02"), terms=terms)
    assert entered(grants) == ["B-USDT", "C-USDT"]
    assert grants.refused["A-USDT"] == ("2 positions are held, the most allowed",)


def test_the_money_runs_out_before_the_margin_kept_free() -> None:
    poor = account("20000")
    grants = grant(*(proposal(name) for name in "ABC"), account=poor)
    spent = sum(one.notional_usdt for one in grants.entries)
    assert entered(grants) == ["A-USDT", "B-USDT"]
    assert spent * D("1.5") < D(20000) * D("0.9")
    assert "are kept free" in grants.refused["C-USDT"][0]


def test_caps_of_size_pair_and_exposure() -> None:
    risk = replace(TERMS.risk, max_total_exposure_usdt=D(12_000))
    caps = (("A-USDT", D(1_000)),)
    terms = replace(TERMS, risk=risk, max_position_size_per_pair=caps)
    sizes = {
        one.pair_key: one.notional_usdt
        for one in grant(proposal("A", "0.03"), proposal("B", "0.02"), terms=terms).entries
    }
    assert D(990) < sizes["A-USDT"] <= D(1_000)
    assert D(9_990) < sizes["B-USDT"] <= D(10_000)
    third = grant(proposal("A", "0.03"), proposal("B", "0.02"), proposal("C", "0.01"), terms=terms)
    assert D(990) < third.entries[2].notional_usdt <= D(1_010)


def test_a_guard_stops_entries_and_never_exits() -> None:
    grants = grant(
        proposal("A"), holding("B", "-0.01", Action.LEAVE), guards=("drawdown 12% is above 10%",)
    )
    assert (entered(grants), left(grants)) == ([], ["B-USDT"])
    assert grants.refused["A-USDT"] == ("drawdown 12% is above 10%",)


def test_an_unknown_account_lets_nobody_in() -> None:
    assert entered(grant(proposal("A"), account=None)) == []
    assert entry_guards(None, EquityMarks(), TERMS.risk) == ("the account is not known",)


def test_an_exposure_without_a_price_is_not_zero() -> None:
    held = holding("B", "0.01")
    blind = replace(held, market=replace(held.market, spot=None))
    grants = grant(proposal("A"), blind)
    assert entered(grants) == []
    assert "B-USDT has no price" in grants.refused["A-USDT"][0]
    assert book_of([blind])[1] == ("B-USDT",)


def test_paused_neither_enters_nor_leaves() -> None:
    grants = grant(proposal("A"), holding("B", "-0.01", Action.LEAVE), entries=False, exits=False)
    assert (entered(grants), left(grants)) == ([], [])


def test_danger_is_left_even_when_paused() -> None:
    short = PerpHolding("B/USDT:USDT", D(-10), D(90), D(100), D(104), D(-100))
    grants = grant(
        holding("B", "0.01"), account=account(perps=(short,)), entries=False, exits=False
    )
    (exit_grant,) = grants.exits
    assert exit_grant.urgent
    assert "4.0% from liquidation" in exit_grant.reasons[0]


def test_a_rotation_must_pay_for_itself() -> None:
    terms = replace(TERMS, max_simultaneous_positions=1, max_position_size_usdt=D(1_000))
    # Both have a notional of 1,000. One round trip is 0.4 %; the newcomer's score is after its own.
    assert left(grant(proposal("A", "0.0135"), holding("B", "0.010"), terms=terms)) == []
    grants = grant(proposal("A", "0.0145"), holding("B", "0.010"), terms=terms)
    assert left(grants) == ["B-USDT"]
    assert "makes room for A-USDT, expected to bring 4.50 USDT" in grants.exits[0].reasons[0]


def test_no_rotation_into_a_pair_that_would_hardly_fit() -> None:
    terms = replace(TERMS, max_simultaneous_positions=1, max_position_size_usdt=D(1_000))
    small = replace(terms, max_position_size_per_pair=(("A-USDT", D(300)),))
    assert left(grant(proposal("A", "0.0145"), holding("B", "0.010"), terms=small)) == []


def test_no_rotation_with_money_that_is_not_known() -> None:
    terms = replace(TERMS, max_simultaneous_positions=1, max_position_size_usdt=D(1_000))
    blind = replace(account(), available_usdt=None)
    pairs = (proposal("A", "0.0145"), holding("B", "0.010"))
    assert left(grant(*pairs, account=blind, terms=terms)) == []


def test_no_rotation_while_there_is_room() -> None:
    assert left(grant(proposal("A", "0.5"), holding("B", "0.010"))) == []


def test_guards_compare_with_the_day_and_the_peak() -> None:
    risk = TERMS.risk
    fine = EquityMarks(D(98_000), D(100_000), D(101_000))
    assert entry_guards(account(), fine, risk) == ()
    assert "loss of the day" in entry_guards(account(), replace(fine, now_usdt=D(96_900)), risk)[0]
    deep = EquityMarks(D(90_000), None, D(101_000))
    assert "drawdown" in entry_guards(account(), deep, risk)[0]


@given(
    scores=st.lists(st.integers(-50, 50), min_size=1, max_size=8),
    available=st.integers(0, 200_000),
    most=st.integers(1, 6),
)
def test_no_grants_break_a_limit(scores: list[int], available: int, most: int) -> None:
    terms = replace(TERMS, max_simultaneous_positions=most)
    proposals = [proposal(f"C{place}", str(D(one) / 1000)) for place, one in enumerate(scores)]
    grants = grant(*proposals, account=account(str(available)), terms=terms)
    assert len(grants.entries) <= most
    assert all(D(0) < one.notional_usdt <= terms.max_position_size_usdt for one in grants.entries)
    spent = sum((one.notional_usdt for one in grants.entries), D(0))
    assert spent <= terms.risk.max_total_exposure_usdt
    assert spent * (1 + 1 / terms.leverage) <= D(available) * D("0.9")
    assert set(grants.refused) | set(entered(grants)) == {one.pair.key for one in proposals}
