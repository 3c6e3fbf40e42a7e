"""Misbehaviour on request and by chance: each kind comes about, is on record, and repeats."""

from collections.abc import Coroutine
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from actors.domain.orders import OrderReport, OrderRequest, OrderStatus, Side
from actors.venues.paper import Fault, FaultPlan, FaultTimes, PaperRules
from actors.venues.paper.chance import draw
from actors.venues.paper.faults import LASTING_FAULTS, ORDER_FAULTS
from actors.venues.port import VenueDown, VenueError, VenueRefused
from tests.venues.exchange import OTHER_PERP, PERP, SPOT, START, Exchange, settled

D = Decimal


@pytest.fixture
def exchange() -> Exchange:
    return Exchange()


def look_up(exchange: Exchange, client_id: str) -> OrderReport | None:
    return exchange.run(exchange.venue.look_up(client_id))


def seconds_since_start(exchange: Exchange) -> float:
    return (exchange.clock.now() - START).total_seconds()


def owned(exchange: Exchange) -> Decimal:
    return exchange.account().total_of("AAA")


def test_a_rejected_order_changes_nothing(exchange: Exchange) -> None:
    exchange.faults.request(Fault.REJECT)
    records = exchange.records
    with pytest.raises(VenueRefused):
        exchange.place(SPOT, Side.BUY, "1", "a")
    assert exchange.records == records
    assert look_up(exchange, "a") is None
    assert exchange.faults.count(Fault.REJECT) == 1
    assert exchange.place(SPOT, Side.BUY, "1", "a").status is OrderStatus.FILLED  # once


def test_an_order_may_get_lost_on_its_way(exchange: Exchange) -> None:
    exchange.faults.request(Fault.TIME_OUT_BEFORE)
    with pytest.raises(VenueError, match="no answer to a within 10 s") as error:
        exchange.place(SPOT, Side.BUY, "1", "a")
    assert not isinstance(error.value, VenueRefused)
    assert seconds_since_start(exchange) == 10
    exchange.pass_time(hours=1)
    assert look_up(exchange, "a") is None
    assert exchange.faults.count(Fault.TIME_OUT_BEFORE) == 1


def test_an_order_may_stand_though_its_answer_is_lost(exchange: Exchange) -> None:
    exchange.faults.request(Fault.TIME_OUT_AFTER)
    with pytest.raises(VenueError) as error:
        exchange.place(SPOT, Side.BUY, "1", "a")
    assert not isinstance(error.value, VenueRefused)
    report = look_up(exchange, "a")
    assert report is not None
    assert report.status is OrderStatus.FILLED
    assert report.fills[0].at == START  # not when the caller gave up
    assert exchange.faults.count(Fault.TIME_OUT_AFTER) == 1


def test_an_order_may_stand_and_not_be_found_for_a_while(exchange: Exchange) -> None:
    exchange.faults.request(Fault.BLIND)
    with pytest.raises(VenueError):
        exchange.place(SPOT, Side.BUY, "1", "a")
    assert look_up(exchange, "a") is None
    assert list(exchange.run(exchange.venue.fills_since(START))) == []
    with pytest.raises(VenueRefused) as refused:
        exchange.place(SPOT, Side.BUY, "1", "a")
    assert refused.value.code == "duplicate_client_id"
    assert owned(exchange) == D("0.999")  # the wallet cannot hide it
    exchange.restart()
    assert look_up(exchange, "a") is None
    exchange.pass_time(seconds=45)
    report = look_up(exchange, "a")
    assert report is not None
    assert report.status is OrderStatus.FILLED
    assert tuple(exchange.run(exchange.venue.fills_since(START))) == report.fills
    assert exchange.faults.count(Fault.BLIND) == 1


def test_a_late_answer_is_unknown_at_first(exchange: Exchange) -> None:
    exchange.faults.request(Fault.ANSWER_LATE)
    report = exchange.place(SPOT, Side.BUY, "1", "a")
    assert (report.status, report.fills) == (OrderStatus.UNKNOWN, ())
    assert look_up(exchange, "a") == report
    assert list(exchange.run(exchange.venue.fills_since(START))) == []
    exchange.pass_time(seconds=20)
    later = look_up(exchange, "a")
    assert later is not None
    assert later.status is OrderStatus.FILLED
    assert sum(one.quantity for one in later.fills) == 1
    assert exchange.faults.count(Fault.ANSWER_LATE) == 1


def test_an_order_may_fill_in_part(exchange: Exchange) -> None:
    exchange.faults.request(Fault.PARTIAL)
    report = exchange.place(SPOT, Side.BUY, "10", "a")
    filled = sum((one.quantity for one in report.fills), D(0))
    assert report.status is OrderStatus.PARTIAL
    assert D(1) <= filled <= D(9)
    assert filled % SPOT.lot_step == 0
    assert look_up(exchange, "a") == report
    assert owned(exchange) == filled * D("0.999")
    assert exchange.faults.count(Fault.PARTIAL) == 1


def test_a_part_of_one_lot_is_nothing(exchange: Exchange) -> None:
    exchange.faults.request(Fault.PARTIAL)
    report = exchange.place(PERP, Side.SELL, "0.1", "a")
    assert (report.status, report.fills) == (OrderStatus.REJECTED, ())
    assert look_up(exchange, "a") == report


def test_an_answer_may_list_its_fills_twice(exchange: Exchange) -> None:
    exchange.faults.request(Fault.REPEAT)
    report = exchange.place(SPOT, Side.BUY, "1", "a")
    assert len(report.fills) == 2
    assert report.fills[0] == report.fills[1]
    assert owned(exchange) == D("0.999")
    assert exchange.faults.count(Fault.REPEAT) == 1


def test_questions_may_be_answered_with_repetitions() -> None:
    exchange = Exchange(faults=FaultPlan(chances={Fault.REPEAT: 1}))
    exchange.market.prints = [settled(PERP.symbol, START + timedelta(hours=7), "0.001")]
    exchange.place(PERP, Side.SELL, "1", "a")
    exchange.pass_time(hours=8)
    fills = exchange.run(exchange.venue.fills_since(START))
    payments = exchange.run(exchange.venue.funding_payments_since(START))
    report = look_up(exchange, "a")
    assert report is not None
    assert (len(fills), len({one.fill_id for one in fills})) == (2, 1)
    assert (len(payments), len({one.payment_id for one in payments})) == (2, 1)
    assert len(report.fills) == 2
    assert exchange.faults.count(Fault.REPEAT) == 4


def test_an_answer_to_a_question_may_get_lost(exchange: Exchange) -> None:
    exchange.faults.request(Fault.LOSE_ANSWER)
    with pytest.raises(VenueError, match="no answer to account"):
        exchange.account()
    assert seconds_since_start(exchange) == 10
    assert exchange.account().equity_usdt == 10_000
    assert exchange.faults.count(Fault.LOSE_ANSWER) == 1


def test_an_outage_stops_everything_for_a_while(exchange: Exchange) -> None:
    exchange.faults.request(Fault.DOWN, lasting=timedelta(minutes=5))
    venue = exchange.venue
    records = exchange.records
    for minutes in (4, 1):
        for call in (
            venue.tickers(),
            venue.funding_rates(),
            venue.instruments(),
            venue.depth(SPOT),
            venue.funding_history(PERP, START, START),
            venue.account(),
            venue.look_up("a"),
            venue.fills_since(START),
            venue.funding_payments_since(START),
            venue.fee_rates(),
        ):
            with pytest.raises(VenueDown):
                exchange.run(call)
        with pytest.raises(VenueDown):
            exchange.place(SPOT, Side.BUY, "1", "a")
        exchange.pass_time(minutes=minutes)
    assert exchange.records == records
    assert exchange.faults.count(Fault.DOWN) == 1
    assert exchange.place(SPOT, Side.BUY, "1", "a").status is OrderStatus.FILLED


def test_an_outage_may_swallow_an_answer_on_its_way() -> None:
    exchange = Exchange(PaperRules(latency=timedelta(seconds=2)))
    call = exchange.venue.place(OrderRequest("a", SPOT, Side.BUY, D(1)))
    call.send(None)
    exchange.pass_time(seconds=2)
    call.send(None)  # arrived, filled, on its way back
    exchange.faults.request(Fault.DOWN, lasting=timedelta(minutes=1))
    exchange.pass_time(seconds=2)
    with pytest.raises(VenueDown):
        exchange.run(call)
    exchange.pass_time(minutes=2)
    report = look_up(exchange, "a")
    assert report is not None
    assert report.status is OrderStatus.FILLED


def test_funding_of_an_outage_is_paid_afterwards(exchange: Exchange) -> None:
    exchange.market.prints = [settled(PERP.symbol, START + timedelta(minutes=30), "0.001")]
    exchange.place(PERP, Side.SELL, "1")
    exchange.faults.request(Fault.DOWN, lasting=timedelta(hours=1))
    with pytest.raises(VenueDown):
        exchange.account()
    exchange.pass_time(hours=2)
    assert len(exchange.run(exchange.venue.funding_payments_since(START))) == 1


def test_tickers_may_stand_still(exchange: Exchange) -> None:
    exchange.faults.request(Fault.STALE_TICKERS, lasting=timedelta(minutes=10))
    first = exchange.run(exchange.venue.tickers())
    exchange.pass_time(minutes=9)
    exchange.market.set_price("AAA", "500")
    stale = exchange.run(exchange.venue.tickers())
    assert stale == first
    assert {one.as_of for one in stale} == {START}
    exchange.pass_time(minutes=1)
    fresh = exchange.run(exchange.venue.tickers())
    assert next(one.mark for one in fresh if one.symbol == SPOT.symbol) == 500
    assert {one.as_of for one in fresh} == {exchange.clock.now()}
    assert exchange.faults.count(Fault.STALE_TICKERS) == 1


def test_tickers_that_stand_still_again_are_those_of_then(exchange: Exchange) -> None:
    for price in (D(100), D(200)):
        exchange.market.set_price("AAA", price)
        exchange.faults.request(Fault.STALE_TICKERS, lasting=timedelta(minutes=10))
        tickers = exchange.run(exchange.venue.tickers())
        assert next(one.mark for one in tickers if one.symbol == SPOT.symbol) == price
        exchange.pass_time(minutes=30)


@pytest.mark.parametrize(("symbol", "left"), [(SPOT.symbol, 3), (None, 0)])
def test_tickers_may_be_missing(exchange: Exchange, symbol: str | None, left: int) -> None:
    exchange.faults.request(Fault.MISSING_TICKERS, symbol=symbol, lasting=timedelta(minutes=10))
    exchange.place(SPOT, Side.BUY, "1")
    tickers = exchange.run(exchange.venue.tickers())
    assert len(tickers) == left
    assert symbol not in {one.symbol for one in tickers}
    assert exchange.account().equity_usdt is not None  # the exchange itself is not blind
    exchange.pass_time(minutes=10)
    assert len(exchange.run(exchange.venue.tickers())) == 4
    assert exchange.faults.count(Fault.MISSING_TICKERS) == 1


def test_a_position_may_be_taken_behind_the_bot(exchange: Exchange) -> None:
    exchange.faults.request(Fault.ADL, symbol=PERP.symbol)
    exchange.place(OTHER_PERP, Side.SELL, "10")
    exchange.place(PERP, Side.SELL, "10")
    exchange.market.set_price("AAA", "90")
    state = exchange.account()
    assert -10 < state.perp_of(PERP.symbol) <= 0
    assert state.perp_of(OTHER_PERP.symbol) == -10
    (fill,) = (
        one
        for one in exchange.run(exchange.venue.fills_since(START))
        if one.client_id.startswith("adl-")
    )
    assert (fill.side, fill.price, fill.fee) == (Side.BUY, D(90), D(0))
    assert fill.quantity == 10 + state.perp_of(PERP.symbol)
    assert len(fill.client_id) <= 36
    report = look_up(exchange, fill.client_id)
    assert report is not None
    assert report.reason == "ADL"
    assert exchange.faults.count(Fault.ADL) == 1


def test_an_adl_by_chance_strikes_once_an_hour_at_most() -> None:
    exchange = Exchange(faults=FaultPlan(chances={Fault.ADL: 1}))
    exchange.place(PERP, Side.SELL, "90")
    for _ in range(12):
        exchange.pass_time(minutes=15)
        for _ in range(5):
            exchange.account()
        exchange.restart()
        exchange.place(PERP, Side.SELL, "1")  # something is open at any time
    assert 3 <= exchange.faults.count(Fault.ADL) <= 4


def test_an_adl_strikes_while_nobody_looks() -> None:
    exchange = Exchange(faults=FaultPlan(chances={Fault.ADL: 1}))
    exchange.place(PERP, Side.SELL, "90")
    exchange.pass_time(hours=2)
    exchange.restart()
    assert exchange.account().perp_of(PERP.symbol) > -90


def test_a_request_waits_for_its_symbol(exchange: Exchange) -> None:
    exchange.faults.request(Fault.REJECT, symbol=PERP.symbol)
    assert exchange.place(SPOT, Side.BUY, "1").status is OrderStatus.FILLED
    with pytest.raises(VenueRefused):
        exchange.place(PERP, Side.SELL, "1")


HOURS = 24 * 21


def run_of(seed: int, quiet_from: datetime | None = None) -> tuple[Exchange, list[str]]:
    """Three weeks in which a careless trader places an order every hour and asks three times."""
    chances = dict.fromkeys((*ORDER_FAULTS, *LASTING_FAULTS), 0.05)
    chances |= {Fault.LOSE_ANSWER: 0.05, Fault.ADL: 0.01}
    exchange = Exchange(faults=FaultPlan(seed, chances, FaultTimes(), quiet_from))
    answers, venue = [], exchange.venue
    for hour in range(HOURS):
        name, instrument = f"order-{hour}", (SPOT, PERP)[hour % 2]
        order = OrderRequest(name, instrument, (Side.BUY, Side.SELL)[hour // 2 % 2], D(2))
        calls: tuple[Coroutine[Any, Any, object], ...] = (
            venue.place(order),
            venue.tickers(),
            venue.account(),
            venue.look_up(name),
        )
        for call in calls:
            try:
                answers.append(repr(exchange.run(call)))
            except VenueError as error:
                answers.append(repr(error))
        exchange.clock.advance_to(exchange.clock.us_at(START + timedelta(hours=hour + 1)))
    return exchange, answers


def test_by_chance_everything_comes_about_and_all_of_it_repeats() -> None:
    one, answers = run_of(1)
    same, same_answers = run_of(1)
    other, _ = run_of(2)
    assert {happened.fault for happened in one.faults.happened} == set(Fault)
    assert one.faults.happened == same.faults.happened
    assert answers == same_answers
    assert one.records == same.records
    assert one.faults.happened != other.faults.happened


def test_chances_come_about_about_as_often_as_they_say() -> None:
    exchange, _ = run_of(1)
    for fault in (Fault.REJECT, Fault.TIME_OUT_AFTER, Fault.LOSE_ANSWER):
        assert 0.4 < exchange.faults.count(fault) / (0.05 * HOURS) < 2.5


def test_after_the_quiet_begins_nothing_more_happens() -> None:
    quiet_from = START + timedelta(days=7)
    exchange, _ = run_of(1, quiet_from)
    assert exchange.faults.happened
    assert all(one.at < quiet_from + timedelta(hours=1) for one in exchange.faults.happened)


def test_without_chances_nothing_happens(exchange: Exchange) -> None:
    for _ in range(50):
        exchange.place(PERP, Side.SELL, "0.1")
        exchange.pass_time(hours=1)
    assert exchange.faults.happened == []


@pytest.mark.parametrize(
    "chances", [{Fault.DOWN: 1.1}, {Fault.REJECT: -0.1}, {Fault.REJECT: 0.6, Fault.PARTIAL: 0.6}]
)
def test_impossible_chances_are_refused(chances: dict[Fault, float]) -> None:
    with pytest.raises(ValueError):
        FaultPlan(chances=chances)


def test_a_fault_by_chance_lasts_an_hour_at_most() -> None:
    with pytest.raises(ValueError, match="an hour"):
        FaultTimes(lasting=timedelta(hours=2))


def test_a_draw_depends_on_all_of_its_key_and_nothing_else() -> None:
    assert draw(1, "a") == draw(1, "a")
    assert len({draw(1, "a"), draw(1, "b"), draw(2, "a"), draw(1, "a", "")}) == 4
    draws = [draw(number) for number in range(1000)]
    assert all(0 <= one < 1 for one in draws)
    assert 0.45 < sum(draws) / 1000 < 0.55
