"""The equity curve with drawdown and markers; periods, balance and figures on their pages."""

from dataclasses import fields, replace
from datetime import timedelta

from actors.domain.account import Balance
from actors.domain.periods import Period, no_gain
from actors.domain.positions import PositionState
from actors.domain.results import Figure
from actors.views import messages as ask
from actors.views.equity import MOST_MARKERS
from tests.builders import NOON, D, account, pair_market
from tests.views import facts
from tests.views.test_pages import Front

HOUR = timedelta(hours=1)


def curve(*equities: str) -> Front:
    points = [facts.point(equity, hour) for hour, equity in enumerate(equities)]
    return Front(facts.book(equity=points))


def test_drawdown_from_the_running_peak() -> None:
    answer = curve("100", "120", "90", "150", "147").ask(ask.GetEquity())
    assert [(one.drawdown_usdt, one.drawdown) for one in answer.points] == [
        (0, 0),
        (0, 0),
        (30, D("0.25")),
        (0, 0),
        (3, D("0.02")),
    ]
    assert (answer.reference.equity_usdt, answer.peak_usdt) == (100, 150)
    assert (answer.deepest.at, answer.deepest.drawdown) == (NOON + 2 * HOUR, D("0.25"))


def test_a_later_beginning_still_knows_the_peak_before_it() -> None:
    answer = curve("100", "200", "150", "160").ask(ask.GetEquity(since=NOON + 2 * HOUR))
    assert [one.drawdown_usdt for one in answer.points] == [50, 40]
    assert answer.reference.equity_usdt == 100


def test_the_deepest_drawdown_is_never_thinned_away() -> None:
    """In a steep rise the trough lies high, and would be no extreme of its stretch."""
    steep = [str(100 + 10 * hour) for hour in range(100)]
    steep[90] = "620"
    front = curve(*steep)
    answer = front.ask(ask.GetEquity(points=6))
    assert len(answer.points) <= 6
    assert answer.deepest in answer.points
    # 990 before it, 620 at it.
    assert answer.deepest.drawdown == D("0.373737373737")


def test_a_curve_that_only_rises_has_no_drawdown() -> None:
    assert curve("100", "101").ask(ask.GetEquity()).deepest is None
    empty = Front().ask(ask.GetEquity())
    assert (empty.points, empty.reference, empty.peak_usdt) == ((), None, None)


def test_trades_are_marked_where_they_lie() -> None:
    points = [facts.point("100", hour) for hour in range(10)]
    trades = [facts.trade(2, net="5"), facts.trade(8, "ETH", net="-1")]
    front = Front(facts.book(trades, points), facts.status("SOL"))
    assert [
        (one.pair_key, one.entry_at, one.exit_at, one.net_usdt)
        for one in front.ask(ask.GetEquity()).trades
    ] == [
        ("BTC-USDT", NOON, NOON + 2 * HOUR, 5),
        ("ETH-USDT", NOON, NOON + 8 * HOUR, -1),
        ("SOL-USDT", NOON, None, None),
    ]
    late = front.ask(ask.GetEquity(since=NOON + 5 * HOUR))
    assert [one.pair_key for one in late.trades] == ["ETH-USDT"]
    # What is closed now is marked at once, though the curve has no new point.
    front.tell(
        facts.report(trades=[facts.trade(9, "SOL")]), facts.status("SOL", PositionState.FLAT)
    )
    assert [one.exit_at for one in front.ask(ask.GetEquity()).trades][2] == NOON + 9 * HOUR


def test_too_many_markers_are_those_that_made_most() -> None:
    trades = [facts.trade(n, net=str(n % 1000)) for n in range(1, 701)]
    front = Front(facts.book(trades, [facts.point("1", hour) for hour in (0, 900)]))
    answer = front.ask(ask.GetEquity())
    assert (len(answer.trades), answer.trades_left_out) == (MOST_MARKERS, 200)
    assert min(one.net_usdt for one in answer.trades) == 201


def test_periods_are_those_of_the_ledger() -> None:
    period = Period("today", NOON, no_gain("too short"))
    front = Front(replace(facts.report(facts.point()), periods=(period,)))
    assert front.ask(ask.GetPnl()).periods == (period,)


def test_balance() -> None:
    stated = replace(
        account("90000.5", margin_ratio=D("0.02"), equity_usdt=D(100_000)),
        balances=(
            Balance("USDT", D("90000.5")),
            Balance("BTC", D(2)),
            Balance("XYZ", D(7)),
            Balance("ETH", D(0)),
        ),
        initial_margin_usdt=D(500),
        maintenance_margin_usdt=D(100),
    )
    cycle = facts.cycle([pair_market("BTC")])
    cycle = replace(cycle, snapshot=replace(cycle.snapshot, account=stated))
    balance = Front(cycle).ask(ask.GetBalance())
    assert (balance.total_usdt, balance.available_usdt, balance.margin_ratio) == (
        100_000,
        stated.available_usdt,
        D("0.02"),
    )
    assert (balance.initial_margin_usdt, balance.maintenance_margin_usdt) == (500, 100)
    assert [(one.coin, one.total, one.value_usdt) for one in balance.coins] == [
        ("USDT", D("90000.5"), D("90000.5")),
        ("BTC", 2, 200),
        ("XYZ", 7, None),
    ]
    assert dict(balance.unknown) == {"allocated_usdt": "the ledger has not been read yet"}


def test_a_balance_that_is_not_stated_says_why() -> None:
    front = Front(facts.cycle(with_account=False, problems=("the venue is in maintenance",)))
    unknown = dict(front.ask(ask.GetBalance()).unknown)
    assert unknown["total_usdt"] == unknown["margin_ratio"] == "the venue is in maintenance"
    fresh = Front(facts.cycle()).ask(ask.GetBalance())
    assert dict(fresh.unknown)["margin_ratio"].startswith("there is no perpetual")


def test_every_figure_explains_itself() -> None:
    front = Front(facts.report(facts.point()))
    answer = front.ask(ask.GetAnalytics())
    analytics = answer.analytics
    named = {one.name for one in fields(analytics) if one.type in (Figure, "Figure")}
    assert {one.key for one in answer.figures} == named
    for one in answer.figures:
        assert one.meaning.endswith(".")
        assert one.unit in ("fraction", "ratio", "usdt", "hours", "trades")
        assert (one.value is None) == bool(one.reason)
    assert answer.period == timedelta(days=1)
