"""The ledger only grows, by what balances, each key once."""

from dataclasses import replace
from decimal import Decimal

import pytest

from actors.domain.ledger import Account, EquityPoint, LedgerEntry
from actors.store import Store, StoreError
from tests.store.samples import D, at, equity, payment, trade, transaction


def test_transactions_come_back_in_booking_order(store: Store) -> None:
    booked = [transaction(3), transaction(1, position_id="BTC-USDT#1"), transaction(2)]
    with store.transaction() as tx:
        assert tx.ledger.book(booked[:2]) == 2
        assert tx.ledger.book(booked[2:]) == 1
    with store.transaction() as tx:
        assert list(tx.ledger.transactions()) == booked
        assert list(tx.ledger.transactions("BTC-USDT#1")) == [booked[1]]
        assert list(tx.ledger.transactions("BTC-USDT#2")) == []


def test_the_same_key_again_books_nothing(store: Store) -> None:
    with store.transaction() as tx:
        tx.ledger.book([transaction(1)])
        twice = transaction(2)
        assert tx.ledger.book([transaction(1), twice, twice]) == 1
        assert tx.ledger.book([]) == 0
        assert list(tx.ledger.transactions()) == [transaction(1), transaction(2)]


def test_the_same_key_with_other_content_is_refused(store: Store) -> None:
    with store.transaction() as tx:
        tx.ledger.book([transaction(1)])
    for other in (transaction(1, D("1.6")), replace(transaction(1), note="otherwise")):
        with pytest.raises(StoreError, match="otherwise"), store.transaction() as tx:
            tx.ledger.book([transaction(2), other])
    with pytest.raises(StoreError, match="otherwise"), store.transaction() as tx:
        tx.ledger.book([transaction(2), transaction(2, D(7))])
    with store.transaction() as tx:
        assert list(tx.ledger.transactions()) == [transaction(1)]


def test_what_does_not_balance_is_refused(store: Store) -> None:
    whole = transaction(1)
    off = replace(whole, entries=whole.entries[:3])
    with pytest.raises(ValueError, match="sum to"), store.transaction() as tx:
        tx.ledger.book([transaction(2), off])
    with store.transaction() as tx:
        assert list(tx.ledger.transactions()) == []


def test_a_transaction_that_moves_nothing_is_on_record(store: Store) -> None:
    """A fill without fee and result: booked, so that it is not asked about again."""
    still = replace(transaction(1), entries=())
    with store.transaction() as tx:
        tx.ledger.book([still, transaction(2)])
        assert tx.ledger.book([still]) == 0
        assert list(tx.ledger.transactions()) == [still, transaction(2)]


def test_balances_are_exact_beyond_28_digits(store: Store) -> None:
    amounts = [D("123456789012345678901234.5"), D("0.000000000000000000001"), D("-0.5")]
    with store.transaction() as tx:
        tx.ledger.book([transaction(n, amount) for n, amount in enumerate(amounts)])
        assert tx.ledger.balances() == {
            "BTC": D("123456789012345678901234.000000000000000000001"),
            "USDT": D("-0.30"),
        }


def test_many_at_once(store: Store) -> None:
    many = [transaction(n) for n in range(1_201)]
    with store.transaction() as tx:
        assert tx.ledger.book(many) == 1_201
        assert tx.ledger.book(many) == 0
        assert sum(1 for _ in tx.ledger.transactions()) == 1_201


def test_only_wallets_count_as_balance(store: Store) -> None:
    entries = (
        LedgerEntry(Account.FEES, "BNB", D(1)),
        LedgerEntry(Account.ADJUSTMENT, "BNB", D(-1)),
    )
    with store.transaction() as tx:
        tx.ledger.book([replace(transaction(1), entries=entries)])
        assert tx.ledger.balances() == {}


def test_how_far_fills_are_booked(store: Store) -> None:
    with store.transaction() as tx:
        assert tx.ledger.booked_fill_seq() == 0
        tx.ledger.set_booked_fill_seq(7)
        tx.ledger.set_booked_fill_seq(12)
    with store.transaction() as tx:
        assert tx.ledger.booked_fill_seq() == 12


def test_payments_are_recorded_once(store: Store) -> None:
    with store.transaction() as tx:
        assert tx.ledger.last_payment_at("paper") is None
        assert tx.ledger.add_payments([payment(2), payment(1)], ["BTC-USDT#1", None]) == 2
        assert tx.ledger.add_payments([payment(1), payment(1, "other")], ["BTC-USDT#9", None]) == 1
        assert tx.ledger.add_payments([], []) == 0
        twice = payment(3, "other")
        assert tx.ledger.add_payments([twice, twice], [None, None]) == 1
    with store.transaction() as tx:
        assert tx.ledger.payments() == [payment(2), payment(1), payment(1, "other"), twice]
        assert tx.ledger.payments("BTC-USDT#1") == [payment(2)]
        assert [of for _, of in tx.ledger.assigned_payments()] == ["BTC-USDT#1", None, None, None]
        assert tx.ledger.last_payment_at("paper") == payment(2).at
        assert tx.ledger.last_payment_at("other") == twice.at


def test_a_payment_may_not_change(store: Store) -> None:
    with store.transaction() as tx:
        tx.ledger.add_payments([payment(1)], [None])
    with pytest.raises(StoreError, match="otherwise"), store.transaction() as tx:
        tx.ledger.add_payments([replace(payment(1), amount=D("1.24"))], [None])
    with pytest.raises(ValueError, match="zip"), store.transaction() as tx:
        tx.ledger.add_payments([payment(2)], [])


def test_equity_by_time_and_each_instant_once(store: Store) -> None:
    with store.transaction() as tx:
        for number in (2, 1, 3):
            tx.ledger.add_equity(equity(number))
        tx.ledger.add_equity(EquityPoint(equity(2).at, D(0), D(0), D(0)))
    with store.transaction() as tx:
        assert tx.ledger.equity() == [equity(1), equity(2), equity(3)]
        assert tx.ledger.equity(since=equity(2).at) == [equity(2), equity(3)]


def test_trades_are_recorded_once(store: Store) -> None:
    with store.transaction() as tx:
        assert tx.ledger.add_trade(trade(2))
        assert tx.ledger.add_trade(trade(1))
        assert not tx.ledger.add_trade(trade(2))
        assert tx.ledger.trades() == [trade(2), trade(1)]
    with pytest.raises(StoreError, match="otherwise"), store.transaction() as tx:
        tx.ledger.add_trade(replace(trade(1), pnl=replace(trade(1).pnl, funding=Decimal(1))))


def test_an_equity_point_of_another_zone_is_the_same_instant(store: Store) -> None:
    point = equity(1)
    with store.transaction() as tx:
        tx.ledger.add_equity(point)
        assert tx.ledger.equity(since=at(60)) == [point]
        assert tx.ledger.equity(since=at(60.0001)) == []
