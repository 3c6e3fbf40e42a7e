"""What an account achieved, from its periodic equity and its closed trades.

Ratios come from returns on equity per period, never from returns of single trades, and stay n/a,
with the reason, while the data is too little.
"""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal

from actors.domain.equity_curve import EquityCurve
from actors.domain.ledger import EquityPoint
from actors.domain.results import Analytics, ClosedTrade
from actors.domain.trade_statistics import TradeStatistics

DAY = timedelta(days=1)


class AnalyticsBook:
    """Keeps the sums, so that a cycle pays for what is new and not for the whole history.

    ``period``: length of one equity return, counted from midnight UTC.
    """

    def __init__(self, period: timedelta = DAY) -> None:
        self._curve = EquityCurve(period)
        self._trades = TradeStatistics()

    def add_point(self, point: EquityPoint) -> None:
        """The next equity point; what is not newer than the last one changes nothing."""
        self._curve.add_point(point)

    def add_trade(self, trade: ClosedTrade) -> None:
        """The next closed trade, in the order of exits; told twice it counts once."""
        self._trades.add(trade)

    def add_capital(self, amount_usdt: Decimal) -> None:
        """Money paid in (+) or out (-) after the last point: it is not a result."""
        self._curve.add_capital(float(amount_usdt))

    def analytics(self) -> Analytics:
        curve, trades = self._curve, self._trades
        return Analytics(
            since=curve.since,
            until=curve.until,
            period=curve.period,
            total_return=curve.total_return(),
            apr=curve.apr(),
            sharpe=curve.sharpe(),
            sortino=curve.sortino(),
            max_drawdown=curve.max_drawdown(),
            max_drawdown_hours=curve.max_drawdown_hours(),
            win_rate=trades.win_rate(),
            profit_factor=trades.profit_factor(),
            expectancy_usdt=trades.expectancy(),
            average_win_usdt=trades.average_win(),
            average_loss_usdt=trades.average_loss(),
            longest_losing_run=trades.longest_losing_run(),
            average_holding_hours=trades.average_holding_hours(),
            median_holding_hours=trades.median_holding_hours(),
            best_trades_share=trades.best_trades_share(),
            by_pair=tuple(trades.by_pair()),
        )


def analytics(
    points: Iterable[EquityPoint], trades: Iterable[ClosedTrade], period: timedelta = DAY
) -> Analytics:
    """All at once: points oldest first, trades in the order of their exits."""
    book = AnalyticsBook(period)
    for point in points:
        book.add_point(point)
    for trade in trades:
        book.add_trade(trade)
    return book.analytics()
