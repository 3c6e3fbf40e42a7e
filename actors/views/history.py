"""The history page: trades by filter, with what they come to. Kept while no trade comes."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeVar

from actors.views.check import at_least
from actors.views.messages import (
    GetTrades,
    GetTradeSummary,
    TradeFilter,
    Trades,
    TradeSummary,
)
from actors.views.model import ReadModel, Topic
from actors.views.selection import chosen, in_order, summary, sums
from actors.views.trades import Booked

T = TypeVar("T")
ANSWERS_KEPT = 24


class HistoryPages:
    """What was worked out for the last few questions."""

    def __init__(self, model: ReadModel) -> None:
        self._model = model
        self._revision = -1
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()

    def trades(self, query: GetTrades) -> Trades:
        at_least(0, limit=query.limit, offset=query.offset)
        by, sort = query.filter, query.sort
        ordered = self._once((by, sort), lambda: self._in_order(by, sort))
        return Trades(
            total=len(ordered),
            trades=tuple(one.trade for one in ordered[query.offset : query.offset + query.limit]),
            sums=(
                None
                if self._model.valued_at is None
                else self._once((by, "sums"), lambda: sums(self._chosen(by)))
            ),
        )

    def summary(self, query: GetTradeSummary) -> TradeSummary:
        at_least(2, points=query.points)
        return self._once(query, lambda: summary(self._chosen(query.filter), query.points))

    def _chosen(self, by: TradeFilter) -> Sequence[Booked]:
        return self._once(by, lambda: chosen(self._model.trades, by))

    def _in_order(self, by: TradeFilter, sort: str) -> Sequence[Booked]:
        return in_order(self._chosen(by), sort)

    def _once(self, key: Hashable, make: Callable[[], T]) -> T:
        revision = self._model.changed[Topic.TRADES]
        if revision != self._revision:
            self._kept.clear()
            self._revision = revision
        if key not in self._kept:
            self._kept[key] = make()
        self._kept.move_to_end(key)
        if len(self._kept) > ANSWERS_KEPT:
            self._kept.popitem(last=False)
        kept: T = self._kept[key]
        return kept
