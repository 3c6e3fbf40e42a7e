"""Both policies on one quiet pair, with one thing changed at a time."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from actors.domain.decisions import Action, Held, Stage, Verdict
from actors.domain.market import PairMarket
from actors.domain.policies import decide
from actors.domain.terms import CarryTerms, PolicyName, Terms, ThresholdTerms
from tests.domain.builders import NOW, PERP, SPOT, D, hours, pair_market, signal_of, ticker

CARRY = Terms(
    policy=PolicyName.CARRY,
    carry=CarryTerms(
        fast_half_life_hours=72,
        slow_half_life_hours=504,
        horizon_hours=720,
        reversion_half_life_hours=240,
        min_history_hours=336,
        entry_margin_round_trips=0.5,
        exit_margin_round_trips=0.0,
        min_hold_hours=72,
    ),
)
THRESHOLD = Terms(policy=PolicyName.THRESHOLD)
BOTH = pytest.mark.parametrize("terms", [CARRY, THRESHOLD], ids=["carry", "threshold"])
GOOD = pair_market()
BAD = pair_market("-0.0002", -0.0002, ("-0.0002",) * 3)


def held(since_hours: float = 1000, settlements: int = 125) -> Held:
    return Held("AAA-USDT#1", D(1), NOW - hours(since_hours), settlements)


def judged(
    market: PairMarket, terms: Terms, mine: Held | None = None, at: datetime = NOW
) -> Verdict:
    verdict = decide(market, mine, terms, at)
    assert verdict.reasons
    allowed = {Action.HOLD, Action.LEAVE} if mine else {Action.ENTER, Action.STAY_OUT}
    assert verdict.action in allowed
    return verdict


@BOTH
def test_a_good_pair_is_entered_and_kept(terms: Terms) -> None:
    verdict = judged(GOOD, terms)
    assert (verdict.action, verdict.reached) == (Action.ENTER, Stage.NET)
    assert verdict.round_trip is not None
    # 0.0003 per 8 hours for 30 days.
    assert verdict.expected_funding == D("0.027")
    assert verdict.score == D("0.027") - verdict.round_trip.total
    assert verdict.horizon_hours == 720
    assert verdict.break_even_hours is not None
    assert judged(GOOD, terms, held()).action is Action.HOLD


@BOTH
def test_a_bad_pair_is_kept_out_and_left(terms: Terms) -> None:
    assert judged(BAD, terms).action is Action.STAY_OUT
    assert judged(BAD, terms, held()).action is Action.LEAVE


@BOTH
@pytest.mark.parametrize(
    ("market", "reason"),
    [
        (replace(BAD, spot=None), "no spot bid and ask"),
        (replace(BAD, perp=ticker(PERP, ask=None)), "no perpetual bid and ask"),
        (replace(BAD, funding=None), "no predicted funding rate"),
        (replace(BAD, signal=None), "no settled funding history"),
        (replace(BAD, spot=ticker(SPOT, as_of=NOW - hours(3))), "spot price is 10,800 s old"),
        (pair_market(None, -0.001, ("-0.001",) * 3), "no predicted funding rate"),
    ],
)
def test_nothing_is_entered_or_left_for_lack_of_data(
    terms: Terms, market: PairMarket, reason: str
) -> None:
    for mine, action in ((None, Action.STAY_OUT), (held(), Action.HOLD)):
        verdict = judged(market, terms, mine)
        assert (verdict.action, verdict.reached) == (action, Stage.SCANNED)
        assert any(reason in one for one in verdict.reasons)


@BOTH
def test_what_the_market_room_misses_keeps_out_but_does_not_hold(terms: Terms) -> None:
    note = ("the index price is not known",)
    assert judged(replace(GOOD, missing=note), terms).reasons == note
    assert judged(replace(BAD, missing=note), terms, held()).action is Action.LEAVE


@BOTH
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"spot": ticker(SPOT, volume="4999999")}, "spot volume 4,999,999 USDT / 24h"),
        ({"perp": ticker(PERP, volume=None)}, "perpetual volume of 24h is not known"),
        ({"spot": ticker(SPOT, "99.8", "100.2")}, "spot spread 40.0 bp is above 20 bp"),
        ({"perp": ticker(PERP, "101.99", "102.01")}, "basis +200.0 bp is beyond 150 bp"),
    ],
)
def test_a_thin_or_wide_pair_is_not_entered_but_can_be_left(
    terms: Terms, change: dict[str, object], reason: str
) -> None:
    verdict = judged(replace(GOOD, **change), terms)  # type: ignore[arg-type]
    assert (verdict.action, verdict.reached) == (Action.STAY_OUT, Stage.DATA)
    assert any(reason in one for one in verdict.reasons)
    assert judged(replace(BAD, **change), terms, held()).action is Action.LEAVE  # type: ignore[arg-type]


@BOTH
def test_lists_of_pairs(terms: Terms) -> None:
    denied = replace(terms, deny_pairs=("AAA-USDT",))
    assert judged(GOOD, denied).reasons == ("AAA-USDT is on the deny list",)
    assert judged(GOOD, denied, held()).action is Action.HOLD
    others = replace(terms, allow_pairs=("BBB-USDT",))
    assert judged(GOOD, others).reasons == ("AAA-USDT is not on the allow list",)
    assert judged(GOOD, replace(terms, allow_pairs=("AAA-USDT",))).action is Action.ENTER


@BOTH
def test_one_low_reading_closes_nothing(terms: Terms) -> None:
    one = pair_market("-0.0002", -0.0002, ("0.0003", "0.0003", "-0.0002"))
    two = pair_market("-0.0002", -0.0002, ("0.0003", "-0.0002", "-0.0002"))
    assert judged(one, terms, held()).action is Action.HOLD
    assert judged(two, terms, held()).action is Action.LEAVE


def test_minimum_holds() -> None:
    assert judged(BAD, CARRY, held(since_hours=71.9)).action is Action.HOLD
    assert judged(BAD, CARRY, held(since_hours=72)).action is Action.LEAVE
    assert judged(BAD, THRESHOLD, held(settlements=2)).action is Action.HOLD
    assert judged(BAD, THRESHOLD, held(settlements=3)).action is Action.LEAVE


def test_thresholds_are_met_exactly_and_per_8_hours() -> None:
    def action(predicted: str, interval: int, mine: Held | None = None) -> Action:
        recent = (predicted,) * 3
        return judged(pair_market(predicted, 0.0, recent, interval), THRESHOLD, mine).action

    assert action("0.0003", 8) is Action.ENTER
    assert action("0.00029999", 8) is Action.STAY_OUT
    assert action("0.00015", 4) is Action.ENTER
    assert action("0.00015", 8) is Action.STAY_OUT
    assert action("0.0001", 8, held()) is Action.HOLD
    assert action("0.00009999", 8, held()) is Action.LEAVE
    assert action("0.00005", 4, held()) is Action.HOLD
    at_the_limit = pair_market("0.0001", 0.0, ("0.00009",) * 3)
    assert judged(at_the_limit, THRESHOLD, held()).action is Action.HOLD
    assert action("0.0000125", 1, held()) is Action.HOLD
    assert action("0.0000124", 1, held()) is Action.LEAVE


def test_a_rate_is_named_with_its_period() -> None:
    verdict = judged(pair_market("0.000105", 0.0, (), 4), THRESHOLD)
    assert verdict.reasons == ("predicted 0.0210% / 8h (4h symbol) is below 0.0300% / 8h",)


def test_costs_do_not_move_the_threshold() -> None:
    poor = pair_market("0.0003", -0.001)
    verdict = judged(poor, THRESHOLD)
    assert verdict.action is Action.ENTER
    assert verdict.score is not None
    assert verdict.score < 0


def test_carry_enters_only_beyond_the_round_trip_and_its_margin() -> None:
    cost = judged(GOOD, CARRY).round_trip
    assert cost is not None
    needed_8h = float(cost.total) * 1.5 / 90
    for signal_8h, action in (
        (needed_8h * 1.01, Action.ENTER),
        (needed_8h * 0.99, Action.STAY_OUT),
    ):
        market = replace(GOOD, signal=signal_of(signal_8h))
        verdict = judged(market, CARRY)
        assert verdict.action is action
        assert verdict.reached is (Stage.NET if action is Action.ENTER else Stage.RATE)


def test_carry_does_not_enter_while_the_short_pays_or_the_history_is_short() -> None:
    verdict = judged(pair_market("-0.0000001"), CARRY)
    assert (verdict.action, verdict.reached) == (Action.STAY_OUT, Stage.LIQUID)
    assert judged(pair_market("0"), CARRY).action is Action.ENTER
    young = replace(GOOD, signal=signal_of(0.0003, 335))
    assert judged(young, CARRY).reasons == ("335 hours of funding history, 336 are needed",)
    assert judged(young, CARRY, held()).action is Action.HOLD


def test_carry_keeps_what_it_would_not_enter() -> None:
    lean = pair_market("0.00001", 0.00001, ("0.00001",) * 3)
    assert judged(lean, CARRY).action is Action.STAY_OUT
    assert judged(lean, CARRY, held()).action is Action.HOLD


def test_carry_ignores_a_predicted_rate_below_zero_while_held() -> None:
    assert judged(pair_market("-0.001", 0.0003), CARRY, held()).action is Action.HOLD


@BOTH
def test_a_quote_at_the_limit_of_its_age_is_fresh(terms: Terms) -> None:
    limit = terms.risk.max_quote_age
    assert judged(GOOD, terms, at=NOW + limit).action is Action.ENTER
    assert judged(GOOD, terms, at=NOW + limit + timedelta(seconds=1)).action is Action.STAY_OUT


def test_the_entry_rate_must_lie_above_the_exit_rate() -> None:
    with pytest.raises(ValueError, match="above the exit rate"):
        ThresholdTerms(D("0.0001"), D("0.0001"))
