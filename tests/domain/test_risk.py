"""What stops entries; how much room is left is tested with the grants that use it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from actors.domain.account import AccountState, PerpHolding
from actors.domain.risk import (
    Book,
    EquityMarks,
    endangered,
    entry_guards,
    liquidation_distance,
    room_for,
)
from actors.domain.terms import RiskTerms, Terms
from tests.domain.builders import NOW, PERP, D

RISK = RiskTerms()
FINE = AccountState("alpha", NOW, (), (), D(1000), D(1000), D(0), D(0), None)
UNMARKED = EquityMarks()


def short(mark: str | None, liquidation: str | None) -> PerpHolding:
    return PerpHolding(
        PERP.symbol,
        D(-1),
        D(100),
        None if mark is None else D(mark),
        None if liquidation is None else D(liquidation),
        None,
    )


def test_a_fine_account_is_let_in() -> None:
    assert entry_guards(FINE, UNMARKED, RISK, NOW, D("0.9999")) == ()


@pytest.mark.parametrize(
    ("account", "reason"),
    [
        (None, "account is not known"),
        (replace(FINE, equity_usdt=None), "equity is not known"),
        (replace(FINE, margin_ratio=D("0.51")), "margin ratio 51.0% is above 50.0%"),
        (replace(FINE, perps=(short("100", "114"),)), "14.0% from liquidation"),
        (replace(FINE, at=NOW - timedelta(minutes=3)), "state is 180 s old"),
    ],
)
def test_what_is_wrong_with_the_account_is_named(account: AccountState | None, reason: str) -> None:
    (guard,) = entry_guards(account, UNMARKED, RISK, NOW)
    assert reason in guard


@pytest.mark.parametrize("price", ["0.98", "1.02"])
def test_a_lost_peg_stops_entries(price: str) -> None:
    (guard,) = entry_guards(FINE, UNMARKED, RISK, NOW, D(price))
    assert "off its peg" in guard


def test_losses_are_measured_by_the_account_while_the_curve_is_silent() -> None:
    marks = EquityMarks(None, day_start_usdt=D(1040), peak_usdt=D(1200))
    assert len(entry_guards(FINE, marks, RISK, NOW)) == 2
    assert entry_guards(FINE, replace(marks, now_usdt=D(1200)), RISK, NOW) == ()


def test_the_distance_to_liquidation_of_either_side() -> None:
    assert liquidation_distance(short("100", "130")) == D("0.3")
    assert liquidation_distance(replace(short("100", "80"), quantity=D(1))) == D("0.2")
    assert liquidation_distance(short(None, "130")) is None
    assert liquidation_distance(short("100", None)) is None


def test_only_what_is_near_its_end_is_left_at_once() -> None:
    account = replace(FINE, perps=(short("100", "108"), short("100", None)))
    assert endangered(account, RISK) == ()
    near = replace(FINE, perps=(short("100", "107"),))
    assert [symbol for symbol, _ in endangered(near, RISK)] == [PERP.symbol]


def test_an_entry_leaves_the_free_margin_it_must() -> None:
    terms = Terms()
    account = replace(FINE, equity_usdt=D(10_000), available_usdt=D(10_000))
    room = room_for("AAA-USDT", Book(), account, terms)
    assert room.notional_usdt > 5_000
    fees = terms.fees.spot_taker + terms.fees.perp_taker
    left = D(10_000) - room.notional_usdt * (1 + 1 / terms.leverage + fees)
    assert left >= D(10_000) * terms.risk.min_free_margin_fraction


def test_what_is_available_must_be_known() -> None:
    room = room_for("AAA-USDT", Book(), replace(FINE, available_usdt=None), Terms())
    assert (room.notional_usdt, room.reasons) == (D(0), ("what is available is not known",))
