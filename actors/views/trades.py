"""The closed trades in memory: in order of their exits, with their sums by pair."""

from bisect import bisect_left, insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from actors.domain.results import ClosedTrade, PnlSplit
from actors.views.messages import PairMonth
from actors.views.totals import NOTHING, added


@dataclass(frozen=True, slots=True)
class Booked:
    """A trade with what is asked of it again and again."""

    trade: ClosedTrade
    exit_at: datetime
    net: Decimal
    price: Decimal
    fees: Decimal
    hours: float
    """Held, from entry to exit."""
    notional_hours: float
    """USDT of one leg x hours."""


class TradeList:
    """Every trade once, with the revision of the read model that brought it."""

    def __init__(self) -> None:
        self.closed: PnlSplit = NOTHING
        self._by_pair: dict[str, PnlSplit] = {}
        self._months: dict[tuple[str, str], tuple[int, PnlSplit]] = {}
        self._of_pair: dict[str, list[Booked]] = {}
        self._all: list[Booked] = []
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
        booked = _booked(trade)
        insort(self._all, booked, key=_order)
        insort(self._of_pair.setdefault(trade.pair_key, []), booked, key=_order)
        self.closed = added(self.closed, trade.pnl)
        self._by_pair[trade.pair_key] = added(self._by_pair.get(trade.pair_key, NOTHING), trade.pnl)
        month = f"{trade.exit_at.astimezone(UTC):%Y-%m}"
        count, split = self._months.get((month, trade.pair_key), (0, NOTHING))
        self._months[month, trade.pair_key] = (count + 1, added(split, trade.pnl))
        return True

    def by_exit(
        self,
        pair_key: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Sequence[Booked]:
        """All, or those of one pair, closed in ``since`` <= t < ``until``; in that order."""
        found = self._all if pair_key is None else self._of_pair.get(pair_key, [])
        first = 0 if since is None else bisect_left(found, since, key=_exit_at)
        end = len(found) if until is None else bisect_left(found, until, key=_exit_at)
        return found if (first, end) == (0, len(found)) else found[first:end]

    def after(self, revision: int, limit: int) -> tuple[ClosedTrade, ...]:
        """Newest first: the newest ``limit`` of those that came after a revision."""
        trades = (one.trade for one in self._all)
        new = [one for one in trades if self._revisions[one.position_id] > revision]
        return tuple(reversed(new[-limit:]))

    def __len__(self) -> int:
        return len(self._all)


def _booked(trade: ClosedTrade) -> Booked:
    hours = (trade.exit_at - trade.entry_at) / timedelta(hours=1)
    pnl = trade.pnl
    return Booked(
        trade=trade,
        exit_at=trade.exit_at,
        net=pnl.net,
        price=pnl.price,
        fees=pnl.fees,
        hours=hours,
        notional_hours=float(trade.notional_usdt) * hours,
    )


def _exit_at(booked: Booked) -> datetime:
    return booked.exit_at


def _order(booked: Booked) -> tuple[datetime, str]:
    return (booked.exit_at, booked.trade.position_id)
