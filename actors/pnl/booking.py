"""Facts made into ledger transactions. Booked in the order in which they became known."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from actors.domain.account import AccountState
from actors.domain.exact import ZERO, difference
from actors.domain.instruments import Market
from actors.domain.ledger import LedgerTransaction
from actors.domain.ledger_entries import capital_transaction, fill_transaction
from actors.domain.orders import Fill
from actors.domain.payments import FundingPayment
from actors.domain.positions import Position
from actors.pnl.perps import PerpBook

CLOCKS_DIFFER = timedelta(seconds=10)
"""What the venue's clock and ours may be apart."""


def book_fill(fill: Fill, position_id: str, perps: PerpBook) -> LedgerTransaction:
    """A fill, in the order of recording; ``perps`` takes it in."""
    realised = perps.add(fill) if fill.market is Market.PERP else ZERO
    return fill_transaction(fill, position_id, realised)


def book_opening(
    account: AccountState, moved: Mapping[str, Decimal]
) -> tuple[LedgerTransaction, ...]:
    """The account's balances as capital, less what booked events have ``moved`` by coin."""
    coins = sorted({*moved, *(balance.coin for balance in account.balances)})
    amounts = {coin: difference(account.total_of(coin), moved.get(coin, ZERO)) for coin in coins}
    return tuple(
        capital_transaction(
            f"opening:{account.venue}:{coin}",
            account.venue,
            account.at,
            coin,
            amount,
            "what the account held when the ledger began",
        )
        for coin, amount in amounts.items()
        if amount
    )


def why_not_opening(account: AccountState, positions: Iterable[Position]) -> str | None:
    """Why this word of the venue cannot open the ledger; None if it can.

    Intents are on disk before they are sent, so without any the account is untouched by us. With
    some, each must have come to its end well before the account was looked at.
    """
    if not any(balance.total for balance in account.balances):
        return "the venue says that the account is empty"
    latest_allowed = account.at - CLOCKS_DIFFER
    for intent in (intent for position in positions for intent in position.intents):
        if not intent.status.is_final or intent.resolved_at is None:
            return f"order {intent.client_id} has not come to its end"
        if max(intent.intended_at, intent.resolved_at) > latest_allowed:
            return f"order {intent.client_id} ended too lately to tell what it moved"
    return None


def moved_until(
    wallet: Mapping[str, Decimal], payments: Sequence[FundingPayment], at: datetime
) -> dict[str, Decimal]:
    """What booked events moved by coin, without the ``payments`` settled after ``at``."""
    moved = dict(wallet)
    for payment in payments:
        if payment.at > at:
            moved[payment.coin] = difference(moved.get(payment.coin, ZERO), payment.amount)
    return moved
