"""Closed trades folded one by one: win rate, profit factor, runs, holding times."""

from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from math import ceil

from actors.domain.exact import ZERO, total
from actors.domain.results import ClosedTrade, Figure, PairRecord, PnlSplit

BEST_SHARE = 0.1
"""The best tenth of the trades, at least one."""
NO_TRADES = "no closed trades"


@dataclass(slots=True)
class _PairTally:
    trades: int = 0
    wins: int = 0
    net: Decimal = ZERO
    funding: Decimal = ZERO
    fees: Decimal = ZERO
    price: Decimal = ZERO

    def add(self, pnl: PnlSplit) -> None:
        self.trades += 1
        self.wins += pnl.net > 0
        self.net = total(self.net, pnl.net)
        self.funding = total(self.funding, pnl.funding)
        self.fees = total(self.fees, pnl.fees)
        self.price = total(self.price, pnl.price)


class TradeStatistics:
    """Trades in the order of their exits; net results after all costs."""

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._pairs: dict[str, _PairTally] = {}
        self._nets: list[float] = []
        self._hours: list[float] = []
        self._profit = self._loss = 0.0
        self._wins = self._losses = 0
        self._run = self._longest_run = 0

    def add(self, trade: ClosedTrade) -> None:
        """One trade more; a position told twice counts once."""
        if trade.position_id in self._seen:
            return
        self._seen.add(trade.position_id)
        self._pairs.setdefault(trade.pair_key, _PairTally()).add(trade.pnl)
        net = float(trade.pnl.net)
        insort(self._nets, net)
        insort(self._hours, (trade.exit_at - trade.entry_at) / timedelta(hours=1))
        if net > 0:
            self._wins, self._profit = self._wins + 1, self._profit + net
        if net < 0:
            self._losses, self._loss = self._losses + 1, self._loss - net
        self._run = self._run + 1 if net < 0 else 0
        self._longest_run = max(self._longest_run, self._run)

    @property
    def count(self) -> int:
        return len(self._nets)

    def win_rate(self) -> Figure:
        return self._figure(self._wins, self.count)

    def profit_factor(self) -> Figure:
        """Gross profit / gross loss."""
        if not self.count:
            return Figure(None, 0, NO_TRADES)
        if not self._losses:
            return Figure(None, self.count, "no losing trades")
        return Figure(self._profit / self._loss, self.count)

    def expectancy(self) -> Figure:
        """Mean net result of a trade, USDT."""
        return self._figure(self._profit - self._loss, self.count)

    def average_win(self) -> Figure:
        if not self._wins:
            return Figure(None, 0, "no winning trades" if self.count else NO_TRADES)
        return Figure(self._profit / self._wins, self._wins)

    def average_loss(self) -> Figure:
        """Mean result of the losing trades, USDT: negative."""
        if not self._losses:
            return Figure(None, 0, "no losing trades" if self.count else NO_TRADES)
        return Figure(-self._loss / self._losses, self._losses)

    def longest_losing_run(self) -> Figure:
        return self._figure(self._longest_run, 1)

    def average_holding_hours(self) -> Figure:
        return self._figure(sum(self._hours), self.count)

    def median_holding_hours(self) -> Figure:
        if not self.count:
            return Figure(None, 0, NO_TRADES)
        low, high = self._hours[(self.count - 1) // 2], self._hours[self.count // 2]
        return Figure((low + high) / 2, self.count)

    def best_trades_share(self) -> Figure:
        """Share of the gross profit that the best tenth of the trades brought."""
        if not self.count:
            return Figure(None, 0, NO_TRADES)
        if not self._wins:
            return Figure(None, self.count, "no winning trades")
        best = self._nets[-ceil(BEST_SHARE * self.count) :]
        return Figure(sum(max(net, 0.0) for net in best) / self._profit, self.count)

    def by_pair(self) -> Sequence[PairRecord]:
        return [
            PairRecord(
                pair_key=key,
                trades=tally.trades,
                wins=tally.wins,
                win_rate=Figure(tally.wins / tally.trades, tally.trades),
                net_usdt=tally.net,
                funding_usdt=tally.funding,
                fees_usdt=tally.fees,
                price_usdt=tally.price,
            )
            for key, tally in sorted(self._pairs.items())
        ]

    def _figure(self, amount: float, divisor: int) -> Figure:
        return Figure(amount / divisor, self.count) if self.count else Figure(None, 0, NO_TRADES)
