"""The equity curve with its drawdown, and the trades that lie under it."""

from datetime import datetime
from heapq import nlargest
from operator import attrgetter

from actors.domain.exact import difference, fraction
from actors.views.messages import CurvePoint, Equity, GetEquity, TradeMarker
from actors.views.model import ReadModel, Topic
from actors.views.thinning import OnCurve, thinned

ANSWERS_KEPT = 8
MOST_MARKERS = 500


class EquityPages:
    """The last few questions about the curve, with their answers while it stays the same."""

    def __init__(self, model: ReadModel) -> None:
        self._model = model
        self._kept: dict[GetEquity, tuple[tuple[int, int, int], Equity]] = {}

    def answer(self, query: GetEquity) -> Equity:
        changed = self._model.changed
        # What is opened moves no point of the curve, yet it is marked there.
        revisions = (
            self._model.sampled_revision,
            changed[Topic.TRADES],
            self._model.pairs_revision,
        )
        kept = self._kept.pop(query, None)
        if kept is None or kept[0] != revisions:
            kept = (revisions, equity(self._model, query))
        self._kept[query] = kept
        if len(self._kept) > ANSWERS_KEPT:
            del self._kept[next(iter(self._kept))]
        return kept[1]


def equity(model: ReadModel, query: GetEquity) -> Equity:
    curve = model.curve
    points = curve.since(query.since)
    if not points:
        return Equity((), _first(model), curve.peak_usdt)
    deepest = max(points, key=attrgetter("below"))
    shown = thinned(points, query.points)
    if query.points > 2 and all(one is not deepest for one in shown):
        shown = (*thinned(points, query.points - 1), deepest)
        shown = tuple(sorted(shown, key=attrgetter("at")))
    markers, left_out = _markers(model, points[0].at, points[-1].at)
    return Equity(
        points=tuple(map(curve_point, shown)),
        reference=_first(model),
        peak_usdt=curve.peak_usdt,
        deepest=curve_point(deepest) if deepest.equity_usdt < deepest.peak_usdt else None,
        trades=markers,
        trades_left_out=left_out,
    )


def curve_point(one: OnCurve) -> CurvePoint:
    below = difference(one.peak_usdt, one.equity_usdt)
    return CurvePoint(
        at=one.at,
        equity_usdt=one.equity_usdt,
        wallet_usdt=one.point.wallet_usdt,
        unrealised_usdt=one.point.unrealised_usdt,
        drawdown_usdt=below,
        drawdown=fraction(below, one.peak_usdt),
    )


def _first(model: ReadModel) -> CurvePoint | None:
    first = model.curve.first
    return None if first is None else curve_point(OnCurve.of(first, first.equity_usdt))


def _markers(
    model: ReadModel, since: datetime, until: datetime
) -> tuple[tuple[TradeMarker, ...], int]:
    """What was opened or closed in that time, by entry; and how many more there were."""
    opened = [
        TradeMarker(one.id, one.pair.key, one.opened_at, None, None)
        for one in (status.position for status in model.pairs.values())
        if one is not None and one.opened_at is not None and one.opened_at >= since
    ]
    closed = model.trades.by_exit(since=since)
    closed = [one for one in closed if one.trade.entry_at <= until]
    room = max(MOST_MARKERS - len(opened), 0)
    shown = nlargest(room, closed, key=lambda one: abs(one.net)) if len(closed) > room else closed
    markers = [
        TradeMarker(
            one.trade.position_id, one.trade.pair_key, one.trade.entry_at, one.exit_at, one.net
        )
        for one in shown
    ]
    found = sorted((*markers, *opened), key=lambda one: (one.entry_at, one.position_id))
    return tuple(found), len(closed) - len(shown)
