"""What the pages ask, answered from the read model.

A page that depends on its topic alone is put together once per change and kept; only what has an
age is put together for each question.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from actors.domain.exact import total, total_of
from actors.domain.results import OpenPositionPnl
from actors.journal.messages import EventRecorded
from actors.runtime import ActorView, DeadLetter, Rejected
from actors.views.alarms import alarms, is_up
from actors.views.messages import (
    AnalyticsView,
    BalanceView,
    Changes,
    ConfigView,
    DeadLetters,
    Equity,
    Events,
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
    GetStatus,
    GetSystem,
    GetTrades,
    ModeInfo,
    Opportunities,
    Pnl,
    Positions,
    Status,
    SystemView,
    Trades,
)
from actors.views.model import ReadModel, Topic
from actors.views.positions import positions
from actors.views.rates import funding_rates
from actors.views.thinning import thinned
from actors.views.totals import added, summed

T = TypeVar("T")

Query = (
    GetStatus
    | GetPositions
    | GetTrades
    | GetPnl
    | GetEquity
    | GetFundingRates
    | GetOpportunities
    | GetBalance
    | GetAnalytics
    | GetConfig
    | GetSystem
    | GetDeadLetters
    | GetEvents
    | GetChanges
)

NEW_AT_MOST = 200
"""Trades and events in one Changes; a page asks for older ones itself."""
EQUITY_ANSWERS_KEPT = 8


class Pages:
    """Answers every query; knows no actor, no clock and no thread."""

    def __init__(
        self,
        model: ReadModel,
        mode: ModeInfo,
        version: str,
        observe: Callable[[], Sequence[ActorView]],
        dead_letters: Callable[[], Sequence[DeadLetter]],
    ) -> None:
        self._model = model
        self._mode = mode
        self._version = version
        self._observe = observe
        self._dead_letters = dead_letters
        self._kept: dict[Topic, tuple[int, Any]] = {}
        self._equity_kept: dict[GetEquity, tuple[int, Equity]] = {}
        self._actors: tuple[ActorView, ...] = ()
        self._letters_waiting = 0

    def answer(self, query: Query, now: datetime) -> object:
        """Raises Rejected (code ``invalid_query``) for a query that makes no sense."""
        match query:
            case GetStatus():
                self._look_at_system()
                return self.status(now)
            case GetPositions():
                return self.positions(now)
            case GetTrades(limit, offset, pair_key):
                _at_least(0, limit=limit, offset=offset)
                return Trades(*self._model.trades.newest_first(limit, offset, pair_key))
            case GetPnl():
                return self.pnl()
            case GetEquity(_, points):
                _at_least(2, points=points)
                return self.equity(query)
            case GetFundingRates():
                return self.funding_rates()
            case GetOpportunities():
                return self.opportunities()
            case GetBalance():
                return self.balance()
            case GetAnalytics():
                return AnalyticsView(self._model.valued_at, self._model.analytics)
            case GetConfig():
                return self.config()
            case GetSystem():
                self._look_at_system()
                return SystemView(now, self._actors)
            case GetDeadLetters():
                return DeadLetters(tuple(self._dead_letters()))
            case GetEvents():
                return self.events(query)
            case GetChanges(revision):
                return self.changes(revision, now)

    def status(self, now: datetime) -> Status:
        model, actors = self._model, self._actors
        up = sum(map(is_up, actors))
        return Status(
            at=now,
            version=self._version,
            mode=self._mode,
            bot=model.bot,
            last_cycle=model.last_cycle,
            equity=model.equity,
            open_positions=sum(pair.position is not None for pair in model.pairs.values()),
            alarms=alarms(model.bot, model.pairs.values(), actors, self._letters_waiting),
            actors_up=up,
            actors_down=len(actors) - up,
        )

    def positions(self, now: datetime) -> Positions:
        model = self._model
        return positions(model.pairs, model.open_pnl, model.report, now)

    def pnl(self) -> Pnl:
        return self._page(Topic.PNL, self._make_pnl)

    def equity(self, query: GetEquity) -> Equity:
        revision = self._model.changed[Topic.EQUITY]
        kept = self._equity_kept.pop(query, None)
        if kept is None or kept[0] != revision:
            points = thinned(self._model.curve.since(query.since), query.points)
            kept = (revision, Equity(points))
        self._equity_kept[query] = kept
        if len(self._equity_kept) > EQUITY_ANSWERS_KEPT:
            del self._equity_kept[next(iter(self._equity_kept))]
        return kept[1]

    def funding_rates(self) -> FundingRates:
        report = self._model.report
        return self._page(
            Topic.FUNDING_RATES,
            lambda: funding_rates(None if report is None else report.snapshot),
        )

    def opportunities(self) -> Opportunities:
        report = self._model.report
        if report is None:
            return Opportunities(None, None, (), ())
        return Opportunities(report.cycle, report.snapshot.at, report.funnel, report.opportunities)

    def balance(self) -> BalanceView:
        return self._page(Topic.BALANCE, self._make_balance)

    def config(self) -> ConfigView:
        report = self._model.report
        return ConfigView(self._model.settings, None if report is None else report.terms)

    def events(self, query: GetEvents) -> Events:
        _at_least(0, limit=query.limit)
        before = query.before_seq
        found: list[EventRecorded] = []
        for event in reversed(self._model.events):
            if len(found) == query.limit:
                break
            if before is None or event.seq < before:
                found.append(event)
        return Events(tuple(found))

    def changes(self, revision: int, now: datetime) -> Changes:
        """What changed since. A revision that is not one of this life's gets everything."""
        self._look_at_system()
        model = self._model
        if not model.first_revision <= revision <= model.revision:
            revision = -1

        def new(topic: Topic) -> bool:
            return model.changed[topic] > revision

        return Changes(
            revision=model.revision,
            status=self.status(now) if new(Topic.STATUS) else None,
            positions=self.positions(now) if new(Topic.POSITIONS) else None,
            funding_rates=self.funding_rates() if new(Topic.FUNDING_RATES) else None,
            opportunities=self.opportunities() if new(Topic.OPPORTUNITIES) else None,
            pnl=self.pnl() if new(Topic.PNL) else None,
            equity=model.equity if new(Topic.EQUITY) else None,
            balance=self.balance() if new(Topic.BALANCE) else None,
            analytics=(
                AnalyticsView(model.valued_at, model.analytics) if new(Topic.ANALYTICS) else None
            ),
            system=SystemView(now, self._actors) if new(Topic.SYSTEM) else None,
            config=self.config() if new(Topic.CONFIG) else None,
            new_trades=(model.trades.after(revision, NEW_AT_MOST) if new(Topic.TRADES) else ()),
            new_events=model.events_after(revision, NEW_AT_MOST) if new(Topic.EVENTS) else (),
        )

    def _look_at_system(self) -> None:
        """Nobody tells of actors, so they are looked at, and a difference is a change."""
        actors, letters = tuple(self._observe()), len(self._dead_letters())
        if actors != self._actors or letters != self._letters_waiting:
            before = (tuple(map(_standing, self._actors)), self._letters_waiting)
            self._actors, self._letters_waiting = actors, letters
            self._model.touch(Topic.SYSTEM)
            if before != (tuple(map(_standing, actors)), letters):
                self._model.touch(Topic.STATUS)

    def _page(self, topic: Topic, make: Callable[[], T]) -> T:
        revision = self._model.changed[topic]
        kept = self._kept.get(topic)
        if kept is None or kept[0] != revision:
            kept = self._kept[topic] = (revision, make())
        page: T = kept[1]
        return page

    def _make_pnl(self) -> Pnl:
        model = self._model
        if model.valued_at is None:
            return Pnl(None, None, None, None, (), ("the ledger has not been read yet",))
        positions = tuple(model.open_pnl.values())
        marked = [one.total for one in positions if one.total is not None]
        open_sum = summed(marked) if len(marked) == len(positions) else None
        by_pair = dict(model.trades.by_pair)
        for one in positions:
            split = one.total if one.total is not None else one.realised
            known = by_pair.get(one.pair_key)
            by_pair[one.pair_key] = split if known is None else added(known, split)
        return Pnl(
            at=model.valued_at,
            closed=model.trades.closed,
            open=open_sum,
            total_net_usdt=(
                None if open_sum is None else total(model.trades.closed.net, open_sum.net)
            ),
            by_pair=tuple(sorted(by_pair.items())),
            problems=(*model.pnl_problems, *_unmarked(positions)),
        )

    def _make_balance(self) -> BalanceView:
        model = self._model
        notionals = [one.notional_usdt for one in model.open_pnl.values()]
        known = [one for one in notionals if one is not None]
        allocated = (
            total_of(known)
            if model.valued_at is not None and len(known) == len(notionals)
            else None
        )
        if model.report is None:
            return BalanceView(None, None, allocated, "no cycle has ended yet")
        snapshot = model.report.snapshot
        if snapshot.account is None:
            why = "; ".join(snapshot.problems) or "the venue did not answer"
            return BalanceView(snapshot.at, None, allocated, why)
        return BalanceView(snapshot.account.at, snapshot.account, allocated)


def _standing(actor: ActorView) -> tuple[str, str, str | None]:
    return (actor.address, actor.state, actor.last_error)


def _unmarked(positions: Sequence[OpenPositionPnl]) -> tuple[str, ...]:
    return tuple(
        f"{one.pair_key}: only what is booked is counted; {', '.join(one.missing)}"
        for one in positions
        if one.total is None
    )


def _at_least(minimum: int, **figures: int) -> None:
    for name, figure in figures.items():
        if figure < minimum:
            raise Rejected("invalid_query", f"{name} has to be {minimum} or more, not {figure}")
