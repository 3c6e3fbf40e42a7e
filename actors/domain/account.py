"""The account as the venue states it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Balance:
    coin: str
    total: Decimal


@dataclass(frozen=True, slots=True)
class PerpHolding:
    """A perpetual position by the venue's word."""

    symbol: str
    quantity: Decimal
    """Base coins; negative = short."""
    entry_price: Decimal | None
    mark_price: Decimal | None
    liquidation_price: Decimal | None
    unrealised_usdt: Decimal | None


@dataclass(frozen=True, slots=True)
class AccountState:
    """One unified account: spot is collateral with a haircut, perps are margined in quote."""

    venue: str
    at: datetime
    balances: tuple[Balance, ...]
    perps: tuple[PerpHolding, ...]
    equity_usdt: Decimal | None
    """Everything valued at mark, no haircut; None when a price is missing."""
    available_usdt: Decimal | None
    """Quote coins that may be spent on spot or margin now; None = not known."""
    initial_margin_usdt: Decimal | None
    maintenance_margin_usdt: Decimal | None
    margin_ratio: Decimal | None
    """Maintenance margin / collateral value; at 1 the venue liquidates. None without positions."""

    def total_of(self, coin: str) -> Decimal:
        """The coin's balance; a coin that the venue does not list is really 0."""
        return sum((one.total for one in self.balances if one.coin == coin), Decimal(0))

    def perp_of(self, symbol: str) -> Decimal:
        """Signed base quantity held in a perpetual; not listed is really flat."""
        return sum((one.quantity for one in self.perps if one.symbol == symbol), Decimal(0))
