"""Results, the equity curve, the account and the analytics."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from actors.domain.account import AccountState
from actors.domain.ledger import EquityPoint
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


@dataclass(frozen=True, slots=True)
class GetEquity:
    """``points`` at most, thinned evenly, the extremes kept."""

    since: datetime | None = None
    points: int = 1000


@dataclass(frozen=True, slots=True)
class Equity:
    points: tuple[EquityPoint, ...]


@dataclass(frozen=True, slots=True)
class GetBalance: ...


@dataclass(frozen=True, slots=True)
class BalanceView:
    at: datetime | None
    account: AccountState | None
    allocated_usdt: Decimal | None
    """Notional of the spot legs held."""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class GetAnalytics: ...


@dataclass(frozen=True, slots=True)
class AnalyticsView:
    at: datetime | None
    analytics: Analytics | None
