"""Every stored figure computed again from what it was made of, and compared to the last digit."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import timedelta
from decimal import Decimal

from actors.domain.account import AccountState
from actors.domain.exact import ZERO, difference, product, total
from actors.domain.instruments import Market
from actors.domain.ledger import Account, EntryKind, EquityPoint, LedgerTransaction
from actors.domain.ledger_entries import Unbalanced, check_balanced, funding_transaction
from actors.domain.orders import Fill
from actors.domain.payments import FundingPayment
from actors.domain.pnl import CoinPrices, closed_trade, funding_usdt
from actors.domain.position_book import PositionBook, book_of
from actors.domain.positions import Position
from actors.domain.results import ClosedTrade
from actors.pnl.booking import book_fill
from actors.pnl.perps import PerpBook
from actors.pnl.recording import coin_prices_of
from actors.pnl.valuation import equity_point
from actors.store import Transaction

TRADE_DUE = timedelta(hours=1)
"""A position closed that long before the newest equity point must have its trade: a point is kept
only when all payments are known, and then trades are told.
"""


@dataclass(frozen=True, slots=True)
class Discrepancy:
    what: str
    expected: str
    """As computed again."""
    found: str
    """As stored, or as the venue states it."""


@dataclass(frozen=True, slots=True)
class Record:
    """All that is on record, read at once."""

    transactions: Sequence[LedgerTransaction]
    fills: Sequence[tuple[int, str, Fill]]
    """In order of recording: number, position id, fill."""
    booked_fill_seq: int
    payments: Sequence[tuple[FundingPayment, str | None]]
    positions: Sequence[Position]
    trades: Sequence[ClosedTrade]
    equity: Sequence[EquityPoint]
    coin_prices: Mapping[str, CoinPrices]
    """By position: what its fees in odd coins were valued at."""

    @property
    def payments_of(self) -> Mapping[str | None, list[FundingPayment]]:
        by_position: dict[str | None, list[FundingPayment]] = defaultdict(list)
        for payment, position_id in self.payments:
            by_position[position_id].append(payment)
        return by_position


def read_record(tx: Transaction) -> Record:
    positions = tx.positions.all()
    return Record(
        transactions=list(tx.ledger.transactions()),
        fills=tx.positions.fills_after(0),
        booked_fill_seq=tx.ledger.booked_fill_seq(),
        payments=tx.ledger.assigned_payments(),
        positions=positions,
        trades=tx.ledger.trades(),
        equity=tx.ledger.equity(),
        coin_prices={one.id: coin_prices_of(tx, one.id) for one in positions},
    )


def verify(
    tx: Transaction, account: AccountState | None = None, quote: str = "USDT"
) -> list[Discrepancy]:
    """All that does not agree, with itself or with the venue's ``account``; empty = exact."""
    record = read_record(tx)
    return [*check_record(record, quote), *(check_account(record, account) if account else ())]


def check_record(record: Record, quote: str) -> Iterator[Discrepancy]:
    """What is on record against what it was made of."""
    yield from _transactions_are_balanced(record)
    yield from _facts_are_booked_once(record)
    yield from _trades_follow_from_their_fills(record)
    yield from _equity_follows_from_the_wallet(record, quote)
    yield from _results_explain_the_wallet(record, quote)


def check_account(record: Record, account: AccountState) -> Iterator[Discrepancy]:
    """The venue's balances by coin, and its perpetuals, against those of the ledger."""
    wallet = wallet_of(record.transactions)
    for coin in sorted({*wallet, *(one.coin for one in account.balances)}):
        ledger = wallet.get(coin, ZERO)
        yield from _differ(f"balance of {coin} at {account.venue}", ledger, account.total_of(coin))
    perps = PerpBook()
    for _, _, fill in record.fills:
        if fill.market is Market.PERP:
            perps.add(fill)
    held = {symbol: holding.quantity for symbol, holding in perps.holdings().items()}
    for symbol in sorted({*held, *(one.symbol for one in account.perps)}):
        ours = held.get(symbol, ZERO)
        yield from _differ(f"{symbol} held at {account.venue}", ours, account.perp_of(symbol))


def wallet_of(transactions: Iterable[LedgerTransaction]) -> dict[str, Decimal]:
    return _sums(transactions, Account.WALLET)


def _transactions_are_balanced(record: Record) -> Iterator[Discrepancy]:
    for transaction in record.transactions:
        try:
            check_balanced(transaction)
        except Unbalanced as unbalanced:
            yield Discrepancy(f"balance of {transaction.key}", "0", str(unbalanced))
    for key, count in Counter(one.key for one in record.transactions).items():
        if count > 1:
            yield Discrepancy(f"times that {key} is booked", "1", str(count))


def _facts_are_booked_once(record: Record) -> Iterator[Discrepancy]:
    """Each fill and each payment has its transaction, exactly as it follows from the fact."""
    perps = PerpBook()
    expected = [
        *(book_fill(fill, position_id, perps) for _, position_id, fill in record.fills),
        *(funding_transaction(payment, position_id) for payment, position_id in record.payments),
    ]
    booked = {
        one.key: one
        for one in record.transactions
        if one.kind in (EntryKind.FILL, EntryKind.FUNDING)
    }
    for transaction in expected:
        found = booked.pop(transaction.key, None)
        if found is None:
            yield Discrepancy(transaction.key, str(transaction), "not booked")
        elif found != transaction:
            yield from _fields_differ(transaction.key, transaction, found)
    for key in booked:
        yield Discrepancy(key, "nothing to book", "booked")
    last = max((seq for seq, _, _ in record.fills), default=0)
    yield from _differ("number of the last fill booked", last, record.booked_fill_seq)


def _trades_follow_from_their_fills(record: Record) -> Iterator[Discrepancy]:
    stored = {trade.position_id: trade for trade in record.trades}
    payments = record.payments_of
    newest = max((point.at for point in record.equity), default=None)
    for position in record.positions:
        found = stored.pop(position.id, None)
        if position.closed_at is None:
            if found is not None:
                yield Discrepancy(f"trade of {position.id}", "none: it is not closed", "stored")
            continue
        try:
            expected = closed_trade(
                position, payments.get(position.id, []), record.coin_prices.get(position.id, ())
            )
        except ValueError as why:
            yield Discrepancy(f"trade of {position.id}", "a closed position", str(why))
            continue
        if found is None:
            is_due = newest is not None and newest - position.closed_at > TRADE_DUE
            if expected is not None and is_due:
                yield Discrepancy(f"trade of {position.id}", str(expected), "none stored")
        elif expected is None:
            yield Discrepancy(f"trade of {position.id}", "none: nothing was filled", "stored")
        elif found != expected:
            yield from _fields_differ(f"trade of {position.id}", expected, found)
    for position_id in stored:
        yield Discrepancy(f"trade of {position_id}", "none: no such position", "stored")


def _equity_follows_from_the_wallet(record: Record, quote: str) -> Iterator[Discrepancy]:
    """Each point again from the part of the ledger it was drawn from and the prices beside it."""
    fills = {_key(fill): fill for _, _, fill in record.fills}
    wallet: dict[str, Decimal] = defaultdict(Decimal)
    perps = PerpBook()
    booked = 0
    for point in record.equity:
        what = f"equity at {point.at.isoformat()}"
        if not booked <= point.booked <= len(record.transactions):
            expected = f"{booked} to {len(record.transactions)} transactions before it"
            yield Discrepancy(what, expected, str(point.booked))
            continue
        for transaction in record.transactions[booked : point.booked]:
            for entry in transaction.entries:
                if entry.account is Account.WALLET:
                    wallet[entry.coin] = total(wallet[entry.coin], entry.amount)
            fill = fills.get(transaction.key)
            if fill is not None and fill.market is Market.PERP:
                perps.add(fill)
        booked = point.booked
        expected_point = equity_point(
            point.at, wallet, perps.holdings(), point.marks, quote, point.booked
        )
        yield from _fields_differ(what, expected_point, point)


def _results_explain_the_wallet(record: Record, quote: str) -> Iterator[Discrepancy]:
    """Capital, adjustments, funding of nobody and the positions' results make up the wallet.

    A position's result counts coins that it still has at cost, and coins left over at the price of
    its trade; both are taken out again, since they are in the wallet as coins.
    """
    explained: dict[str, Decimal] = defaultdict(Decimal)

    def explain(coin: str, amount: Decimal) -> None:
        explained[coin] = total(explained[coin], amount)

    for account in (Account.CAPITAL, Account.ADJUSTMENT):
        for coin, amount in _sums(record.transactions, account).items():
            explain(coin, amount.copy_negate())
    payments = record.payments_of
    for payment in payments.get(None, []):
        explain(payment.coin, payment.amount)
    stored = {trade.position_id: trade for trade in record.trades}
    for position in record.positions:
        prices = dict(record.coin_prices.get(position.id, ()))
        folded = book_of(position, prices)
        paid = payments.get(position.id, [])
        trade = stored.get(position.id)
        explain(quote, _cash_of(folded, paid, prices, quote, trade))
        explain(position.pair.long.base, folded.spot.quantity)
        for coin, amount in _odd_coins(position, paid, quote):
            explain(coin, amount)
            explain(quote, product(amount, prices.get(coin, ZERO)).copy_negate())
    wallet = wallet_of(record.transactions)
    for coin in sorted({*explained, *wallet}):
        yield from _differ(
            f"{coin} that capital and results explain",
            wallet.get(coin, ZERO),
            explained.get(coin, ZERO),
        )


def _cash_of(
    folded: PositionBook,
    payments: Sequence[FundingPayment],
    prices: Mapping[str, Decimal],
    quote: str,
    trade: ClosedTrade | None,
) -> Decimal:
    """What a position brought in quote coins: by its stored trade, or as far as it has come."""
    if trade is not None:
        price = trade.exit_spot_price or trade.entry_spot_price or ZERO
        return difference(trade.pnl.net, product(trade.dust_quantity, price))
    funding, _ = funding_usdt(payments, quote, prices)
    return total(
        folded.spot_realised,
        folded.perp_realised,
        folded.spot_fees,
        folded.perp_fees,
        funding,
        folded.spot.cost.copy_negate(),
    )


def _odd_coins(
    position: Position, payments: Sequence[FundingPayment], quote: str
) -> Iterator[tuple[str, Decimal]]:
    """Fees and funding that moved coins which are neither base nor quote of the position."""
    base = position.pair.long.base
    for fill in position.fills:
        is_own = fill.fee_coin == quote or (fill.fee_coin == base and fill.market is Market.SPOT)
        if not is_own:
            yield fill.fee_coin, fill.fee.copy_negate()
    for payment in payments:
        if payment.coin != quote:
            yield payment.coin, payment.amount


def _key(fill: Fill) -> str:
    return f"fill:{fill.venue}:{fill.fill_id}"


def _sums(transactions: Iterable[LedgerTransaction], account: Account) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for transaction in transactions:
        for entry in transaction.entries:
            if entry.account is account:
                sums[entry.coin] = total(sums[entry.coin], entry.amount)
    return dict(sums)


def _differ(what: str, expected: object, found: object) -> Iterator[Discrepancy]:
    if expected != found:
        yield Discrepancy(what, str(expected), str(found))


def _fields_differ(what: str, expected: object, found: object) -> Iterator[Discrepancy]:
    """Field by field, so that a long record is not printed twice for one digit."""
    for field in fields(expected):  # type: ignore[arg-type]
        yield from _differ(
            f"{field.name} of {what}", getattr(expected, field.name), getattr(found, field.name)
        )
