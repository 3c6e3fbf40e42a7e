"""Small result records: what a position earned and what an account achieved.

None always means "not known" or "not enough data"; the matching reason stands beside it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from actors.domain.exact import total


@dataclass(frozen=True, slots=True)
class PnlSplit:
    """Where a position's result came from, in USDT. Costs are negative."""

    spot_price: Decimal
    """Price result of the spot leg, realised and (while open) unrealised."""
    perp_price: Decimal
    funding: Decimal
    fees_spot: Decimal
    fees_perp: Decimal
    slippage: Decimal | None
    """Fills against the decision's prices. Already inside the price results: shown, not added.

    None where a decision had no price to compare with (an emergency exit).
    """

    @property
    def price(self) -> Decimal:
        return total(self.spot_price, self.perp_price)

    @property
    def fees(self) -> Decimal:
        return total(self.fees_spot, self.fees_perp)

    @property
    def net(self) -> Decimal:
        return total(self.price, self.funding, self.fees)


@dataclass(frozen=True, slots=True)
class OpenPositionPnl:
    """A position not closed yet, marked at the snapshot's prices."""

    position_id: str
    pair_key: str
    spot_quantity: Decimal
    perp_quantity: Decimal
    """Negative = short."""
    delta: Decimal
    """Spot held less perp short, base coins."""
    entry_spot_price: Decimal | None
    entry_perp_price: Decimal | None
    mark_spot_price: Decimal | None
    mark_perp_price: Decimal | None
    notional_usdt: Decimal | None
    """Of the spot leg at its entry price."""
    opened_at: datetime | None
    realised: PnlSplit
    """Booked so far (funding, fees, parts closed)."""
    total: PnlSplit | None
    """With the open legs at mark; None while a mark is missing."""
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClosedTrade:
    """One finished round trip."""

    position_id: str
    pair_key: str
    spot_symbol: str
    perp_symbol: str
    entry_at: datetime
    exit_at: datetime
    quantity: Decimal
    notional_usdt: Decimal
    entry_spot_price: Decimal | None
    """Average of the leg's fills; None where it never filled that way (a failed open)."""
    entry_perp_price: Decimal | None
    exit_spot_price: Decimal | None
    exit_perp_price: Decimal | None
    pnl: PnlSplit
    dust_quantity: Decimal
    """Base coins left in the wallet, too small to sell; valued at the exit price in ``pnl``."""
    failed_open: bool = False
    """True where the hedge never stood and the trade only unwound it."""
    exit_reasons: tuple[str, ...] = ()
    """Why it was left, in words; empty for a failed open, which nobody decided to leave."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One statistic with the samples behind it; ``value`` None = n/a, and ``reason`` says why."""

    value: float | None
    samples: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PairRecord:
    pair_key: str
    trades: int
    wins: int
    win_rate: Figure
    net_usdt: Decimal
    funding_usdt: Decimal
    fees_usdt: Decimal
    price_usdt: Decimal


@dataclass(frozen=True, slots=True)
class Analytics:
    """Computed from the periodic equity curve and the closed trades, not from trades' returns."""

    since: datetime | None
    until: datetime | None
    period: timedelta
    """Length of one equity return; ratios are annualised from it."""
    total_return: Figure
    apr: Figure
    sharpe: Figure
    sortino: Figure
    max_drawdown: Figure
    """Fraction of the running peak, positive number."""
    max_drawdown_hours: Figure
    """From the peak until it was reached again, or until now."""
    win_rate: Figure
    profit_factor: Figure
    expectancy_usdt: Figure
    average_win_usdt: Figure
    average_loss_usdt: Figure
    longest_losing_run: Figure
    average_holding_hours: Figure
    median_holding_hours: Figure
    best_trades_share: Figure
    """Share of the gross profit that the best tenth of the trades (at least one) brought."""
    by_pair: tuple[PairRecord, ...]
