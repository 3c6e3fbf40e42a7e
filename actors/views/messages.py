"""The read model's queries: one page, one ask. Every answer can be written as JSON."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from actors.config.messages import SettingsView
from actors.domain.account import AccountState
from actors.domain.ledger import EquityPoint
from actors.domain.positions import Position, PositionState
from actors.domain.results import Analytics, ClosedTrade, OpenPositionPnl, PnlSplit
from actors.domain.terms import Terms
from actors.journal.messages import EventRecorded
from actors.orchestrator.messages import FunnelStep, Opportunity, StateChanged
from actors.runtime import ActorView, DeadLetter


@dataclass(frozen=True, slots=True)
class GetStatus: ...


@dataclass(frozen=True, slots=True)
class ModeInfo:
    """Where prices and money come from; fixed for the life of the process."""

    mode: str
    """replay, paper or live."""
    venue: str
    speed: float | None
    """Replay only; None = as fast as possible."""
    span_from: datetime | None = None
    span_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class CycleSummary:
    cycle: int
    started_at: datetime
    ended_at: datetime
    duration: timedelta
    funnel: tuple[FunnelStep, ...]
    guards: tuple[str, ...]
    silent_pairs: tuple[str, ...]
    problems: tuple[str, ...]
    why: tuple[str, ...]
    """Why the bot is (not) trading, in sentences, most important first."""


@dataclass(frozen=True, slots=True)
class Status:
    at: datetime
    version: str
    mode: ModeInfo
    bot: StateChanged | None
    """None until the orchestrator has spoken."""
    last_cycle: CycleSummary | None
    equity: EquityPoint | None
    open_positions: int
    alarms: tuple[str, ...]
    actors_up: int
    actors_down: int


@dataclass(frozen=True, slots=True)
class GetPositions: ...


@dataclass(frozen=True, slots=True)
class PositionView:
    pair_key: str
    state: PositionState
    position: Position
    pnl: OpenPositionPnl | None
    next_settlement: datetime | None
    expected_funding_usdt: Decimal | None
    """Of the next settlement, by the predicted rate; positive = received."""
    break_even_progress: Decimal | None
    """Funding collected / (fees paid so far + fees expected at the exit); 1 = paid for."""
    age: timedelta
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Positions:
    at: datetime
    positions: tuple[PositionView, ...]


@dataclass(frozen=True, slots=True)
class GetTrades:
    limit: int = 200
    offset: int = 0
    pair_key: str | None = None


@dataclass(frozen=True, slots=True)
class Trades:
    """Newest first."""

    total: int
    trades: tuple[ClosedTrade, ...]


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
class GetFundingRates: ...


@dataclass(frozen=True, slots=True)
class FundingRateView:
    pair_key: str
    symbol: str
    rate: Decimal | None
    interval_hours: int | None
    rate_8h: Decimal | None
    apr: Decimal | None
    """Simple, from the current rate alone; a fraction."""
    next_settlement: datetime | None
    last_settled_rate_8h: Decimal | None
    mean_8h: float | None
    """Slow average of the pair's own history."""
    spot_spread_bp: Decimal | None
    perp_spread_bp: Decimal | None
    basis_bp: Decimal | None
    volume_24h_usdt: Decimal | None
    as_of: datetime | None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FundingRates:
    at: datetime | None
    rates: tuple[FundingRateView, ...]


@dataclass(frozen=True, slots=True)
class GetOpportunities: ...


@dataclass(frozen=True, slots=True)
class Opportunities:
    cycle: int | None
    at: datetime | None
    funnel: tuple[FunnelStep, ...]
    opportunities: tuple[Opportunity, ...]


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


@dataclass(frozen=True, slots=True)
class GetConfig: ...


@dataclass(frozen=True, slots=True)
class ConfigView:
    settings: SettingsView | None
    terms_in_force: Terms | None


@dataclass(frozen=True, slots=True)
class GetSystem: ...


@dataclass(frozen=True, slots=True)
class SystemView:
    at: datetime
    actors: tuple[ActorView, ...]


@dataclass(frozen=True, slots=True)
class GetDeadLetters: ...


@dataclass(frozen=True, slots=True)
class DeadLetters:
    letters: tuple[DeadLetter, ...]


@dataclass(frozen=True, slots=True)
class GetEvents:
    before_seq: int | None = None
    limit: int = 200


@dataclass(frozen=True, slots=True)
class Events:
    """Newest first; the views keep the last thousand."""

    events: tuple[EventRecorded, ...]


@dataclass(frozen=True, slots=True)
class GetChanges:
    """For the WebSocket: what changed since ``revision`` (0 = everything). Answered by Changes."""

    revision: int


@dataclass(frozen=True, slots=True)
class Changes:
    revision: int
    status: Status | None
    positions: Positions | None
    funding_rates: FundingRates | None
    opportunities: Opportunities | None
    pnl: Pnl | None
    equity: EquityPoint | None
    """The newest point only."""
    balance: BalanceView | None
    analytics: AnalyticsView | None
    system: SystemView | None
    config: ConfigView | None
    new_trades: tuple[ClosedTrade, ...]
    new_events: tuple[EventRecorded, ...]
