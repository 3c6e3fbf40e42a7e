"""A position's life, from its decision to its last funding, worked out by hand."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from actors.domain.instruments import Market
from actors.domain.orders import Fill, Leg, OrderAction, OrderStatus, Side
from actors.domain.payments import FundingPayment
from actors.domain.positions import ExitDecision, Goal, Intent, Position, PositionState
from actors.pnl.messages import PositionRecord
from actors.views.life import life
from tests.builders import NOON, D
from tests.views import facts

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def order(
    number: int,
    leg: Leg,
    action: OrderAction,
    side: Side,
    price: str,
    after: timedelta,
    fee: str,
    coin: str = "USDT",
) -> Intent:
    """Ten coins, filled at once."""
    spot = leg is Leg.SPOT
    fill = Fill(
        "alpha",
        f"f{number}",
        f"c{number}",
        "BTC/USDT" if spot else "BTC/USDT:USDT",
        Market.SPOT if spot else Market.PERP,
        side,
        D(10),
        D(price),
        D(fee),
        coin,
        NOON + after + timedelta(seconds=1),
    )
    return Intent(
        f"c{number}",
        "BTC-USDT#1",
        leg,
        action,
        1,
        side,
        D(10),
        False,
        NOON + after,
        OrderStatus.FILLED,
        (fill,),
        resolved_at=fill.at,
    )


def payment(hours: int, rate: str, amount: str) -> FundingPayment:
    return FundingPayment(
        "alpha",
        f"p{hours}",
        "BTC/USDT:USDT",
        NOON + hours * HOUR,
        D(amount),
        "USDT",
        D(rate),
        D(-10),
        D(100),
    )


def closed() -> Position:
    """Bought at 100 and sold at 101; half a day later the other way round at 102 and 102.5."""
    opening, closing = OrderAction.OPEN, OrderAction.CLOSE
    refused = Intent(
        "c0",
        "BTC-USDT#1",
        Leg.PERP,
        opening,
        1,
        Side.SELL,
        D(10),
        False,
        NOON,
        OrderStatus.REJECTED,
        reason="too busy",
        resolved_at=NOON,
    )
    return replace(
        facts.position(),
        entry=replace(facts.position().entry, reasons=("pays", "well"), perp_price=D("101.5")),
        goal=Goal.FLAT,
        state=PositionState.CLOSING,
        opened_at=NOON + 2 * MINUTE,
        exit=ExitDecision(NOON + 20 * HOUR, D(102), None, ("asked for by a person",)),
        closed_at=NOON + 21 * HOUR,
        intents=(
            refused,
            order(1, Leg.SPOT, opening, Side.BUY, "100", MINUTE, "0.01", "BTC"),
            order(2, Leg.PERP, opening, Side.SELL, "101", MINUTE, "0.5"),
            order(3, Leg.SPOT, closing, Side.SELL, "102", 20 * HOUR, "0.000002", "BNB"),
            order(4, Leg.PERP, closing, Side.BUY, "102.5", 20 * HOUR, "0.5"),
        ),
    )


def record(position: Position, prices: tuple[tuple[str, Decimal], ...] = ()) -> PositionRecord:
    payments = (payment(12, "0.0001", "0.1"), payment(4, "0.0002", "0.2"), payment(19, "0.1", "1"))
    return PositionRecord(NOON + 30 * HOUR, position, payments, None, prices, (facts.event(1),))


def test_everything_in_order_of_time() -> None:
    steps = life(record(closed()), None).steps
    assert [one.kind for one in steps] == [
        "entered",
        "order",
        "event",
        "order",
        "order",
        "fill",
        "fill",
        "opened",
        "funding",
        "funding",
        "funding",
        "order",
        "order",
        "exit",
        "fill",
        "fill",
        "closed",
    ]
    assert [one.at for one in steps] == sorted(one.at for one in steps)
    assert steps[0].text == "pays; well"
    assert steps[1].order is not None
    assert (steps[1].order.status, steps[1].order.filled_quantity, steps[1].text) == (
        OrderStatus.REJECTED,
        D(0),
        "too busy",
    )
    assert steps[2].event == facts.event(1)
    assert [one.text for one in steps if one.kind == "exit"] == ["asked for by a person"]


def test_fills_with_fee_and_slippage() -> None:
    told = life(record(closed(), (("BNB", D(600)),)), None)
    first, second, third, fourth = (one.fill for one in told.steps if one.fill is not None)
    assert (first.value_usdt, first.fee_usdt, first.slippage_usdt) == (D(1000), D(-1), D(0))
    # Sold at 101 where the decision saw 101.5.
    assert (second.fee_usdt, second.slippage_usdt) == (D("-0.5"), D(-5))
    assert (third.fee, third.fee_coin, third.fee_usdt) == (D("0.000002"), "BNB", D("-0.0012"))
    assert (fourth.leg, fourth.slippage_usdt) == (Leg.PERP, None)
    unpriced = [one.fill for one in life(record(closed()), None).steps if one.fill is not None]
    assert unpriced[2].fee_usdt is None


def test_funding_with_its_interval() -> None:
    told = life(record(closed()), None)
    four, twelve, late = (one.funding for one in told.steps if one.funding is not None)
    # Eight hours lie between the first two; no venue has an interval of seven.
    assert (four.interval_hours, twelve.interval_hours, late.interval_hours) == (8, 8, None)
    assert (four.rate_8h, twelve.notional_usdt, late.rate_8h) == (D("0.0002"), D(1000), None)


def test_running_totals() -> None:
    told = life(record(closed(), (("BNB", D(600)),)), None)
    by_kind = [(one.kind, one.totals) for one in told.steps]
    after_entry = next(totals for kind, totals in by_kind if kind == "opened")
    # The fee of the spot leg was taken in coins.
    assert (after_entry.spot_quantity, after_entry.perp_quantity, after_entry.delta) == (
        D("9.99"),
        D(-10),
        D("-0.01"),
    )
    assert (after_entry.fees_usdt, after_entry.net_usdt) == (D("-1.5"), D("-1.5"))
    held = [totals for kind, totals in by_kind if kind == "funding"]
    assert [one.funding_usdt for one in held] == [D("0.2"), D("0.3"), D("1.3")]
    end = told.totals
    assert end == told.steps[-1].totals
    # 10 sold of 9.99 held: 9.99 x 2, the rest is short of spot at 102; the short lost 15.
    assert (end.perp_quantity, end.price_usdt) == (D(0), D("19.98") - 15)
    assert end.fees_usdt == D("-2.0012")
    assert end.net_usdt == end.price_usdt + D("1.3") + end.fees_usdt


def test_its_head() -> None:
    told = life(record(closed()), None)
    assert (told.state, told.goal, told.now, told.trade) == (
        PositionState.FLAT,
        Goal.FLAT,
        None,
        None,
    )
    assert (told.position_id, told.closed_at) == ("BTC-USDT#1", NOON + 21 * HOUR)
    still_open = replace(closed(), closed_at=None)
    assert life(record(still_open), None).state is PositionState.CLOSING
