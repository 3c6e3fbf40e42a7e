"""What the WebSocket pushes."""

from dataclasses import dataclass

from actors.domain.ledger import EquityPoint
from actors.domain.results import ClosedTrade
from actors.journal.messages import EventRecorded
from actors.views.messages.money import AnalyticsView, BalanceView, Pnl
from actors.views.messages.positions import Positions
from actors.views.messages.rates import FundingRates
from actors.views.messages.settings import ConfigView
from actors.views.messages.status import Status
from actors.views.messages.system import SystemView


@dataclass(frozen=True, slots=True)
class GetChanges:
    """For the WebSocket: what changed since ``revision`` (0 = everything). Answered by Changes."""

    revision: int
    topics: frozenset[str] | None = None
    """Fields of Changes that are wanted; the others are left out. None = all."""


@dataclass(frozen=True, slots=True)
class Changes:
    revision: int
    status: Status | None
    positions: Positions | None
    funding_rates: FundingRates | None
    pnl: Pnl | None
    equity: EquityPoint | None
    """The newest point only."""
    balance: BalanceView | None
    analytics: AnalyticsView | None
    system: SystemView | None
    config: ConfigView | None
    new_trades: tuple[ClosedTrade, ...]
    new_events: tuple[EventRecorded, ...]
