"""Results, the equity curve, the account and the analytics."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from actors.domain.account import AccountState
from actors.domain.periods import Month, Period, Unknown
from actors.domain.results import Analytics, PnlSplit


@dataclass(frozen=True, slots=True)
class GetPnl: ...


@dataclass(frozen=True, slots=True)
class Pnl:
    at: datetime | None
    """None until the ledger has been read; then nothing else is known either."""
    closed: PnlSplit | None
    open: PnlSplit | None
    """None while a mark is missing."""
    total_net_usdt: Decimal | None
    by_pair: tuple[tuple[str, PnlSplit], ...]
    problems: tuple[str, ...] = ()
    periods: tuple[Period, ...] = ()
    """Today, 7 days, 30 days, all; empty until the ledger has been read."""


@dataclass(frozen=True, slots=True)
class GetEquity:
    """``points`` at most, thinned evenly, the extremes kept."""

    since: datetime | None = None
    points: int = 1000


@dataclass(frozen=True, slots=True)
class CurvePoint:
    at: datetime
    equity_usdt: Decimal
    """All coins of the ledger's wallet at mark, plus unrealised perpetual result."""
    wallet_usdt: Decimal
    """Quote coins alone."""
    unrealised_usdt: Decimal
    drawdown_usdt: Decimal
    """Below the highest equity so far, of the whole curve; 0 = at it."""
    drawdown: Decimal | None
    """The same as a fraction of that equity, a positive number."""


@dataclass(frozen=True, slots=True)
class TradeMarker:
    """One round trip on the equity curve."""

    position_id: str
    pair_key: str
    entry_at: datetime
    exit_at: datetime | None
    """None while it is open."""
    net_usdt: Decimal | None
    """Of the closed trade; None while it is open."""


@dataclass(frozen=True, slots=True)
class Equity:
    points: tuple[CurvePoint, ...]
    reference: CurvePoint | None = None
    """The first point of the whole curve: what it began with."""
    peak_usdt: Decimal | None = None
    """The highest equity of the whole curve."""
    deepest: CurvePoint | None = None
    """The point of the largest drawdown among those asked for."""
    trades: tuple[TradeMarker, ...] = ()
    """Opened or closed in the time of the points, by entry; of too many those that made most."""
    trades_left_out: int = 0


@dataclass(frozen=True, slots=True)
class GetBalance: ...


@dataclass(frozen=True, slots=True)
class CoinBalance:
    coin: str
    total: Decimal
    value_usdt: Decimal | None
    """At the spot pair's mark price; None where there is none."""


@dataclass(frozen=True, slots=True)
class BalanceView:
    at: datetime | None
    account: AccountState | None
    allocated_usdt: Decimal | None
    """Notional of the spot legs held."""
    problem: str = ""
    total_usdt: Decimal | None = None
    """Everything at mark, by the venue's word."""
    available_usdt: Decimal | None = None
    """Quote coins that may be spent on spot or margin now."""
    initial_margin_usdt: Decimal | None = None
    maintenance_margin_usdt: Decimal | None = None
    margin_ratio: Decimal | None = None
    """Maintenance margin / collateral; at 1 the venue liquidates."""
    coins: tuple[CoinBalance, ...] = ()
    """The largest first; those of unknown value last."""
    unknown: Unknown = ()
    """Figure to reason, for those that are null."""


@dataclass(frozen=True, slots=True)
class GetAnalytics: ...


@dataclass(frozen=True, slots=True)
class FigureView:
    """One figure with all that a page needs to show it."""

    key: str
    name: str
    value: float | None
    unit: str
    """fraction, ratio, usdt, hours or trades."""
    meaning: str
    """In a sentence."""
    samples: int
    samples_of: str
    """What the samples are: equity points, periods (of ``period`` each), or trades."""
    reason: str
    """Why there is no value; empty where there is one."""
    is_better: str
    """higher, lower, or empty where neither is."""


@dataclass(frozen=True, slots=True)
class PairMonth:
    """The trades of one pair that were closed in one month, UTC."""

    month: str
    """``2025-03``."""
    pair_key: str
    trades: int
    pnl: PnlSplit


@dataclass(frozen=True, slots=True)
class AnalyticsView:
    at: datetime | None
    analytics: Analytics | None
    figures: tuple[FigureView, ...] = ()
    months: tuple[Month, ...] = ()
    """Oldest first."""
    pair_months: tuple[PairMonth, ...] = ()
    """By month, then by pair."""
    period: timedelta | None = None
    """Length of one return that the ratios are made of."""
