"""The read model: what the other rooms told, folded, and at which revision each topic changed."""

from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from actors.config.messages import SettingsView
from actors.domain.ledger import EquityPoint
from actors.domain.market import MarketSnapshot, PairMarket
from actors.domain.periods import Month, Period
from actors.domain.positions import PositionState
from actors.domain.results import Analytics, OpenPositionPnl
from actors.execution.messages import PairsListed, PairStatus
from actors.gateway.messages import VenueHealth
from actors.journal.messages import EventRecorded, EventsRead
from actors.orchestrator.messages import CycleReport, LastCycle, StateChanged
from actors.pnl.messages import Book, PnlReport
from actors.store import StoreHealth
from actors.views.messages import CycleSummary
from actors.views.thinning import KeptPoints
from actors.views.trades import TradeList
from actors.views.why import why

EVENTS_KEPT = 1_000

Fact = (
    StateChanged
    | CycleReport
    | LastCycle
    | PairStatus
    | PairsListed
    | PnlReport
    | Book
    | SettingsView
    | EventRecorded
    | EventsRead
    | StoreHealth
    | VenueHealth
)


_FLAT = PositionState.FLAT


class Topic(StrEnum):
    """What can change on its own, and be sent on its own."""

    STATUS = "status"
    POSITIONS = "positions"
    FUNDING_RATES = "funding_rates"
    PNL = "pnl"
    EQUITY = "equity"
    BALANCE = "balance"
    ANALYTICS = "analytics"
    SYSTEM = "system"
    CONFIG = "config"
    TRADES = "trades"
    EVENTS = "events"


class ReadModel:
    """Everything a page may ask for; it changes by ``fold`` alone."""

    def __init__(self, first_revision: int = 0) -> None:
        """A life's revisions begin above every one of the life before (see actor.py)."""
        self.first_revision = first_revision
        self.revision = first_revision
        self.changed: dict[Topic, int] = dict.fromkeys(Topic, first_revision)

        self.bot: StateChanged | None = None
        self.report: CycleReport | None = None
        self.last_cycle: CycleSummary | None = None
        self.settings: SettingsView | None = None
        self.markets: dict[str, PairMarket] = {}
        """Of the last cycle, by pair key."""
        self.pairs: dict[str, PairStatus] = {}
        """Pairs that are not flat."""

        self.valued_at: datetime | None = None
        self.equity: EquityPoint | None = None
        self.open_pnl: dict[str, OpenPositionPnl] = {}
        """By position id."""
        self.analytics: Analytics | None = None
        self.pnl_problems: tuple[str, ...] = ()
        self.periods: tuple[Period, ...] = ()
        self.months: tuple[Month, ...] = ()
        self.curve = KeptPoints()
        self.sampled_revision = first_revision
        """When the curve got its newest point."""
        self.pairs_revision = first_revision
        """When a pair's position last changed."""
        self.trades = TradeList()

        self.store: StoreHealth | None = None
        self.store_problem = ""
        self.venues: dict[str, VenueHealth] = {}
        """By name."""

        self.events: deque[EventRecorded] = deque(maxlen=EVENTS_KEPT)
        """Oldest first."""
        self._event_revisions: deque[int] = deque(maxlen=EVENTS_KEPT)

    @property
    def snapshot(self) -> MarketSnapshot | None:
        """What the last cycle saw."""
        return None if self.report is None else self.report.snapshot

    def fold(self, fact: Fact) -> None:
        """Take one fact in. The same fact again changes nothing that a page shows."""
        match fact:
            case StateChanged():
                self.bot = fact
                self.touch(Topic.STATUS)
            case CycleReport():
                self._fold_cycle(fact)
            case LastCycle(report):
                if report is not None and self.report is None:
                    self._fold_cycle(report)
            case PairStatus():
                self._fold_pairs({**self.pairs, fact.pair_key: fact})
            case PairsListed(pairs):
                self._fold_pairs({pair.pair_key: pair for pair in pairs})
            case PnlReport():
                self._fold_report(fact)
            case Book():
                self._fold_book(fact)
            case SettingsView():
                self.settings = fact
                self.touch(Topic.CONFIG)
            case EventRecorded():
                self._fold_events((fact,))
            case EventsRead(events):
                self._fold_events(tuple(reversed(events)))
            case StoreHealth():
                self.store, self.store_problem = fact, ""
                self.touch(Topic.SYSTEM)
            case VenueHealth():
                self.venues[fact.venue] = fact
                self.touch(Topic.SYSTEM)

    def store_is_silent(self, why: str) -> None:
        """It could not say how it fares."""
        self.store_problem = why
        self.touch(Topic.SYSTEM)

    def touch(self, *topics: Topic) -> None:
        """Mark topics as changed."""
        self.revision += 1
        for topic in topics:
            self.changed[topic] = self.revision

    def events_after(self, revision: int, limit: int) -> tuple[EventRecorded, ...]:
        """Newest first: the newest ``limit`` of those that came after a revision."""
        new: list[EventRecorded] = []
        for event, came in zip(reversed(self.events), reversed(self._event_revisions), strict=True):
            if len(new) == limit:
                break
            if came > revision:
                new.append(event)
        return tuple(new)

    def _fold_cycle(self, report: CycleReport) -> None:
        if self.report is None or self.report.terms != report.terms:
            self.touch(Topic.CONFIG)
        self.report = report
        self.markets = {one.pair.key: one for one in report.snapshot.pairs}
        self.last_cycle = CycleSummary(
            cycle=report.cycle,
            started_at=report.started_at,
            ended_at=report.ended_at,
            duration=report.duration,
            funnel=report.funnel,
            guards=report.guards,
            silent_pairs=report.silent_pairs,
            problems=(*report.problems, *report.snapshot.problems),
            why=why(report),
        )
        self.touch(
            Topic.STATUS,
            Topic.POSITIONS,
            Topic.FUNDING_RATES,
            Topic.BALANCE,
        )

    def _fold_pairs(self, pairs: Mapping[str, PairStatus]) -> None:
        """These are all there are."""
        before = self.pairs
        self.pairs = {key: one for key, one in pairs.items() if one.state is not _FLAT}
        self.touch(Topic.POSITIONS, Topic.STATUS)
        if self.pairs.keys() != before.keys():
            self.touch(Topic.FUNDING_RATES)
        self.pairs_revision = self.revision

    def _fold_report(self, report: PnlReport) -> None:
        self.touch(
            Topic.STATUS,
            Topic.POSITIONS,
            Topic.PNL,
            Topic.EQUITY,
            Topic.BALANCE,
            Topic.ANALYTICS,
        )
        self.valued_at = report.at
        self.equity = None if report.equity is None else _shown(report.equity)
        if self.equity is not None and report.sampled:
            self.curve.add(self.equity)
            self.sampled_revision = self.revision
        self.open_pnl = {one.position_id: one for one in report.positions}
        self.analytics = report.analytics
        self.pnl_problems = report.problems
        self.periods, self.months = report.periods, report.months
        if sum(self.trades.add(trade, self.revision) for trade in report.new_trades):
            self.touch(Topic.TRADES)

    def _fold_book(self, book: Book) -> None:
        """The book is the answer to a question; a report told since then is the newer one."""
        self.touch(
            Topic.STATUS,
            Topic.POSITIONS,
            Topic.PNL,
            Topic.EQUITY,
            Topic.BALANCE,
            Topic.ANALYTICS,
            Topic.TRADES,
        )
        for trade in book.trades:
            self.trades.add(trade, self.revision)
        told_since = tuple(one.point for one in self.curve.since(None))
        self.curve = KeptPoints()
        for point in (*book.equity, *told_since):
            self.curve.add(_shown(point))
        self.sampled_revision = self.revision
        if self.valued_at is None or self.valued_at <= book.at:
            self.valued_at = book.at
            self.equity = self.curve.newest
            self.open_pnl = {one.position_id: one for one in book.positions}
            self.analytics = book.analytics
            self.periods, self.months = book.periods, book.months

    def _fold_events(self, events: tuple[EventRecorded, ...]) -> None:
        """Oldest first. Some may be known: an answer can overlap with what was told meanwhile."""
        if len(events) == 1 and (not self.events or self.events[-1].seq < events[0].seq):
            self.touch(Topic.EVENTS)
            self.events.append(events[0])
            self._event_revisions.append(self.revision)
            return
        known = {event.seq for event in self.events}
        new = [event for event in events if event.seq not in known]
        if not new:
            return
        self.touch(Topic.EVENTS)
        merged = sorted(
            (
                *zip(self.events, self._event_revisions, strict=True),
                *((event, self.revision) for event in new),
            ),
            key=lambda one: one[0].seq,
        )
        self.events = deque((event for event, _ in merged), EVENTS_KEPT)
        self._event_revisions = deque((came for _, came in merged), EVENTS_KEPT)


def _shown(point: EquityPoint) -> EquityPoint:
    """Without the marks: a curve in memory and on screen can do without them."""
    return replace(point, marks=()) if point.marks else point
