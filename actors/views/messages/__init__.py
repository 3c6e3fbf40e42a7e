"""The read model's queries: one page, one ask. Every answer can be written as JSON."""

from actors.views.messages.changes import Changes, GetChanges
from actors.views.messages.money import (
    AnalyticsView,
    BalanceView,
    Equity,
    GetAnalytics,
    GetBalance,
    GetEquity,
    GetPnl,
    Pnl,
)
from actors.views.messages.positions import GetPositions, Positions, PositionView
from actors.views.messages.rates import (
    FundingRates,
    FundingRateView,
    GetFundingRates,
    GetOpportunities,
    Opportunities,
)
from actors.views.messages.settings import ConfigView, GetConfig
from actors.views.messages.status import CycleSummary, GetStatus, ModeInfo, Status
from actors.views.messages.system import (
    DeadLetters,
    Events,
    GetDeadLetters,
    GetEvents,
    GetSystem,
    SystemView,
)
from actors.views.messages.trades import GetTrades, Trades

__all__ = [
    "AnalyticsView",
    "BalanceView",
    "Changes",
    "ConfigView",
    "CycleSummary",
    "DeadLetters",
    "Equity",
    "Events",
    "FundingRateView",
    "FundingRates",
    "GetAnalytics",
    "GetBalance",
    "GetChanges",
    "GetConfig",
    "GetDeadLetters",
    "GetEquity",
    "GetEvents",
    "GetFundingRates",
    "GetOpportunities",
    "GetPnl",
    "GetPositions",
    "GetStatus",
    "GetSystem",
    "GetTrades",
    "ModeInfo",
    "Opportunities",
    "Pnl",
    "PositionView",
    "Positions",
    "Status",
    "SystemView",
    "Trades",
]
