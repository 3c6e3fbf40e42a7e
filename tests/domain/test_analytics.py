"""Statistics against plain formulas over the whole list."""

import statistics
from datetime import timedelta
from itertools import pairwise
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.domain.analytics import AnalyticsBook, analytics
from actors.domain.ledger import EquityPoint
from actors.domain.results import ClosedTrade, PnlSplit
from tests.domain.builders import NOW, D, hours

ZERO = D(0)


def point(hour: float, equity: float | str) -> EquityPoint:
    value = D(str(equity))
    return EquityPoint(NOW + hours(hour), value, value, ZERO)


def trade(
    number: int, net: float | str, pair: str = "AAA-USDT", held_hours: float = 24
) -> ClosedTrade:
    at = NOW + hours(24 * number)
    fees = D("-1")
    split = PnlSplit(ZERO, ZERO, D(str(net)) - fees, fees, ZERO, ZERO)
    return ClosedTrade(
        position_id=f"{pair}#{number}",
        pair_key=pair,
        spot_symbol="AAA/USDT",
        perp_symbol="AAA/USDT:USDT",
        entry_at=at - hours(held_hours),
        exit_at=at,
        quantity=D(1),
        notional_usdt=D(100),
        entry_spot_price=D(100),
        entry_perp_price=D(100),
        exit_spot_price=D(100),
        exit_perp_price=D(100),
        pnl=split,
        dust_quantity=ZERO,
    )


equities = st.lists(
    st.floats(900, 1100).map(lambda value: round(value, 2)), min_size=32, max_size=60
)


@given(equities)
def test_ratios_are_those_of_daily_returns(values: list[float]) -> None:
    result = analytics([point(24 * day, value) for day, value in enumerate(values)], [])
    returns = [b / a - 1 for a, b in pairwise(values)]
    losses = [one * one for one in returns if one < 0]
    if statistics.stdev(returns) > 1e-9:
        expected = statistics.mean(returns) / statistics.stdev(returns) * sqrt(365)
        assert result.sharpe.value == pytest.approx(expected, abs=1e-9)
    if losses:
        downside = sqrt(sum(losses) / len(returns))
        expected = statistics.mean(returns) / downside * sqrt(365)
        assert result.sortino.value == pytest.approx(expected, abs=1e-9)
    assert result.sharpe.samples == len(returns)
    assert result.total_return.value == pytest.approx(values[-1] / values[0] - 1)
    peaks = [max(values[: day + 1]) for day in range(len(values))]
    deepest = max(1 - value / peak for value, peak in zip(values, peaks, strict=True))
    assert result.max_drawdown.value == pytest.approx(deepest, abs=1e-12)


@given(equities, st.lists(st.integers(-50, 50), max_size=30))
def test_point_by_point_and_all_at_once_agree(values: list[float], nets: list[int]) -> None:
    points = [point(3 * number, value) for number, value in enumerate(values)]
    trades = [trade(number, net) for number, net in enumerate(nets)]
    book = AnalyticsBook()
    for one in points:
        book.add_point(one)
        book.analytics()
    for closed in trades:
        book.add_trade(closed)
        book.analytics()
    assert book.analytics() == analytics(points, trades)


def test_twenty_nine_returns_are_too_few() -> None:
    points = [point(24 * day, 1000 + day % 2) for day in range(31)]
    short = analytics(points[:30], []).sharpe
    assert (short.value, short.samples) == (None, 29)
    assert short.reason == "29 periodic returns, 30 are needed"
    assert analytics(points, []).sharpe.value is not None


def test_many_points_a_day_are_one_return_a_day() -> None:
    daily = [point(24 * day, 1000 + day % 3) for day in range(40)]
    hourly = [point(hour, 1000 + (hour // 24) % 3) for hour in range(39 * 24 + 1)]
    assert analytics(hourly, []).sharpe == analytics(daily, []).sharpe


def test_a_boundary_takes_the_last_value_only_while_it_is_fresh() -> None:
    late = [point(24 * day - 2, 1000 + day % 3) for day in range(1, 40)]
    assert analytics(late, []).sharpe.samples == 37
    stale = [point(24 * day - 7, 1000 + day % 3) for day in range(1, 40)]
    assert analytics(stale, []).sharpe.samples == 0


def test_a_gap_is_not_one_long_return() -> None:
    days = [*range(20), *range(30, 50)]
    points = [point(24 * day, 1000 + day) for day in days]
    assert analytics(points, []).sharpe.samples == 38


def test_the_length_of_the_deepest_drawdown() -> None:
    values = [100, 110, 99, 105, 110, 108, 120, 90, 95]
    points = [point(number, value) for number, value in enumerate(values)]
    recovered = analytics(points[:7], [])
    assert recovered.max_drawdown.value == pytest.approx(0.1)
    assert recovered.max_drawdown_hours.value == 3
    still_down = analytics(points, [])
    assert still_down.max_drawdown.value == pytest.approx(0.25)
    assert still_down.max_drawdown_hours.value == 2


def test_a_lost_account_shows_as_lost() -> None:
    result = analytics([point(0, 1000), point(24, 0), point(48, -50)], [])
    assert result.total_return.value == pytest.approx(-1.05)
    assert result.max_drawdown.value == pytest.approx(1.05)


def test_nothing_is_earned_on_no_capital() -> None:
    result = analytics([point(0, 0), point(24, 1000), point(48, 1100)], [])
    assert result.total_return.value == pytest.approx(0.1)


def test_money_paid_in_is_no_result() -> None:
    book = AnalyticsBook()
    book.add_point(point(0, 1000))
    book.add_point(point(24, 1100))
    book.add_capital(D(1100))
    book.add_point(point(48, 2200))
    book.add_point(point(72, 2420))
    result = book.analytics()
    assert result.total_return.value == pytest.approx(0.21)
    assert result.max_drawdown.value == 0


def test_apr_is_simple_and_needs_a_week() -> None:
    assert analytics([point(0, 1000), point(24 * 6, 1001)], []).apr.value is None
    year = analytics([point(0, 1000), point(24 * 73, 1010)], [])
    assert year.apr.value == pytest.approx(0.05)


def test_trades() -> None:
    nets = [5, -1, -2, 0, 20, -3, 4]
    trades = [trade(n, net, held_hours=n + 1) for n, net in enumerate(nets)]
    result = analytics([], [*trades, trades[0], trade(9, 7, "BBB-USDT", 100)])
    assert result.win_rate.value == 4 / 8
    assert result.profit_factor.value == 36 / 6
    assert result.expectancy_usdt.value == 30 / 8
    assert result.average_win_usdt.value == 9
    assert result.average_loss_usdt.value == -2
    assert result.longest_losing_run.value == 2
    assert result.average_holding_hours.value == (28 + 100) / 8
    assert result.median_holding_hours.value == 4.5
    assert result.best_trades_share.value == 20 / 36
    first, second = result.by_pair
    assert (first.pair_key, first.trades, first.wins) == ("AAA-USDT", 7, 3)
    assert (first.net_usdt, first.fees_usdt, first.funding_usdt) == (D(23), D(-7), D(30))
    assert (second.pair_key, second.net_usdt) == ("BBB-USDT", D(7))


def test_what_is_not_known_says_why() -> None:
    nothing = analytics([], [])
    figures = (
        nothing.total_return,
        nothing.apr,
        nothing.sharpe,
        nothing.sortino,
        nothing.max_drawdown,
        nothing.max_drawdown_hours,
        nothing.win_rate,
        nothing.profit_factor,
        nothing.expectancy_usdt,
        nothing.average_win_usdt,
        nothing.average_loss_usdt,
        nothing.longest_losing_run,
        nothing.average_holding_hours,
        nothing.median_holding_hours,
        nothing.best_trades_share,
    )
    assert all(one.value is None and one.reason for one in figures)
    assert nothing.by_pair == ()
    assert analytics([], [trade(1, 5)]).profit_factor.reason == "no losing trades"
    rising = analytics([point(24 * day, 1000 + day) for day in range(40)], [])
    assert rising.sortino.reason == "no losing period"
    flat = analytics([point(24 * day, 1000) for day in range(40)], [])
    assert flat.sharpe.reason == "the returns do not vary"


def test_the_period_can_be_shorter() -> None:
    points = [point(8 * number, 1000 + number % 2) for number in range(40)]
    eight = analytics(points, [], timedelta(hours=8))
    assert eight.sharpe.samples == 39
    returns = [float(b.equity_usdt / a.equity_usdt) - 1 for a, b in pairwise(points)]
    expected = statistics.mean(returns) / statistics.stdev(returns) * sqrt(3 * 365)
    assert eight.sharpe.value == pytest.approx(expected)


def test_a_trades_net_counts_all_costs() -> None:
    winner = trade(1, "0.5")
    assert winner.pnl.funding == D("1.5")
    assert analytics([], [winner]).expectancy_usdt.value == 0.5
