from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.domain.instruments import Market
from actors.domain.ledger import Account, EntryKind, LedgerEntry, LedgerTransaction
from actors.domain.ledger_entries import (
    Unbalanced,
    adjustment_transaction,
    capital_transaction,
    check_balanced,
    coins_of,
    fill_transaction,
    funding_transaction,
    wallet_balances,
)
from actors.domain.orders import Side
from tests.domain.builders import NOW, D, fill, payment

amounts = st.decimals(min_value="-1e15", max_value="1e15", places=18)


def test_a_spot_buy_with_a_base_fee() -> None:
    booked = fill_transaction(fill(Market.SPOT, Side.BUY, "2", "100", "0.002", "AAA"), "x#1")
    assert set(booked.entries) == {
        LedgerEntry(Account.WALLET, "AAA", D(2)),
        LedgerEntry(Account.TRADING, "AAA", D(-2)),
        LedgerEntry(Account.WALLET, "USDT", D(-200)),
        LedgerEntry(Account.TRADING, "USDT", D(200)),
        LedgerEntry(Account.WALLET, "AAA", D("-0.002")),
        LedgerEntry(Account.FEES, "AAA", D("0.002")),
    }
    assert (booked.key, booked.position_id) == ("fill:alpha:f1", "x#1")


def test_a_short_is_not_a_cash_sale() -> None:
    booked = fill_transaction(fill(Market.PERP, Side.SELL, "2", "100", "0.11"), "x#1")
    assert wallet_balances([booked]) == {"USDT": D("-0.11")}


def test_a_closed_perpetual_moves_its_result_and_fee() -> None:
    buy = fill(Market.PERP, Side.BUY, "2", "100", "0.11")
    assert wallet_balances([fill_transaction(buy, "x#1", D(7))]) == {"USDT": D("6.89")}


@given(st.lists(amounts, max_size=6))
def test_balances_are_sums_to_the_last_digit(paid: list[Decimal]) -> None:
    booked = [capital_transaction(str(n), "alpha", NOW, "USDT", a) for n, a in enumerate(paid)]
    booked += [funding_transaction(payment(amount.copy_negate()), None) for amount in paid]
    assert wallet_balances(booked) == {}


def test_an_unbalanced_transaction_is_refused() -> None:
    lost = LedgerEntry(Account.WALLET, "USDT", D(1))
    other = LedgerEntry(Account.FEES, "AAA", D(-1))
    with pytest.raises(Unbalanced):
        check_balanced(LedgerTransaction("k", NOW, EntryKind.FILL, "alpha", (lost, other)))


def test_an_adjustment_needs_its_reason() -> None:
    with pytest.raises(ValueError, match="reason"):
        adjustment_transaction("k", "alpha", NOW, "USDT", D(1), "")


@pytest.mark.parametrize(
    ("symbol", "coins"),
    [("BTC/USDT", ("BTC", "USDT")), ("1000PEPE/USDT:USDT", ("1000PEPE", "USDT"))],
)
def test_coins_of_a_symbol(symbol: str, coins: tuple[str, str]) -> None:
    assert coins_of(symbol) == coins


def test_a_nameless_symbol_is_refused() -> None:
    with pytest.raises(ValueError, match="BTCUSDT"):
        coins_of("BTCUSDT")
