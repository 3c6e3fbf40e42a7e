"""Funding on paper: each settlement once, on what was held when it came, however late seen."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.domain.orders import Fill, Side
from actors.domain.payments import FundingPayment
from actors.venues.paper import PaperRules
from actors.venues.paper.account import PaperAccount
from actors.venues.paper.funding import due, forget_closed
from actors.venues.paper.records import Opened, traded
from tests.venues.exchange import OTHER_PERP, PERP, START, Exchange, settled

D = Decimal
EARLY = datetime(2025, 1, 1, tzinfo=UTC)


def at(hour: int) -> datetime:
    """``hour`` hours after 2025-03-01 00:00; the exchanges here start at hour 1."""
    return datetime(2025, 3, 1, tzinfo=UTC) + timedelta(hours=hour)


def payments(exchange: Exchange, since: datetime = EARLY) -> Sequence[FundingPayment]:
    return exchange.run(exchange.venue.funding_payments_since(since))


@pytest.fixture
def exchange() -> Exchange:
    exchange = Exchange()
    exchange.market.prints = [
        settled(PERP.symbol, at(0), "0.9"),
        settled(PERP.symbol, at(8), "0.001"),
        settled(PERP.symbol, at(16), "-0.002", mark="120"),
        settled(PERP.symbol, at(20), "0.003", hours=4),
    ]
    return exchange


def test_a_short_receives_a_positive_rate_and_pays_a_negative_one(exchange: Exchange) -> None:
    exchange.place(PERP, Side.SELL, "10")
    before = exchange.account().total_of("USDT")
    exchange.pass_time(hours=18)
    paid = payments(exchange)
    assert [(one.at, one.amount) for one in paid] == [(at(8), D(1)), (at(16), D("-2.4"))]
    assert paid[0] == FundingPayment(
        "alpha",
        f"{PERP.symbol}@2025-03-01T08:00:00Z",
        PERP.symbol,
        at(8),
        D("1.00000000"),
        "USDT",
        D("0.001"),
        D(-10),
        D(100),
    )
    assert exchange.account().total_of("USDT") == before + D(1) - D("2.4")


def test_a_long_pays_what_a_short_receives(exchange: Exchange) -> None:
    exchange.place(PERP, Side.BUY, "10")
    exchange.pass_time(hours=8)
    assert [one.amount for one in payments(exchange)] == [D(-1)]


def test_a_settlement_is_paid_once_whoever_asks_and_how_often(exchange: Exchange) -> None:
    exchange.place(PERP, Side.SELL, "10")
    for _ in range(5):
        exchange.pass_time(hours=5)
        payments(exchange)
        exchange.account()
        exchange.restart()
        payments(exchange)
    assert [one.at for one in payments(exchange)] == [at(8), at(16), at(20)]


def test_nothing_is_paid_for_what_was_held_before_or_after(exchange: Exchange) -> None:
    exchange.pass_time(hours=8)  # 09:00
    exchange.place(PERP, Side.SELL, "10")
    exchange.pass_time(hours=6)  # 15:00
    exchange.place(PERP, Side.BUY, "10", reduce_only=True)
    exchange.pass_time(hours=24)
    assert payments(exchange) == ()


def test_a_fill_in_the_instant_of_a_settlement_comes_after_it(exchange: Exchange) -> None:
    exchange.pass_time(hours=7)
    assert exchange.clock.now() == at(8)
    exchange.place(PERP, Side.SELL, "10")
    exchange.pass_time(hours=8)
    exchange.place(PERP, Side.BUY, "10", reduce_only=True)
    assert [(one.at, one.quantity) for one in payments(exchange)] == [(at(16), D(-10))]


def test_settlements_missed_in_a_pause_are_paid_on_what_was_held_at_each(
    exchange: Exchange,
) -> None:
    exchange.place(PERP, Side.SELL, "10")
    exchange.pass_time(hours=9)  # 10:00
    exchange.place(PERP, Side.SELL, "5")
    exchange.pass_time(hours=8)  # 18:00
    exchange.place(PERP, Side.BUY, "12", reduce_only=True)
    exchange.pass_time(days=9)
    exchange.restart()
    assert [(one.at, one.quantity) for one in payments(exchange)] == [
        (at(8), D(-10)),
        (at(16), D(-15)),
        (at(20), D(-3)),
    ]


def test_a_print_published_late_is_paid_on_what_was_held_then(exchange: Exchange) -> None:
    (late,) = [one for one in exchange.market.prints if one.at == at(8)]
    exchange.market.prints.remove(late)
    exchange.place(PERP, Side.SELL, "10")
    exchange.pass_time(hours=7, minutes=1)
    exchange.place(PERP, Side.BUY, "10", reduce_only=True)
    assert payments(exchange) == ()
    exchange.market.prints.append(late)
    exchange.pass_time(minutes=5)
    assert [(one.at, one.quantity) for one in payments(exchange)] == [(at(8), D(-10))]


def test_a_fill_in_the_instant_of_a_settlement_comes_after_it_though_its_print_is_late(
    exchange: Exchange,
) -> None:
    prints, exchange.market.prints = exchange.market.prints, []
    exchange.place(PERP, Side.SELL, "10")
    exchange.pass_time(hours=7)
    assert exchange.clock.now() == at(8)
    exchange.place(PERP, Side.SELL, "5")
    exchange.market.prints = prints
    assert [(one.at, one.quantity) for one in payments(exchange)] == [(at(8), D(-10))]


def test_two_questions_at_once_do_not_pay_twice(exchange: Exchange) -> None:
    exchange.place(PERP, Side.SELL, "10")
    exchange.pass_time(hours=8)
    exchange.market.delay = timedelta(seconds=1)
    both = [exchange.venue.funding_payments_since(EARLY) for _ in range(2)]
    for call in both:
        call.send(None)  # each has asked the market for prints and waits
    exchange.pass_time(seconds=1)
    for call in both:
        assert [one.at for one in exchange.run(call)] == [at(8)]


def test_an_unpaid_settlement_is_not_forgotten_after_the_closing() -> None:
    fill = Fill(
        "alpha", "1-1", "a", PERP.symbol, PERP.market, Side.SELL, D(10), D(100), D(0), "USDT", START
    )
    closing = replace(fill, fill_id="2-1", client_id="b", side=Side.BUY, at=at(9))
    account = PaperAccount(
        [
            Opened(START, "USDT", D(1000)),
            traded(START, 1, "a", PERP, Side.SELL, D(10), (fill,)),
            traded(at(9), 2, "b", PERP, Side.BUY, D(10), (closing,)),
        ]
    )
    prints = {PERP.symbol: [settled(PERP.symbol, at(8), "0.001", mark=None)]}
    later = at(20)
    assert due(account, prints, {}, "alpha", later) == ()
    forget_closed(account, prints, later)
    (paid,) = due(account, prints, {PERP.symbol: D(100)}, "alpha", later)
    assert paid.payment.amount == 1
    account.apply(paid)
    forget_closed(account, prints, later)
    assert account.watches == {}


def test_without_a_recorded_mark_the_price_counts(exchange: Exchange) -> None:
    exchange.market.prints = [settled(PERP.symbol, at(8), "0.001", mark=None)]
    exchange.place(PERP, Side.SELL, "10")
    exchange.market.set_price("AAA", "150")
    exchange.pass_time(hours=8)
    (payment,) = payments(exchange)
    assert (payment.mark_price, payment.amount) == (D(150), D("1.5"))


def test_without_any_mark_the_payment_waits(exchange: Exchange) -> None:
    exchange.market.prints = [
        settled(PERP.symbol, at(8), "0.001", mark=None),
        settled(PERP.symbol, at(16), "0.001", mark="100"),
    ]
    exchange.place(PERP, Side.SELL, "10")
    price = exchange.market.prices.pop(PERP.symbol)
    exchange.pass_time(hours=20)
    assert payments(exchange) == ()
    exchange.market.prices[PERP.symbol] = price
    assert [one.at for one in payments(exchange)] == [at(8), at(16)]


def test_payments_are_listed_in_order_after_a_time(exchange: Exchange) -> None:
    exchange.market.prints.append(settled(OTHER_PERP.symbol, at(12), "0.001"))
    exchange.place(PERP, Side.SELL, "10")
    exchange.place(OTHER_PERP, Side.SELL, "10")
    exchange.pass_time(hours=30)
    assert [one.at for one in payments(exchange)] == [at(8), at(12), at(16), at(20)]
    assert [one.at for one in payments(exchange, at(12))] == [at(16), at(20)]


def test_a_closed_perpetual_is_not_asked_about_for_ever(exchange: Exchange) -> None:
    exchange.place(PERP, Side.SELL, "10")
    exchange.place(PERP, Side.BUY, "10", reduce_only=True)
    exchange.pass_time(hours=2)
    exchange.account()
    exchange.market.asked.clear()
    exchange.account()
    assert exchange.market.asked == []
    exchange.place(PERP, Side.SELL, "10")
    exchange.account()
    assert exchange.market.asked == [exchange.clock.now()]


steps = st.lists(
    st.tuples(
        st.integers(0, 30),  # hours that pass first
        st.integers(-30, 30),  # lots of 1 bought (+) or sold (-); 0 = only look
        st.booleans(),  # the process is lost
    ),
    max_size=12,
)


@given(steps)
def test_every_settlement_is_paid_on_the_quantity_held_then(
    script: list[tuple[int, int, bool]],
) -> None:
    """Against the plainest possible bookkeeping: go through all hours and ask what was held."""
    exchange = Exchange(PaperRules(starting_balance=D(10**7), latency=timedelta(0)))
    exchange.market.prints = [
        settled(PERP.symbol, at(hour), f"0.000{hour % 7 + 1}", mark=f"{100 + hour % 9}", hours=4)
        for hour in range(0, 24 * 20, 4)
    ]
    trades: list[tuple[datetime, int]] = []
    for hours, lots, lost in script:
        exchange.pass_time(hours=hours)
        if lost:
            exchange.restart()
        if lots:
            exchange.place(PERP, Side.BUY if lots > 0 else Side.SELL, str(abs(lots)))
            trades.append((exchange.clock.now(), lots))
        else:
            payments(exchange)
    expected = []
    for one in exchange.market.prints:
        held = sum(lots for when, lots in trades if when < one.at)
        if held and START < one.at <= exchange.clock.now():
            assert one.mark_price is not None
            expected.append((one.at, -held * one.mark_price * one.rate))
    found = payments(exchange)
    assert [(one.at, one.amount) for one in found] == expected
    assert len({one.payment_id for one in found}) == len(found)
