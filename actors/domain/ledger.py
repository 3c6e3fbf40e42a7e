"""The ledger's values: balanced transactions, per coin."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class Account(StrEnum):
    WALLET = "wallet"
    """What the venue account really holds of a coin."""
    TRADING = "trading"
    """Counter-account of spot exchanges, coin against coin."""
    FEES = "fees"
    FUNDING = "funding"
    PERP_PNL = "perp_pnl"
    """Realised price result of perpetuals."""
    CAPITAL = "capital"
    """Deposits and withdrawals."""
    ADJUSTMENT = "adjustment"
    """Differences that reconciliation found and booked, each with its reason."""


class EntryKind(StrEnum):
    FILL = "fill"
    FUNDING = "funding"
    CAPITAL = "capital"
    ADJUSTMENT = "adjustment"


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    account: Account
    coin: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class LedgerTransaction:
    """One event booked. The amounts of each coin sum to zero over the entries."""

    key: str
    """Unique for ever: ``fill:<venue>:<id>``, ``funding:<venue>:<id>``, ``capital:...``."""
    at: datetime
    kind: EntryKind
    venue: str
    entries: tuple[LedgerEntry, ...]
    position_id: str | None = None
    symbol: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class EquityPoint:
    at: datetime
    equity_usdt: Decimal
    """All coins of the ledger's wallet at mark, plus unrealised perpetual result."""
    wallet_usdt: Decimal
    """Quote coins alone."""
    unrealised_usdt: Decimal
    booked: int = 0
    """How many ledger transactions were booked when it was drawn: it can be recomputed."""
    marks: tuple[tuple[str, Decimal], ...] = ()
    """At what price each coin and each perpetual held was valued: (coin or symbol, USDT)."""
