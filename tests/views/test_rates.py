"""The funding-rates page: each figure by hand, none from a second formula, unknown is None."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from actors.domain.decisions import Action, Held, Stage, Verdict
from actors.domain.funding import FundingPrint
from actors.domain.market import PairMarket
from actors.domain.policies import decide
from actors.domain.positions import PositionState
from actors.domain.settled_rates import NO_RATES
from actors.domain.signals import CarrySignal, Trend
from actors.domain.terms import PolicyName, Terms
from actors.orchestrator.messages import LastCycle, Opportunity
from actors.views import messages as ask
from actors.views.messages import ActionLabel, FundingRateView
from tests.builders import NOON, D, funding, pair_market, settled, ticker
from tests.views import facts
from tests.views.test_pages import Front

HOUR = timedelta(hours=1)
TERMS = Terms()


def judged(
    market: PairMarket,
    held: Held | None = None,
    terms: Terms = TERMS,
    granted: bool = False,
    more: Sequence[str] = (),
) -> Opportunity:
    """As a cycle reports it: with the verdict that the policy has."""
    verdict = decide(market, held, terms, NOON)
    reached = Stage.GRANTED if granted else verdict.reached
    state = PositionState.OPEN if held else PositionState.FLAT
    reasons = (*verdict.reasons, *more)
    return Opportunity(1, market.pair.key, market, state, verdict, reached, None, reasons)


HELD = Held("BTC-USDT#1", D(1), NOON - 1000 * HOUR, 100)


def line(market: PairMarket, one: Opportunity | None = None, **changes: Any) -> FundingRateView:
    opportunities = () if one is None else (one,)
    front = Front(facts.cycle([market], opportunities=opportunities, **changes))
    (row,) = front.ask(ask.GetFundingRates()).rates
    assert isinstance(row, FundingRateView)
    return row


def why_not(row: FundingRateView) -> dict[str, str]:
    return dict(row.unknown)


def test_the_figures_of_the_decision_by_hand() -> None:
    """3 bp per 8 hours for good: 90 prints in 30 days; 31 bp of fees, 2 of spread, 8 assumed."""
    market = pair_market(rate="0.0003")
    row = line(market, judged(market))
    assert row.round_trip == D("0.0041")
    assert row.round_trip_bp == 41
    assert row.expected_8h == D("0.0003")
    assert row.break_even_hours == D("109.4")  # 41 / 3 x 8 h = 109.33 h
    assert row.break_even_settlements == 14
    assert row.expected_net_bp == 270 - 41
    assert row.expected_net_per_1000_usdt == D("22.9")
    assert row.expected_net_apr == D("0.2786166667")  # 2.29 % x 365 / 30
    assert row.score == D("0.0229")
    assert (row.rank, row.action, row.fell_at) == (1, ActionLabel.BLOCKED, Stage.RISK)
    page = Front(facts.cycle([market])).ask(ask.GetFundingRates())
    assert (page.cycle, page.policy, page.horizon_hours) == (1, PolicyName.CARRY, 720)


def test_settlements_are_counted_at_the_present_interval() -> None:
    """The same 3 bp per 8 hours in hourly prints."""
    market = pair_market(rate="0.0003")
    market = replace(market, funding=replace(funding("0.0000375"), interval_hours=1))
    row = line(market, judged(market))
    assert (row.rate_8h, row.apr) == (D("0.0003"), D("0.3285"))
    assert (row.break_even_hours, row.break_even_settlements) == (D("109.4"), 110)


def test_prices_and_what_stands_at_the_touch() -> None:
    market = pair_market()
    spot = replace(
        ticker(market.pair.long, "100"), bid=D(99), ask=D(101), bid_quantity=D(7), ask_quantity=D(5)
    )
    perp = replace(
        ticker(market.pair.short, "102"),
        bid=D(102),
        ask=D(103),
        bid_quantity=D(4),
        ask_quantity=D(8),
    )
    row = line(replace(market, spot=spot, perp=perp))
    assert (row.base, row.spot_price, row.mark_price) == ("BTC", D(100), D(102))
    assert row.touch_entry_usdt == 408  # 4 x 102 of the perpetual's bid, less than 5 x 101
    assert row.touch_exit_usdt == 693  # 7 x 99 of spot's bid, less than 8 x 103
    assert row.basis_bp == 250


def test_what_the_venue_states_of_no_pair_is_said_once() -> None:
    page = Front(facts.cycle()).ask(ask.GetFundingRates())
    assert dict(page.unknown) == {
        "rate_cap": "the venue states no limits",
        "rate_floor": "the venue states no limits",
        "at_limit": "the venue states no limits",
        "touch_entry_usdt": "the venue's tickers state no quantities",
        "touch_exit_usdt": "the venue's tickers state no quantities",
    }


def test_a_rate_at_its_cap() -> None:
    market = pair_market(rate="0.02")
    capped = replace(market.funding, cap=D("0.02"), floor=D("-0.02"))  # type: ignore[type-var]
    row = line(replace(market, funding=capped))
    assert (row.rate_cap, row.rate_floor, row.at_limit) == (D("0.02"), D("-0.02"), True)


def prints(rates: Sequence[str], hours: int = 8) -> list[FundingPrint]:
    """The last one at noon."""
    return [
        settled(NOON - HOUR * hours * back, rate, hours)
        for back, rate in zip(reversed(range(len(rates))), rates, strict=True)
    ]


def test_the_percentile_is_against_its_own_history_per_8_hours() -> None:
    """40 prints of 1 bp and 40 of 3 bp; 1 bp of four hours is 2 bp per 8 hours."""
    known = NO_RATES.extended(prints(["0.0001"] * 40 + ["0.0003"] * 40))
    market = replace(
        pair_market(), settled=known, funding=replace(funding("0.0001"), interval_hours=4)
    )
    row = line(market)
    assert (row.percentile, row.history_prints) == (0.5, 80)
    short = replace(market, settled=NO_RATES.extended(prints(["0.0001"] * 12)))
    row = line(short)
    assert (row.percentile, row.history_prints) == (None, 12)
    assert why_not(row)["percentile"] == "12 prints are known; 30 over 240 hours are needed"


def test_the_trend_is_the_fast_mean_over_the_slow_one() -> None:
    signal = CarrySignal(0.0003, 0.0001, 1e-10, 400.0, 50, NOON)
    row = line(replace(pair_market(), signal=signal))
    assert (row.trend_8h, row.trend) == (0.0002, Trend.RISING)
    row = line(replace(pair_market(), signal=replace(signal, hours=80.0)))
    assert (row.trend_8h, row.trend) == (None, None)
    assert why_not(row)["trend"] == "80 hours of history are known; 336 are needed"


def test_a_pair_that_was_not_judged_shows_what_its_policy_would_see() -> None:
    """And no action: nobody has said what to do."""
    market = pair_market(rate="0.0003")
    row = line(market, silent_pairs=("BTC-USDT",))
    assert row.expected_net_bp == 229
    assert (row.action, row.score, row.fell_at) == (None, None, None)
    assert row.reason == "its strategy did not answer in time"
    assert line(market).reason == "not judged yet"


def test_a_pair_that_waits_keeps_its_figures() -> None:
    """Cooling down after a failed open, it has a verdict without any."""
    market = pair_market(rate="0.0003")
    cooling = Verdict(Action.STAY_OUT, Stage.SCANNED, ("cooling down until 16:00",))
    one = replace(judged(market), verdict=cooling, reached=Stage.SCANNED, reasons=cooling.reasons)
    row = line(market, one)
    assert (row.expected_net_bp, row.score) == (D(229), None)
    assert (row.action, row.fell_at) == (ActionLabel.STAY_OUT, Stage.DATA)
    assert row.reason == "cooling down until 16:00"


def test_stale_prices_give_no_figures_but_a_reason() -> None:
    market = pair_market()
    old = replace(market, spot=ticker(market.pair.long, at=NOON - timedelta(minutes=5)))
    row = line(old, judged(old))
    said = "spot price is 300 s old, more than 120 s"
    assert (row.round_trip, row.break_even_hours, row.expected_net_bp) == (None, None, None)
    assert why_not(row)["expected_net_bp"] == said
    assert (row.reason, row.fell_at) == (said, Stage.DATA)
    assert row.spot_price == 100  # shown with its age


def test_what_never_pays_never_breaks_even() -> None:
    market = pair_market(rate="-0.0001")
    row = line(market, judged(market))
    assert (row.break_even_hours, row.break_even_settlements) == (None, None)
    assert why_not(row)["break_even_hours"] == (
        "the expected funding never pays for the round trip"
    )
    assert row.expected_net_bp == -90 - 41
    assert row.expected_net_apr is not None
    assert row.expected_net_apr < 0


@pytest.mark.parametrize("policy", list(PolicyName))
@pytest.mark.parametrize("rate", ["-0.02", "-0.0005", "-0.00001"])
def test_a_rate_that_one_has_to_pay_is_no_opportunity(policy: PolicyName, rate: str) -> None:
    """Not even where its history was splendid."""
    terms = replace(TERMS, policy=policy)
    for past in ("0.002", rate):
        market = replace(pair_market(rate=rate), signal=pair_market(rate=past).signal)
        row = line(market, judged(market, terms=terms), terms=terms)
        assert row.action is ActionLabel.STAY_OUT
        assert row.fell_at is not None
        assert row.reason


def test_an_entry_that_is_let_in_and_one_that_is_not() -> None:
    market = pair_market(rate="0.0003")
    row = line(market, judged(market, granted=True))
    assert (row.action, row.fell_at) == (ActionLabel.ENTER, None)
    row = line(market, judged(market, more=["5 of 5 positions are taken"]))
    assert (row.action, row.fell_at) == (ActionLabel.BLOCKED, Stage.RISK)
    assert row.reason == "5 of 5 positions are taken"
    assert row.score == D("0.0229")


def test_what_is_held_is_kept_or_left() -> None:
    market = pair_market(rate="0.0003")
    row = line(market, judged(market, HELD))
    assert (row.action, row.fell_at) == (ActionLabel.HOLD, None)
    losing = pair_market(rate="-0.0003")
    low = replace(losing, recent_prints=tuple(prints(["-0.0003"] * 3)))
    assert line(low, judged(low, HELD)).action is ActionLabel.EXIT
    row = line(market, judged(market, HELD, more=["makes room for ETH-USDT"]))
    assert (row.action, row.reason) == (ActionLabel.EXIT, "makes room for ETH-USDT")


def test_held_is_what_stands_now() -> None:
    front = Front(facts.cycle())
    assert [one.held for one in front.ask(ask.GetFundingRates()).rates] == [False, False]
    front.tell(facts.status("ETH", PositionState.OPENING))
    assert [one.held for one in front.ask(ask.GetFundingRates()).rates] == [False, True]
    front.tell(facts.status("ETH", PositionState.FLAT))
    assert [one.held for one in front.ask(ask.GetFundingRates()).rates] == [False, False]


def test_the_page_changes_with_what_is_held_but_not_with_every_fill() -> None:
    front = Front(facts.cycle(), facts.status("ETH"))
    page = front.ask(ask.GetFundingRates())
    front.tell(facts.status("ETH", PositionState.CLOSING))
    assert front.ask(ask.GetFundingRates()) is page
    front.tell(facts.status("ETH", PositionState.FLAT))
    assert front.ask(ask.GetFundingRates()) is not page


def test_the_last_cycle_can_be_asked_for_but_never_replaces_a_newer_one() -> None:
    front = Front(LastCycle(None))
    assert front.ask(ask.GetFundingRates()).at is None
    front.tell(LastCycle(facts.cycle(number=4)))
    assert front.ask(ask.GetFundingRates()).cycle == 4
    front.tell(facts.cycle(number=5), LastCycle(facts.cycle(number=4)))
    assert front.ask(ask.GetFundingRates()).cycle == 5
