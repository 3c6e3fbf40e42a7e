"""Events as balanced ledger transactions, and balances read back from them.

Every transaction sums to zero for each coin. What the WALLET entries of a coin sum to is what the
venue account holds of it.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from actors.domain.exact import ZERO, negative, product, total, total_of
from actors.domain.instruments import Market
from actors.domain.ledger import Account, EntryKind, LedgerEntry, LedgerTransaction
from actors.domain.orders import Fill, Side
from actors.domain.payments import FundingPayment


class Unbalanced(ValueError):
    """The entries of a coin don't sum to zero."""


def fill_transaction(
    fill: Fill, position_id: str | None, realised_usdt: Decimal = ZERO
) -> LedgerTransaction:
    """One fill booked.

    Spot: coin against coin. A perpetual's fill moves only its realised price result (without the
    fee, see ``PerpHolding.after``) and the fee; a short is not a cash sale.
    """
    base, quote = coins_of(fill.symbol)
    if fill.market is Market.SPOT:
        bought = fill.quantity if fill.side is Side.BUY else negative(fill.quantity)
        entries = [
            *_moved(Account.TRADING, base, bought),
            *_moved(Account.TRADING, quote, negative(product(bought, fill.price))),
        ]
    else:
        entries = [*_moved(Account.PERP_PNL, quote, realised_usdt)]
    entries += _moved(Account.FEES, fill.fee_coin, negative(fill.fee))
    return check_balanced(
        LedgerTransaction(
            key=fill_key(fill),
            at=fill.at,
            kind=EntryKind.FILL,
            venue=fill.venue,
            entries=tuple(entries),
            position_id=position_id,
            symbol=fill.symbol,
        )
    )


def fill_key(fill: Fill) -> str:
    """The key that a fill is booked under."""
    return f"fill:{fill.venue}:{fill.fill_id}"


def funding_transaction(payment: FundingPayment, position_id: str | None) -> LedgerTransaction:
    """One funding payment booked."""
    return check_balanced(
        LedgerTransaction(
            key=f"funding:{payment.venue}:{payment.payment_id}",
            at=payment.at,
            kind=EntryKind.FUNDING,
            venue=payment.venue,
            entries=tuple(_moved(Account.FUNDING, payment.coin, payment.amount)),
            position_id=position_id,
            symbol=payment.symbol,
        )
    )


def capital_transaction(
    key: str, venue: str, at: datetime, coin: str, amount: Decimal, note: str = ""
) -> LedgerTransaction:
    """A deposit (+) or withdrawal (-), booked under the unique key ``capital:<key>``."""
    return check_balanced(
        LedgerTransaction(
            key=f"capital:{key}",
            at=at,
            kind=EntryKind.CAPITAL,
            venue=venue,
            entries=tuple(_moved(Account.CAPITAL, coin, amount)),
            note=note,
        )
    )


def adjustment_transaction(
    key: str, venue: str, at: datetime, coin: str, amount: Decimal, note: str
) -> LedgerTransaction:
    """A difference that reconciliation found: the wallet holds ``amount`` more. Needs a reason."""
    if not note:
        raise ValueError("an adjustment needs its reason")
    return check_balanced(
        LedgerTransaction(
            key=f"adjustment:{key}",
            at=at,
            kind=EntryKind.ADJUSTMENT,
            venue=venue,
            entries=tuple(_moved(Account.ADJUSTMENT, coin, amount)),
            note=note,
        )
    )


def check_balanced(transaction: LedgerTransaction) -> LedgerTransaction:
    """The transaction itself. Raises :class:`Unbalanced` if a coin's entries don't sum to zero."""
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for entry in transaction.entries:
        sums[entry.coin] = total(sums[entry.coin], entry.amount)
    wrong = {coin: amount for coin, amount in sums.items() if amount}
    if wrong:
        raise Unbalanced(f"{transaction.key}: entries sum to {wrong}")
    return transaction


def wallet_balances(transactions: Iterable[LedgerTransaction]) -> dict[str, Decimal]:
    """What the ledger says the account holds, by coin; coins that come to 0 are left out."""
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for transaction in transactions:
        for entry in transaction.entries:
            if entry.account is Account.WALLET:
                sums[entry.coin] = total(sums[entry.coin], entry.amount)
    return {coin: amount for coin, amount in sorted(sums.items()) if amount}


def account_total(
    transactions: Iterable[LedgerTransaction], account: Account, coin: str
) -> Decimal:
    """The sum of one account's entries in one coin (costs such as FEES stand positive)."""
    return total_of(
        entry.amount
        for transaction in transactions
        for entry in transaction.entries
        if entry.account is account and entry.coin == coin
    )


def coins_of(symbol: str) -> tuple[str, str]:
    """Base and quote coin of a unified symbol: ``BTC/USDT`` or ``BTC/USDT:USDT``."""
    base, slash, rest = symbol.partition("/")
    quote = rest.partition(":")[0]
    if not (base and slash and quote):
        raise ValueError(f"not a unified symbol: {symbol!r}")
    return base, quote


def _moved(account: Account, coin: str, amount: Decimal) -> tuple[LedgerEntry, ...]:
    """``amount`` into the wallet, out of ``account``; nothing for 0."""
    if amount == 0:
        return ()
    return LedgerEntry(Account.WALLET, coin, amount), LedgerEntry(account, coin, negative(amount))
