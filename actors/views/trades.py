"""The closed trades in memory: in order of their exits, with their sums by pair."""

from bisect import bisect_left, insort
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from actors.domain.results import ClosedTrade, PnlSplit
from actors.views.messages import PairMonth
from actors.views.totals import NOTHING, added


class TradeList:
    """Every trade once, with the revision of the read model that brought it."""

    def __init__(self) -> None:
        self.closed: PnlSplit = NOTHING
        self._by_pair: dict[str, PnlSplit] = {}
        self._months: dict[tuple[str, str], tuple[int, PnlSplit]] = {}
        self._of_pair: dict[str, list[ClosedTrade]] = {}
        self._all: list[ClosedTrade] = []
        self._revisions: dict[str, int] = {}

    @property
    def by_pair(self) -> Mapping[str, PnlSplit]:
        return self._by_pair

    def pair_months(self) -> tuple[PairMonth, ...]:
        """By month of the exit, then by pair."""
        return tuple(
            PairMonth(month, pair_key, count, split)
            for (month, pair_key), (count, split) in sorted(self._months.items())
        )

    def add(self, trade: ClosedTrade, revision: int) -> bool:
        """False where the trade was known already."""
        if trade.position_id in self._revisions:
            return False
        self._revisions[trade.position_id] = revision
        insort(self._all, trade, key=_order)
        insort(self._of_pair.setdefault(trade.pair_key, []), trade, key=_order)
        self.closed = added(self.closed, trade.pnl)
        self._by_pair[trade.pair_key] = added(self._by_pair.get(trade.pair_key, NOTHING), trade.pnl)
        month = f"{trade.exit_at.astimezone(UTC):%Y-%m}"
        count, split = self._months.get((month, trade.pair_key), (0, NOTHING))
        self._months[month, trade.pair_key] = (count + 1, added(split, trade.pnl))
        return True

    def by_exit(self, pair_key: str | None = None) -> Sequence[ClosedTrade]:
        """All, or those of one pair, in the order of their exits."""
        return self._all if pair_key is None else self._of_pair.get(pair_key, [])

    def since(self, at: datetime) -> Sequence[ClosedTrade]:
        """Those closed then or later, in the order of their exits."""
        return self._all[bisect_left(self._all, at, key=lambda one: one.exit_at) :]

    def after(self, revision: int, limit: int) -> tuple[ClosedTrade, ...]:
        """Newest first: the newest ``limit`` of those that came after a revision."""
        new = [one for one in self._all if self._revisions[one.position_id] > revision]
        return tuple(reversed(new[-limit:]))

    def __len__(self) -> int:
        return len(self._all)


def _order(trade: ClosedTrade) -> tuple[datetime, str]:
    return (trade.exit_at, trade.position_id)
