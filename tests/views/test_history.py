"""Trades by filter, and what they come to, worked out by hand."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.domain.results import ClosedTrade, PnlSplit
from actors.runtime import Rejected
from actors.views import messages as ask
from actors.views.selection import MOST_BINS, distribution
from tests.builders import NOON, D
from tests.views import facts
from tests.views.test_pages import Front

DAY = timedelta(days=1)


def made(
    number: int,
    base: str,
    price: str,
    funding: str,
    fees: str,
    slippage: str | None = "-0.5",
    **changes: Any,
) -> ClosedTrade:
    """The n-th: held for n days, closed n days after noon; 1,000 USDT a leg."""
    split = PnlSplit(
        D(price), D(0), D(funding), D(fees), D(0), None if slippage is None else D(slippage)
    )
    plain = replace(
        facts.trade(number, base),
        entry_at=NOON,
        exit_at=NOON + number * DAY,
        notional_usdt=D(1000),
        pnl=split,
        exit_reasons=("expected funding no longer pays",),
    )
    return replace(plain, **changes)


TRADES = (
    made(1, "BTC", "-2", "5", "-1"),  # net 2
    made(2, "ETH", "1", "1", "-5"),  # net -3
    made(3, "BTC", "0.5", "9.5", "-3"),  # net 7
    made(4, "SOL", "0", "0", "-1", None, failed_open=True, exit_reasons=()),  # net -1
    made(5, "ETH", "1", "0", "-1", exit_reasons=("Stop: asked for by a person",)),  # net 0
)


@pytest.fixture
def front() -> Front:
    return Front(facts.book(TRADES))


def numbers(answer: ask.Trades) -> list[int]:
    return [int(one.position_id.rpartition("#")[2]) for one in answer.trades]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (ask.GetTrades(), [5, 4, 3, 2, 1]),
        (ask.GetTrades(sort="exit_at"), [1, 2, 3, 4, 5]),
        (ask.GetTrades(pair_key="ETH-USDT"), [5, 2]),
        (ask.GetTrades(result="win"), [3, 1]),
        (ask.GetTrades(result="loss"), [4, 2]),
        (ask.GetTrades(since=NOON + 2 * DAY, until=NOON + 4 * DAY), [3, 2]),
        (ask.GetTrades(exit_reason="STOP"), [5]),
        (ask.GetTrades(exit_reason="failed"), [4]),
        (ask.GetTrades(exit_reason="nothing of the kind"), []),
        (ask.GetTrades(sort="-net"), [3, 1, 5, 4, 2]),
        (ask.GetTrades(sort="net"), [2, 4, 5, 1, 3]),
        (ask.GetTrades(sort="pair"), [1, 3, 2, 5, 4]),
        (ask.GetTrades(sort="-pair"), [4, 5, 2, 3, 1]),
        (ask.GetTrades(sort="-holding", limit=2, offset=1), [4, 3]),
        (ask.GetTrades(sort="fees", limit=1), [2]),
        (ask.GetTrades(pair_key="BTC-USDT", result="win", sort="funding"), [1, 3]),
    ],
)
def test_filters_and_order(front: Front, query: ask.GetTrades, found: list[int]) -> None:
    assert numbers(front.ask(query)) == found


def test_the_sums_are_of_all_that_the_filter_lets_through(front: Front) -> None:
    answer = front.ask(ask.GetTrades(limit=1))
    assert (answer.total, len(answer.trades)) == (5, 1)
    sums = answer.sums
    assert (sums.trades, sums.wins, sums.losses, sums.notional_usdt) == (5, 2, 2, 5000)
    assert (sums.pnl.price, sums.pnl.funding, sums.pnl.fees, sums.pnl.net) == (
        D("0.5"),
        D("15.5"),
        D(-11),
        D(5),
    )
    assert (sums.pnl.slippage, sums.slippage_unknown) == (None, 1)
    of_btc = front.ask(ask.GetTrades(pair_key="BTC-USDT")).sums
    assert (of_btc.trades, of_btc.pnl.net, of_btc.pnl.slippage) == (2, 9, -1)


def test_a_new_trade_is_in_the_next_answer(front: Front) -> None:
    assert front.ask(ask.GetTrades(result="win")).total == 2
    assert front.ask(ask.GetTradeSummary()).sums.trades == 5
    front.tell(facts.report(trades=[made(6, "BTC", "0", "4", "-1")]))
    answer = front.ask(ask.GetTrades(result="win"))
    assert (answer.total, answer.sums.pnl.net) == (3, 12)
    assert front.ask(ask.GetTradeSummary()).sums.trades == 6


def test_the_summary_by_hand(front: Front) -> None:
    whole = front.ask(ask.GetTradeSummary())
    assert (whole.win_rate.value, whole.win_rate.samples) == (0.4, 5)
    assert whole.mean_holding_hours.value == 72
    # 5 on 1,000 USDT held for 15 days.
    assert whole.apr.value == pytest.approx(5 / (1000 * 15 / 365))
    assert [(one.at - NOON, one.net_usdt) for one in whole.cumulative] == [
        (1 * DAY, 2),
        (2 * DAY, -1),
        (3 * DAY, 6),
        (4 * DAY, 5),
        (5 * DAY, 5),
    ]
    assert [one.pair_key for one in whole.by_pair] == ["BTC-USDT", "SOL-USDT", "ETH-USDT"]
    eth = whole.by_pair[2]
    assert (eth.sums.pnl.net, eth.win_rate.value, eth.mean_holding_hours.value) == (-3, 0, 84)
    assert eth.apr.value == pytest.approx(-3 / (1000 * 7 / 365))
    sol = whole.by_pair[1]
    assert sol.apr.value is None
    assert sol.apr.reason == "held for 4.0 days, 7 are needed"


def test_the_summary_of_nothing_says_so(front: Front) -> None:
    nothing = front.ask(ask.GetTradeSummary(pair_key="XLM-USDT"))
    assert (nothing.sums.trades, nothing.cumulative, nothing.distribution, nothing.by_pair) == (
        0,
        (),
        (),
        (),
    )
    for figure in (nothing.win_rate, nothing.mean_holding_hours, nothing.apr):
        assert (figure.value, figure.reason) == (None, "no closed trades")


def test_a_page_of_few_points_keeps_the_extremes() -> None:
    nets = ["1"] * 50 + ["-200"] + ["1"] * 50 + ["500"] + ["1"] * 50
    front = Front(facts.book([facts.trade(n, net=net) for n, net in enumerate(nets, 1)]))
    cumulative = front.ask(ask.GetTradeSummary(points=12)).cumulative
    assert len(cumulative) <= 12
    assert min(one.net_usdt for one in cumulative) == -150
    assert cumulative[-1].net_usdt == 450
    with pytest.raises(Rejected):
        front.ask(ask.GetTradeSummary(points=1))


def test_bins_are_round_and_one_edge_is_zero() -> None:
    bins = distribution([D(one) for one in ("-3", "-1", "0", "2", "7")])
    # Quartiles -1 and 2: 2 x 3 / 5^(1/3) = 3.5, so 5.
    assert [(one.from_usdt, one.to_usdt, one.trades) for one in bins] == [
        (D(-5), D(0), 2),
        (D(0), D(5), 2),
        (D(5), D(10), 1),
    ]
    same = distribution([D("0.3")] * 4)
    assert [(one.from_usdt, one.to_usdt, one.trades) for one in same] == [(D("0.0"), D("0.5"), 4)]
    assert distribution([D(0)]) == (ask.ResultBin(D(0), D(1), 1),)


@given(st.lists(st.decimals(-100_000, 100_000, places=6), min_size=1, max_size=200))
def test_every_trade_is_in_the_bin_that_holds_it(nets: list[Decimal]) -> None:
    bins = distribution(nets)
    assert len(bins) <= MOST_BINS + 1
    assert sum(one.trades for one in bins) == len(nets)
    for one in bins:
        assert one.trades == sum(one.from_usdt <= net < one.to_usdt for net in nets)
    assert all(one.to_usdt == other.from_usdt for one, other in pairwise(bins))
    if min(nets) < 0 <= max(nets):
        assert 0 in [one.from_usdt for one in bins]


def test_by_pair_and_month(front: Front) -> None:
    later = made(6, "BTC", "0", "4", "-1", exit_at=datetime(2025, 4, 1, tzinfo=UTC))
    front.tell(facts.report(trades=[later]))
    months = front.ask(ask.GetAnalytics()).pair_months
    assert [(one.month, one.pair_key, one.trades, one.pnl.net) for one in months] == [
        ("2025-03", "BTC-USDT", 2, 9),
        ("2025-03", "ETH-USDT", 2, -3),
        ("2025-03", "SOL-USDT", 1, -1),
        ("2025-04", "BTC-USDT", 1, 3),
    ]
