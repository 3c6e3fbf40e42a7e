"""What the pages ask, answered from the read model.

A page that depends on its topic alone is put together once per change and kept; only what has an
age is put together for each question. One subject, one module: this one is the table of contents.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from actors.runtime import ActorView, DeadLetter, ProcessUse
from actors.views import log, money
from actors.views.alarms import alarms, is_up
from actors.views.changes import changes
from actors.views.check import at_least
from actors.views.equity import EquityPages
from actors.views.history import HistoryPages
from actors.views.kept import KeptPages
from actors.views.messages import (
    AnalyticsView,
    BalanceView,
    ConfigView,
    Equity,
    FundingRates,
    GetAnalytics,
    GetBalance,
    GetChanges,
    GetConfig,
    GetDeadLetters,
    GetEquity,
    GetEvents,
    GetFundingRates,
    GetOpportunities,
    GetPnl,
    GetPositions,
    GetRateHistory,
    GetRatePrints,
    GetStatus,
    GetSystem,
    GetTrades,
    GetTradeSummary,
    ModeInfo,
    Pnl,
    Positions,
    Status,
    SystemView,
)
from actors.views.model import ReadModel, Topic
from actors.views.opportunities import opportunities
from actors.views.positions import closing_all, positions
from actors.views.rate_history import rate_history, rate_prints
from actors.views.rates import funding_rates
from actors.views.system import SystemWatch

Query = (
    GetStatus
    | GetPositions
    | GetTrades
    | GetTradeSummary
    | GetPnl
    | GetEquity
    | GetFundingRates
    | GetOpportunities
    | GetRateHistory
    | GetRatePrints
    | GetBalance
    | GetAnalytics
    | GetConfig
    | GetSystem
    | GetDeadLetters
    | GetEvents
    | GetChanges
)


class Pages:
    """Answers every query; knows no actor, no clock and no thread."""

    def __init__(
        self,
        model: ReadModel,
        mode: ModeInfo,
        version: str,
        observe: Callable[[], Sequence[ActorView]],
        dead_letters: Callable[[], Sequence[DeadLetter]],
        process: Callable[[], ProcessUse] | None = None,
        versions: tuple[tuple[str, str], ...] = (),
    ) -> None:
        self._model = model
        self._mode = mode
        self._version = version
        self._versions = versions
        self._system = SystemWatch(model, observe, dead_letters, process)
        self._kept = KeptPages(model)
        self._equity = EquityPages(model)
        self._history = HistoryPages(model)

    def answer(self, query: Query, now: datetime) -> object:
        """Raises Rejected (code ``invalid_query``) for a query that makes no sense."""
        match query:
            case GetStatus():
                self._system.look()
                return self.status(now)
            case GetPositions():
                return self.positions(now)
            case GetTrades():
                return self._history.trades(query)
            case GetTradeSummary():
                return self._history.summary(query)
            case GetPnl():
                return self.pnl()
            case GetEquity(_, points):
                at_least(2, points=points)
                return self.equity(query)
            case GetFundingRates():
                return self.funding_rates()
            case GetOpportunities():
                return opportunities(self._model.report, query)
            case GetRateHistory():
                return rate_history(self._model.snapshot, query)
            case GetRatePrints():
                return rate_prints(self._model.snapshot, query)
            case GetBalance():
                return self.balance()
            case GetAnalytics():
                return self.analytics()
            case GetConfig():
                return self.config()
            case GetSystem():
                self._system.look()
                return self.system(now)
            case GetDeadLetters():
                return log.dead_letters(self._system.dead_letters(), query)
            case GetEvents():
                return log.events(reversed(self._model.events), query)
            case GetChanges():
                self._system.look()
                return changes(self, self._model, query, now)

    def status(self, now: datetime) -> Status:
        model, actors = self._model, self._system.actors
        up = sum(map(is_up, actors))
        return Status(
            at=now,
            version=self._version,
            mode=self._mode,
            bot=model.bot,
            last_cycle=model.last_cycle,
            equity=model.equity,
            open_positions=sum(pair.position is not None for pair in model.pairs.values()),
            alarms=alarms(model.bot, model.pairs.values(), actors, self._system.letters_waiting),
            actors_up=up,
            actors_down=len(actors) - up,
            closing=closing_all(model),
        )

    def positions(self, now: datetime) -> Positions:
        return positions(self._model, now)

    def pnl(self) -> Pnl:
        return self._kept.page(Topic.PNL, lambda: money.pnl(self._model))

    def equity(self, query: GetEquity) -> Equity:
        return self._equity.answer(query)

    def funding_rates(self) -> FundingRates:
        model = self._model
        return self._kept.page(
            Topic.FUNDING_RATES, lambda: funding_rates(model.report, model.pairs)
        )

    def balance(self) -> BalanceView:
        return self._kept.page(Topic.BALANCE, lambda: money.balance(self._model))

    def analytics(self) -> AnalyticsView:
        return self._kept.page(Topic.ANALYTICS, lambda: money.analytics(self._model))

    def config(self) -> ConfigView:
        report = self._model.report
        return ConfigView(self._model.settings, None if report is None else report.terms)

    def system(self, now: datetime) -> SystemView:
        model, system = self._model, self._system
        return SystemView(
            at=now,
            actors=system.rows(),
            process=system.process,
            versions=self._versions,
            store=model.store,
            store_problem=model.store_problem,
            venues=tuple(model.venues[name] for name in sorted(model.venues)),
        )
