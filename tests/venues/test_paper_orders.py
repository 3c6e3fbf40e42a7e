"""Orders on paper: what fills, at what price and fee, and what is refused without a trace."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from actors.domain.instruments import Instrument
from actors.domain.orders import OrderRequest, OrderStatus, Side
from actors.venues.paper import FaultPlan, PaperRules
from actors.venues.port import VenueRefused
from tests.venues.exchange import PERP, SPOT, START, Exchange

D = Decimal
NO_LATENCY = timedelta(0)


@pytest.fixture
def exchange() -> Exchange:
    return Exchange()


def order(instrument: Instrument, side: Side, quantity: str, client_id: str) -> OrderRequest:
    return OrderRequest(client_id, instrument, side, D(quantity))


def refusal(
    exchange: Exchange,
    instrument: Instrument,
    side: Side,
    quantity: str,
    client_id: str | None = None,
    *,
    reduce_only: bool = False,
) -> str:
    """The code of the refusal; nothing has changed by it."""
    before, records = exchange.account(), exchange.records
    with pytest.raises(VenueRefused) as refused:
        exchange.place(instrument, side, quantity, client_id, reduce_only=reduce_only)
    assert exchange.account() == before
    assert exchange.records == records
    return refused.value.code


def test_a_spot_buy_pays_its_fee_in_the_base_coin(exchange: Exchange) -> None:
    report = exchange.place(SPOT, Side.BUY, "10")
    (fill,) = report.fills
    assert report.status is OrderStatus.FILLED
    assert (fill.quantity, fill.price, fill.fee, fill.fee_coin) == (D(10), D(101), D("0.01"), "AAA")
    account = exchange.account()
    assert account.total_of("AAA") == D("9.99")
    assert account.total_of("USDT") == 10_000 - 1010


def test_what_was_bought_cannot_be_sold_in_full(exchange: Exchange) -> None:
    exchange.place(SPOT, Side.BUY, "10")
    assert refusal(exchange, SPOT, Side.SELL, "10") == "insufficient_funds"
    report = exchange.place(SPOT, Side.SELL, "9.99")
    (fill,) = report.fills
    assert (fill.price, fill.fee, fill.fee_coin) == (D(99), D("0.98901"), "USDT")
    assert exchange.account().total_of("AAA") == 0


def test_a_venue_may_take_every_fee_in_quote_coins() -> None:
    exchange = Exchange(PaperRules(latency=NO_LATENCY, spot_fee_in_base=False))
    (fill,) = exchange.place(SPOT, Side.BUY, "10").fills
    assert (fill.fee, fill.fee_coin) == (D("1.01"), "USDT")
    assert exchange.account().total_of("AAA") == 10


def test_a_short_is_not_a_cash_sale(exchange: Exchange) -> None:
    (fill,) = exchange.place(PERP, Side.SELL, "10").fills
    assert (fill.price, fill.fee, fill.fee_coin) == (D(99), D("0.5445"), "USDT")
    account = exchange.account()
    assert account.total_of("USDT") == 10_000 - D("0.5445")
    assert account.perp_of(PERP.symbol) == -10
    assert account.initial_margin_usdt == 500  # 10 x 100 at mark / leverage 2
    # The loss not realised (sold at 99, marked at 100) is not there to be spent either.
    assert account.available_usdt == 10_000 - D("0.5445") - 500 - 10


def test_closing_a_short_moves_its_result_into_the_wallet(exchange: Exchange) -> None:
    exchange.place(PERP, Side.SELL, "10")
    exchange.market.set_price("AAA", "80")
    exchange.place(PERP, Side.BUY, "4", reduce_only=True)
    fees = D("0.5445") + D("4") * D("80.8") * D("0.00055")
    assert exchange.account().total_of("USDT") == 10_000 - fees + 4 * (99 - D("80.8"))
    assert exchange.account().perp_of(PERP.symbol) == -6


def test_a_big_order_walks_up_the_book(exchange: Exchange) -> None:
    exchange.market.level_size = D(20)
    report = exchange.place(SPOT, Side.BUY, "50")
    assert [(one.quantity, one.price) for one in report.fills] == [
        (D(20), D(101)),
        (D(20), D(102)),
        (D(10), D(103)),
    ]
    assert len({one.fill_id for one in report.fills}) == 3


def test_what_the_book_does_not_hold_is_cancelled(exchange: Exchange) -> None:
    exchange.market.level_size = D(10)
    report = exchange.place(PERP, Side.SELL, "40")
    assert report.status is OrderStatus.PARTIAL
    assert sum(one.quantity for one in report.fills) == 30
    assert exchange.account().perp_of(PERP.symbol) == -30
    assert exchange.run(exchange.venue.look_up(report.client_id)) == report


def test_fees_are_rounded_as_exchanges_book_them(exchange: Exchange) -> None:
    exchange.market.set_price("AAA", "100.123457")
    (fill,) = exchange.place(PERP, Side.SELL, "0.1").fills
    assert fill.fee == (D("0.1") * fill.price * D("0.00055")).quantize(D("1e-8"))


@pytest.mark.parametrize(
    ("instrument", "side", "quantity", "code"),
    [
        (SPOT, Side.BUY, "0.01", "below_minimum"),  # quantity
        (SPOT, Side.BUY, "0.04", "below_minimum"),  # 4.04 USDT
        (PERP, Side.SELL, "0", "other"),
        (PERP, Side.SELL, "-1", "other"),
        (PERP, Side.SELL, "NaN", "other"),
        (PERP, Side.SELL, "0.15", "other"),  # lot step 0.1
        (SPOT, Side.BUY, "5000.01", "other"),  # largest market order 5000
        (SPOT, Side.BUY, "99.01", "insufficient_funds"),  # x 101 is 10,000.01
        (PERP, Side.SELL, "250", "insufficient_funds"),
        (SPOT, Side.SELL, "1", "insufficient_funds"),
        (replace(SPOT, symbol="ZZZ/USDT", base="ZZZ"), Side.BUY, "1", "closed_symbol"),
    ],
)
def test_orders_that_break_a_rule_are_refused_and_change_nothing(
    exchange: Exchange, instrument: Instrument, side: Side, quantity: str, code: str
) -> None:
    assert refusal(exchange, instrument, side, quantity) == code


def test_a_symbol_without_offers_is_closed(exchange: Exchange) -> None:
    exchange.market.levels = 0
    assert refusal(exchange, SPOT, Side.BUY, "1") == "closed_symbol"


@pytest.mark.parametrize("client_id", ["", "x" * 37])
def test_client_ids_have_a_length(exchange: Exchange, client_id: str) -> None:
    with pytest.raises(VenueRefused) as refused:
        exchange.run(exchange.venue.place(order(SPOT, Side.BUY, "1", client_id)))
    assert refused.value.code == "other"


def test_a_client_id_is_used_once_for_ever(exchange: Exchange) -> None:
    first = exchange.place(SPOT, Side.BUY, "1", "mine")
    assert refusal(exchange, SPOT, Side.BUY, "1", "mine") == "duplicate_client_id"
    exchange.restart()
    assert refusal(exchange, PERP, Side.SELL, "1", "mine") == "duplicate_client_id"
    assert exchange.run(exchange.venue.look_up("mine")) == first


def test_a_refused_client_id_may_be_used_again(exchange: Exchange) -> None:
    assert refusal(exchange, SPOT, Side.BUY, "1000", "mine") == "insufficient_funds"
    assert exchange.run(exchange.venue.look_up("mine")) is None
    assert exchange.place(SPOT, Side.BUY, "1", "mine").status is OrderStatus.FILLED


def test_reduce_only_finds_nothing_when_flat(exchange: Exchange) -> None:
    assert refusal(exchange, PERP, Side.BUY, "1", reduce_only=True) == "reduce_only_flat"
    exchange.place(PERP, Side.SELL, "1")
    assert refusal(exchange, PERP, Side.SELL, "1", reduce_only=True) == "reduce_only_flat"


def test_reduce_only_never_goes_through_zero(exchange: Exchange) -> None:
    exchange.place(PERP, Side.SELL, "1")
    report = exchange.place(PERP, Side.BUY, "3", reduce_only=True)
    assert report.status is OrderStatus.PARTIAL
    assert sum(one.quantity for one in report.fills) == 1
    assert exchange.account().perps == ()


def test_the_last_crumb_of_a_perpetual_may_be_closed_below_the_minimum_notional(
    exchange: Exchange,
) -> None:
    exchange.place(PERP, Side.SELL, "0.1")
    exchange.market.set_price("AAA", "10")  # 0.1 x 10.1 is under 5 USDT
    assert refusal(exchange, PERP, Side.SELL, "0.1") == "below_minimum"
    assert exchange.place(PERP, Side.BUY, "0.1", reduce_only=True).status is OrderStatus.FILLED


def test_closing_needs_no_free_margin(exchange: Exchange) -> None:
    exchange.place(SPOT, Side.BUY, "60")
    exchange.place(PERP, Side.SELL, "60")
    exchange.market.set_price("AAA", "130")
    assert exchange.account().available_usdt == 0
    assert exchange.place(PERP, Side.BUY, "60", reduce_only=True).status is OrderStatus.FILLED
    assert exchange.place(SPOT, Side.SELL, "59.94").status is OrderStatus.FILLED


def test_spot_buys_cannot_eat_the_margin_of_a_short(exchange: Exchange) -> None:
    exchange.place(PERP, Side.SELL, "100")
    available = exchange.available()
    fits = (available / 101).quantize(D("0.01"), "ROUND_FLOOR")
    assert refusal(exchange, SPOT, Side.BUY, str(fits + D("0.01"))) == "insufficient_funds"
    exchange.place(SPOT, Side.BUY, fits)
    assert exchange.available() >= 0


def test_both_legs_sent_together_cannot_spend_the_same_money() -> None:
    exchange = Exchange(PaperRules(latency=timedelta(milliseconds=50)))
    spot = exchange.venue.place(order(SPOT, Side.BUY, "95", "s"))
    perp = exchange.venue.place(order(PERP, Side.SELL, "50", "p"))
    spot.send(None)
    perp.send(None)  # both are on their way
    exchange.pass_time(milliseconds=50)
    spot.send(None)
    with pytest.raises(VenueRefused) as refused:
        perp.send(None)
    assert refused.value.code == "insufficient_funds"
    spot.close()


def test_the_fill_is_at_the_price_when_the_order_arrives() -> None:
    exchange = Exchange(PaperRules(latency=timedelta(seconds=2)))
    call = exchange.venue.place(order(SPOT, Side.BUY, "1", "a"))
    call.send(None)
    exchange.pass_time(seconds=2)
    exchange.market.set_price("AAA", "200")
    (fill,) = exchange.run(call).fills
    assert (fill.price, fill.at) == (D(202), START + timedelta(seconds=2))
    assert exchange.clock.now() == START + timedelta(seconds=4)


def test_an_order_lost_with_its_process_before_it_arrived_never_stood() -> None:
    exchange = Exchange(PaperRules(latency=timedelta(seconds=2)))
    call = exchange.venue.place(order(SPOT, Side.BUY, "1", "a"))
    call.send(None)
    call.close()
    exchange.restart()
    exchange.pass_time(minutes=1)
    assert exchange.run(exchange.venue.look_up("a")) is None


def test_an_order_whose_answer_is_on_its_way_back_stands() -> None:
    exchange = Exchange(PaperRules(latency=timedelta(seconds=2)))
    call = exchange.venue.place(order(SPOT, Side.BUY, "1", "a"))
    call.send(None)
    exchange.pass_time(seconds=2)
    call.send(None)
    call.close()
    exchange.restart()
    report = exchange.run(exchange.venue.look_up("a"))
    assert report is not None
    assert report.status is OrderStatus.FILLED


def test_the_way_takes_a_little_longer_now_and_then_but_always_the_same() -> None:
    def ways(seed: int) -> list[timedelta]:
        taken = []
        for name in "abcdef":
            exchange = Exchange(
                PaperRules(latency=timedelta(seconds=1), latency_jitter=0.5),
                faults=FaultPlan(seed),
            )
            exchange.run(exchange.venue.place(order(SPOT, Side.BUY, "1", name)))
            taken.append(exchange.clock.now() - START)
        return taken

    assert ways(1) == ways(1) != ways(2)
    assert all(timedelta(seconds=2) <= way < timedelta(seconds=3) for way in ways(1))


def test_fills_are_listed_from_a_time_on(exchange: Exchange) -> None:
    exchange.place(SPOT, Side.BUY, "1", "a")
    later = exchange.pass_time(minutes=1)
    second = exchange.place(SPOT, Side.BUY, "1", "b")
    fills = exchange.venue.fills_since
    assert [one.client_id for one in exchange.run(fills(START))] == ["a", "b"]
    assert tuple(exchange.run(fills(later))) == second.fills
    assert tuple(exchange.run(fills(later + timedelta(microseconds=1)))) == ()


def test_the_fee_tier_is_told(exchange: Exchange) -> None:
    fees = exchange.run(exchange.venue.fee_rates())
    assert fees is not None
    assert (fees.spot_taker, fees.perp_taker) == (D("0.001"), D("0.00055"))
