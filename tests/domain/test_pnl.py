"""A position's result against a naive cash account in fractions: equal to the last digit."""

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.domain.instruments import Market
from actors.domain.ledger import Account
from actors.domain.ledger_entries import (
    account_total,
    fill_transaction,
    funding_transaction,
    wallet_balances,
)
from actors.domain.orders import Fill, Side
from actors.domain.payments import FundingPayment
from actors.domain.pnl import Marks, UnknownPrice, closed_trade, position_pnl
from actors.domain.position_book import PositionBook, in_order
from tests.domain.builders import NOW, PAIR, D, fill, hours, payment, position_with

amounts = st.decimals(min_value="0.000001", max_value=10_000, places=6).filter(bool)
prices = st.decimals(min_value="0.0000001", max_value=100_000, places=10).filter(bool)
fee_rates = st.decimals(min_value="-0.0005", max_value="0.002", places=5)
cash = st.decimals(min_value=-1000, max_value=1000, places=12)


@dataclass(frozen=True)
class History:
    fills: tuple[Fill, ...]
    payments: tuple[FundingPayment, ...]


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Both legs opened and closed in parts, fees in any of the two coins, coins left over."""
    fills: list[Fill] = []

    def add(market: Market, side: Side, quantity: Decimal) -> Decimal:
        price, rate = draw(prices), draw(fee_rates)
        in_base = market is Market.SPOT and draw(st.booleans())
        fee = quantity * rate if in_base else quantity * price * rate
        coin = "AAA" if in_base else "USDT"
        at, number = NOW + timedelta(minutes=len(fills)), len(fills)
        fills.append(fill(market, side, quantity, price, fee, coin, at, number))
        change = quantity if side is Side.BUY else -quantity
        return change - fee if in_base else change

    short = Decimal(0)
    for part in draw(st.lists(amounts, min_size=1, max_size=3)):
        short -= add(Market.PERP, Side.SELL, part)
    held = Decimal(0)
    for part in draw(st.lists(amounts, min_size=1, max_size=3)):
        held += add(Market.SPOT, Side.BUY, part)
    while short and draw(st.booleans()):
        part = min(short, draw(amounts))
        add(Market.PERP, Side.BUY, part)
        short -= part
    if short:
        add(Market.PERP, Side.BUY, short)
    for _ in range(draw(st.integers(1, 3))):
        part = min(held / 2, draw(amounts)).quantize(Decimal("0.000001"))
        if part > 0:
            held += add(Market.SPOT, Side.SELL, part)
    paid = draw(st.lists(cash, max_size=4))
    return History(
        tuple(fills), tuple(payment(amount, number) for number, amount in enumerate(paid))
    )


def naive_cash(history: History) -> tuple[Fraction, Fraction]:
    """(quote, base) coins that really came in, less those that went out."""
    quote, base = Fraction(0), Fraction(0)
    for one in history.fills:
        sign = 1 if one.side is Side.BUY else -1
        # Flat at the end, a perpetual has brought exactly what it was sold for less what it cost.
        quote -= sign * Fraction(one.quantity) * Fraction(one.price)
        if one.market is Market.SPOT:
            base += sign * Fraction(one.quantity)
        if one.fee_coin == "USDT":
            quote -= Fraction(one.fee)
        else:
            base -= Fraction(one.fee)
    return quote + sum(Fraction(one.amount) for one in history.payments), base


@given(histories())
def test_net_is_the_true_change_of_the_account(history: History) -> None:
    trade = closed_trade(position_with(history.fills), history.payments)
    assert trade is not None
    quote, base = naive_cash(history)
    assert trade.dust_quantity == base
    dust_price = trade.exit_spot_price or trade.entry_spot_price
    assert dust_price is not None
    pnl = trade.pnl
    assert Fraction(pnl.net) == quote + base * Fraction(dust_price)


@given(histories())
def test_the_ledger_holds_what_the_account_holds(history: History) -> None:
    book = PositionBook(PAIR)
    booked = []
    for one in in_order(history.fills):
        before = book.perp_realised
        book.add(one, None, {})
        booked.append(fill_transaction(one, "x", book.perp_realised - before))
    booked += [funding_transaction(one, "x") for one in history.payments]
    quote, base = naive_cash(history)
    wallet = wallet_balances(booked)
    assert Fraction(wallet.get("USDT", D(0))) == quote
    assert Fraction(wallet.get("AAA", D(0))) == base
    funding = sum((one.amount for one in history.payments), D(0))
    assert -account_total(booked, Account.FUNDING, "USDT") == funding


@given(histories(), prices, prices)
def test_realised_and_marked_results_meet(history: History, spot: Decimal, perp: Decimal) -> None:
    """Half-way too, the total is cash so far plus what is held at the marks."""
    half = replace_fills(history, len(history.fills) // 2)
    open_position = position_with(half.fills, closed=False)
    result = position_pnl(open_position, half.payments, Marks(spot, perp))
    assert result.total is not None
    quote, base = naive_cash(half)
    worth = base * Fraction(spot) + Fraction(result.perp_quantity) * Fraction(perp)
    assert Fraction(result.total.net) == quote + worth
    assert result.delta == result.spot_quantity + result.perp_quantity


def replace_fills(history: History, count: int) -> History:
    return replace(history, fills=history.fills[:count])


ROUND_TRIP = (
    fill(Market.SPOT, Side.BUY, "1.01", "100.1", "0.00101", "AAA", NOW, 1),
    fill(Market.PERP, Side.SELL, "1", "100.2", "0.05511", "USDT", NOW, 2),
    fill(Market.SPOT, Side.SELL, "1", "120", "0.12", "USDT", NOW + hours(10), 3),
    fill(Market.PERP, Side.BUY, "1", "119.9", "0.065945", "USDT", NOW + hours(10), 4),
)


def test_a_round_trip_by_hand() -> None:
    position = position_with(ROUND_TRIP, exit_price="120")
    trade = closed_trade(position, [payment("0.5"), payment("-0.2", 2)])
    assert trade is not None
    # 1.00899 coins cost 100.1 each and are worth 120 each, sold or left over.
    assert trade.pnl.spot_price == D("1.00899") * (120 - D("100.1"))
    assert trade.pnl.perp_price == D("-19.7")
    assert trade.pnl.funding == D("0.3")
    assert trade.pnl.fees_spot == -(D("0.00101") * D("100.1") + D("0.12"))
    assert trade.pnl.fees_perp == D("-0.121055")
    # Bought 0.1 above and sold 0.2 above what the entry saw; at the exit 0 and 0.1 better.
    assert trade.pnl.slippage == -D("0.101") + D("0.2") + D("0.1")
    assert (trade.quantity, trade.notional_usdt) == (D(1), D("100.1"))
    assert trade.dust_quantity == D("0.00899")
    assert (trade.entry_spot_price, trade.exit_perp_price) == (D("100.1"), D("119.9"))
    assert trade.entry_at == NOW + hours(1)
    assert not trade.failed_open


def test_slippage_is_unknown_where_the_exit_saw_no_price() -> None:
    trade = closed_trade(position_with(ROUND_TRIP, exit_price=None), [])
    assert trade is not None
    assert trade.pnl.slippage is None


def test_what_is_mended_before_the_hedge_stood_belongs_to_the_entry() -> None:
    mended = (
        fill(Market.SPOT, Side.BUY, "2", "100", number=1),
        fill(Market.SPOT, Side.SELL, "1", "99", at=NOW + hours(0.5), number=2),
        fill(Market.SPOT, Side.SELL, "1", "119", at=NOW + hours(10), number=3),
    )
    trade = closed_trade(position_with(mended, exit_price="120"), [])
    assert trade is not None
    # One below the 100 of the entry, one below the 120 of the exit.
    assert trade.pnl.slippage == -2


def test_a_failed_open_has_its_cost_and_no_perp_prices() -> None:
    fills = (
        fill(Market.SPOT, Side.BUY, "1", "100", "0.1", "USDT", NOW, 1),
        fill(Market.SPOT, Side.SELL, "1", "99", "0.099", "USDT", NOW + hours(0.1), 2),
    )
    trade = closed_trade(position_with(fills, opened=False), [])
    assert trade is not None
    assert trade.failed_open
    assert trade.pnl.net == D("-1.199")
    assert (trade.entry_perp_price, trade.exit_perp_price) == (None, None)
    assert (trade.quantity, trade.notional_usdt) == (D(1), D(100))


def test_what_never_filled_is_no_trade() -> None:
    assert closed_trade(position_with([]), []) is None


def test_an_open_position_is_no_closed_trade() -> None:
    with pytest.raises(ValueError, match="not closed"):
        closed_trade(position_with(ROUND_TRIP, closed=False), [])
    with pytest.raises(ValueError, match="holds -1 perpetuals"):
        closed_trade(position_with(ROUND_TRIP[:3]), [])


def test_a_fee_in_a_third_coin_needs_its_price() -> None:
    odd = replace(ROUND_TRIP[3], fee=D("0.001"), fee_coin="BNB")
    position = position_with((*ROUND_TRIP[:3], odd))
    with pytest.raises(UnknownPrice, match="BNB"):
        closed_trade(position, [])
    trade = closed_trade(position, [], (("BNB", D(600)),))
    assert trade is not None
    assert trade.pnl.fees_perp == D("-0.05511") - D("0.6")


def test_a_missing_mark_leaves_the_total_unknown() -> None:
    position = position_with(ROUND_TRIP[:2], closed=False)
    result = position_pnl(position, [payment("0.5")], Marks(D(101), None))
    assert result.total is None
    assert result.missing == ("no price for AAA/USDT:USDT",)
    assert result.realised.funding == D("0.5")
    assert result.notional_usdt == D("1.00899") * D("100.1")
    assert (result.entry_spot_price, result.entry_perp_price) == (D("100.1"), D("100.2"))
