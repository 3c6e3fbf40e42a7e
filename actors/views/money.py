"""Results, the equity curve, the account and the analytics, from the read model."""

from collections.abc import Sequence

from actors.domain.exact import total, total_of
from actors.domain.results import OpenPositionPnl
from actors.views.messages import AnalyticsView, BalanceView, Equity, GetEquity, Pnl
from actors.views.model import ReadModel, Topic
from actors.views.thinning import thinned
from actors.views.totals import added, summed

ANSWERS_KEPT = 8


def pnl(model: ReadModel) -> Pnl:
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
        total_net_usdt=(None if open_sum is None else total(model.trades.closed.net, open_sum.net)),
        by_pair=tuple(sorted(by_pair.items())),
        problems=(*model.pnl_problems, *_unmarked(positions)),
    )


def balance(model: ReadModel) -> BalanceView:
    notionals = [one.notional_usdt for one in model.open_pnl.values()]
    known = [one for one in notionals if one is not None]
    allocated = (
        total_of(known) if model.valued_at is not None and len(known) == len(notionals) else None
    )
    if model.report is None:
        return BalanceView(None, None, allocated, "no cycle has ended yet")
    snapshot = model.report.snapshot
    if snapshot.account is None:
        why = "; ".join(snapshot.problems) or "the venue did not answer"
        return BalanceView(snapshot.at, None, allocated, why)
    return BalanceView(snapshot.account.at, snapshot.account, allocated)


def analytics(model: ReadModel) -> AnalyticsView:
    return AnalyticsView(model.valued_at, model.analytics)


class EquityPages:
    """The last few questions about the curve, with their answers while it stays the same."""

    def __init__(self, model: ReadModel) -> None:
        self._model = model
        self._kept: dict[GetEquity, tuple[int, Equity]] = {}

    def answer(self, query: GetEquity) -> Equity:
        revision = self._model.changed[Topic.EQUITY]
        kept = self._kept.pop(query, None)
        if kept is None or kept[0] != revision:
            points = thinned(self._model.curve.since(query.since), query.points)
            kept = (revision, Equity(points))
        self._kept[query] = kept
        if len(self._kept) > ANSWERS_KEPT:
            del self._kept[next(iter(self._kept))]
        return kept[1]


def _unmarked(positions: Sequence[OpenPositionPnl]) -> tuple[str, ...]:
    return tuple(
        f"{one.pair_key}: only what is booked is counted; {', '.join(one.missing)}"
        for one in positions
        if one.total is None
    )
