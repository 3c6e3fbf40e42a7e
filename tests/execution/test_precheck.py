"""Every reason not to open, before the first order."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from actors.domain.account import AccountState
from actors.domain.instruments import Pair
from actors.domain.market import Depth
from actors.domain.terms import FeeRates, RiskTerms, Terms
from actors.execution.precheck import Candidate, precheck

from .world import FEE, PAIR, PERP, SPOT, START, account, book, entry, seconds

TERMS = Terms(fees=FeeRates(spot_taker=FEE, perp_taker=FEE))
BOOKS = (book(SPOT), book(PERP))
AGE = timedelta(minutes=2)


def reasons(
    quantity: str = "10",
    *,
    pair: Pair = PAIR,
    has: AccountState | None = None,
    depths: tuple[Depth, ...] = BOOKS,
    reserved: str = "0",
    terms: Terms = TERMS,
) -> str:
    candidate = Candidate(pair, Decimal(quantity), entry(), terms)
    found = precheck(candidate, has or account(), depths, Decimal(reserved), START, AGE)
    return "; ".join(found)


def test_nothing_speaks_against_a_sound_entry() -> None:
    assert reasons() == ""


def test_what_it_takes_from_the_account() -> None:
    needed = Candidate(PAIR, Decimal(10), entry(), TERMS).needed_usdt
    spot, perp = Decimal("10.011") * 100, 10 * Decimal("100.1")
    assert needed == spot + perp / 2 + (spot + perp) * FEE


@pytest.mark.parametrize("quantity", ["0", "-1", "0.05", "10.05"])
def test_the_quantity_is_a_multiple_of_the_pairs_step(quantity: str) -> None:
    assert "step" in reasons(quantity)


def test_minima_of_both_legs() -> None:
    pricey = Pair(replace(SPOT, min_notional=Decimal("2000")), PERP)
    assert "SOL/USDT:" in reasons(pair=pricey)
    large = Pair(SPOT, replace(PERP, min_quantity=Decimal("11")))
    assert "SOL/USDT:USDT: 10 is below" in reasons(pair=large)


def test_the_largest_order_counts_grossed_up() -> None:
    tight = Pair(replace(SPOT, max_market_quantity=Decimal("10.01")), PERP)
    assert "largest market order" in reasons(pair=tight)
    roomy = Pair(replace(SPOT, max_market_quantity=Decimal("10.011")), PERP)
    assert reasons(pair=roomy) == ""


@pytest.mark.parametrize(
    ("usdt", "reserved", "enough"),
    # 1503.6 are needed; a tenth of the equity stays free.
    [("1700", "0", True), ("1660", "0", False), ("1700", "50", False), ("4000", "2000", True)],
)
def test_money_for_both_legs_and_the_margin_kept(usdt: str, reserved: str, enough: bool) -> None:
    assert (reasons(has=account(usdt), reserved=reserved) == "") is enough


def test_an_unknown_equity_is_a_reason() -> None:
    assert "equity is not known" in reasons(has=replace(account(), equity_usdt=None))


def test_unknown_money_is_neither_enough_nor_none() -> None:
    assert reasons(has=replace(account(), available_usdt=None)) == (
        "what the account has available is not known"
    )


def test_a_strained_margin_is_a_reason() -> None:
    assert "margin ratio" in reasons(has=replace(account(), margin_ratio=Decimal("0.51")))


def test_a_short_that_is_not_ours_is_a_reason() -> None:
    assert "not ours" in reasons(has=account(perp="-1"))


@pytest.mark.parametrize(
    ("depths", "words"),
    [
        (BOOKS[:1], "no order book of SOL/USDT:USDT"),
        ((book(SPOT, "10.01"), BOOKS[1]), "the spot book does not hold 10.011"),
        ((BOOKS[0], book(PERP, "9.9")), "the perp book does not hold 10"),
        ((book(SPOT, shift_bp="15.1"), BOOKS[1]), "the spot leg would slip 15.1 bp"),
        ((BOOKS[0], book(PERP, shift_bp="16")), "the perp leg would slip 16.0 bp"),
        ((book(SPOT, at=START - AGE - seconds(1)), BOOKS[1]), "is of 23:57:59"),
    ],
)
def test_both_books_bear_the_order(depths: tuple[Depth, ...], words: str) -> None:
    assert words in reasons(depths=depths)


def test_the_bound_itself_is_allowed() -> None:
    assert reasons(depths=(book(SPOT, shift_bp="15"), book(PERP, shift_bp="15"))) == ""
    loose = replace(TERMS, risk=RiskTerms(max_slippage_bp=Decimal("20")))
    assert reasons(depths=(book(SPOT, shift_bp="20"), BOOKS[1]), terms=loose) == ""
