"""What the PnL actor puts on record in a transaction of the store, and reads back at a start."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from actors.domain.account import AccountState
from actors.domain.ledger import LedgerTransaction
from actors.domain.ledger_entries import funding_transaction
from actors.domain.payments import FundingPayment
from actors.domain.pnl import CoinPrices, closed_trade
from actors.domain.positions import Position
from actors.domain.results import ClosedTrade
from actors.pnl.book import LedgerState, PositionAccount, restored
from actors.pnl.booking import (
    book_fill,
    book_opening,
    moved_until,
    why_not_opening,
)
from actors.store import Transaction

_OPENED_AT = "pnl.opened_at"
_COIN_PRICES = "pnl.coin_prices:"


def read_state(tx: Transaction, counts: Collection[int] = ()) -> LedgerState:
    """Everything on record, folded; with the flows after so many transactions each."""
    booked_seq = tx.ledger.booked_fill_seq()
    return restored(
        transactions=tx.ledger.transactions(),
        fills=(fill for seq, _, fill in tx.positions.fills_after(0) if seq <= booked_seq),
        positions=tx.positions.all(),
        payments=tx.ledger.assigned_payments(),
        traded=[trade.position_id for trade in tx.ledger.trades()],
        counts=counts,
    )


def opened_at(tx: Transaction) -> datetime | None:
    """When the account was what the ledger began with; None before its opening was booked."""
    text = tx.state.get(_OPENED_AT)
    return None if text is None else datetime.fromisoformat(json.loads(text))


def record_opening(
    tx: Transaction, state: LedgerState, account: AccountState, payments_known: bool
) -> bool:
    """Book the account's balances as capital, less what was moved by events booked before.

    ``payments_known``: whether all that were paid before are booked. False, and nothing booked,
    where this account cannot tell (yet) what the ledger began with.
    """
    positions = tx.positions.all()
    for position in positions:
        state.see(position)
    if positions and not payments_known:
        return False
    if why_not_opening(account, positions) is not None:
        return False
    moved = moved_until(state.wallet, tx.ledger.payments(), account.at)
    _book(tx, state, book_opening(account, moved))
    tx.state.set(_OPENED_AT, json.dumps(account.at.isoformat()))
    return True


def record_fills(tx: Transaction, state: LedgerState) -> bool:
    """Book every fill that execution recorded since the last time; whether there was any."""
    rows = tx.positions.fills_after(tx.ledger.booked_fill_seq())
    if not rows:
        return False
    _book(tx, state, [book_fill(fill, position_id, state.perps) for _, position_id, fill in rows])
    tx.ledger.set_booked_fill_seq(rows[-1][0])
    seen = look_at(tx, state, sorted({position_id for _, position_id, _ in rows}))
    for _, position_id, fill in rows:
        state.filled(fill, seen[position_id])
    return True


def look_at(
    tx: Transaction, state: LedgerState, position_ids: Iterable[str]
) -> Mapping[str, Position]:
    """Read positions anew."""
    seen = {}
    for position_id in position_ids:
        position = tx.positions.load(position_id)
        if position is not None:
            state.see(position)
            seen[position_id] = position
    return seen


def look_at_unsettled(tx: Transaction, state: LedgerState) -> None:
    """Read anew those that may have moved on without a new fill."""
    look_at(
        tx,
        state,
        [
            account.position.id
            for account in state.in_order()
            if account.position.closed_at is None and account.may_have_moved_on
        ],
    )


def record_payments(
    tx: Transaction,
    state: LedgerState,
    payments: Sequence[FundingPayment],
    opened_at: datetime | None,
) -> list[FundingPayment]:
    """Book payments not seen before, each to the position that held; says which none held.

    What none held before the ledger was opened is a part of its opening balance.
    """
    unseen = {(one.venue, one.payment_id): one for one in payments if state.is_new(one)}.values()
    if any(state.holder_of(payment) is None for payment in unseen):
        # A position whose orders' outcomes are not known yet may hold, too.
        for position in tx.positions.active():
            state.see(position)
    new = [
        (payment, holder)
        for payment in unseen
        if (holder := state.holder_of(payment)) is not None
        or opened_at is None
        or payment.at > opened_at
    ]
    if not new:
        return []
    tx.ledger.add_payments([payment for payment, _ in new], [holder for _, holder in new])
    _book(tx, state, [funding_transaction(payment, holder) for payment, holder in new])
    for payment, holder in new:
        state.paid(payment, holder)
    return [payment for payment, holder in new if holder is None]


def record_trades(
    tx: Transaction, state: LedgerState, complete_until: datetime, coins: CoinPrices
) -> tuple[list[ClosedTrade], list[str]]:
    """The trade of each position closed before ``complete_until``, the time up to which every
    payment is booked. Also, in words, why one cannot be told yet.
    """
    trades: list[ClosedTrade] = []
    problems: list[str] = []
    for account in state.in_order():
        closed_at = account.position.closed_at
        if closed_at is None or closed_at > complete_until:
            continue
        prices = _needed_prices(account, coins)
        try:
            trade = closed_trade(account.position, account.payments, prices)
        except ValueError as why:  # a price is not known, or the record contradicts itself
            problems.append(str(why))
            continue
        if prices:
            text = json.dumps([[coin, str(price)] for coin, price in prices])
            tx.state.set(_COIN_PRICES + account.position.id, text)
        if trade is not None:
            tx.ledger.add_trade(trade)
            trades.append(trade)
        state.traded(account.position.id)
    return trades, problems


def coin_prices_of(tx: Transaction, position_id: str) -> CoinPrices:
    """At what prices a trade's fees and payments in odd coins were valued."""
    text = tx.state.get(_COIN_PRICES + position_id)
    if text is None:
        return ()
    return tuple((coin, Decimal(price)) for coin, price in json.loads(text))


def _needed_prices(account: PositionAccount, coins: CoinPrices) -> CoinPrices:
    needed = {*account.folded.unpriced_coins, *account.unpriced_funding}
    return tuple((coin, price) for coin, price in coins if coin in needed)


def _book(tx: Transaction, state: LedgerState, transactions: Sequence[LedgerTransaction]) -> None:
    tx.ledger.book(transactions)
    state.book(transactions)
