"""Small values for the domain's tests: one pair, quiet figures, and ways to change one of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from actors.domain.funding import FundingPrint, FundingRate
from actors.domain.instruments import Instrument, Market, Pair
from actors.domain.market import PairMarket, Ticker
from actors.domain.orders import Fill, Leg, OrderAction, OrderStatus, Side
from actors.domain.payments import FundingPayment
from actors.domain.positions import (
    EntryDecision,
    ExitDecision,
    Goal,
    Intent,
    Position,
    PositionState,
)
from actors.domain.signals import CarrySignal

D = Decimal
NOW = datetime(2025, 3, 1, tzinfo=UTC)

SPOT = Instrument(
    "alpha",
    "AAA/USDT",
    Market.SPOT,
    "AAA",
    "USDT",
    multiplier=D(1),
    lot_step=D("0.01"),
    min_quantity=D("0.01"),
    min_notional=D(5),
    tick_size=D("0.01"),
)
PERP = replace(
    SPOT, symbol="AAA/USDT:USDT", market=Market.PERP, lot_step=D("0.1"), min_quantity=D("0.1")
)
PAIR = Pair(SPOT, PERP)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def prints(
    rates: Sequence[str], interval_hours: int = 8, until: datetime = NOW
) -> list[FundingPrint]:
    """Settled prints, the last of them at ``until``."""
    return [
        FundingPrint(
            PERP.symbol,
            until - hours(interval_hours * (len(rates) - 1 - number)),
            D(rate),
            interval_hours,
        )
        for number, rate in enumerate(rates)
    ]


def ticker(
    instrument: Instrument,
    bid: str | None = "99.99",
    ask: str | None = "100.01",
    volume: str | None = "90000000",
    as_of: datetime = NOW,
) -> Ticker:
    return Ticker(
        instrument.symbol,
        instrument.market,
        None if bid is None else D(bid),
        None if ask is None else D(ask),
        D(100),
        None if volume is None else D(volume),
        as_of,
    )


def signal_of(rate_8h: float, seen_hours: float = 2000) -> CarrySignal:
    return CarrySignal(rate_8h, rate_8h, 0.0, seen_hours, int(seen_hours / 8), NOW)


def pair_market(
    predicted: str | None = "0.0003",
    signal_8h: float | None = 0.0003,
    recent: Sequence[str] = ("0.0003", "0.0003", "0.0003"),
    interval_hours: int = 8,
) -> PairMarket:
    """A pair at NOW with tight spreads and deep volume."""
    settled = prints(recent, interval_hours)
    return PairMarket(
        PAIR,
        ticker(SPOT),
        ticker(PERP),
        FundingRate(
            PERP.symbol,
            None if predicted is None else D(predicted),
            interval_hours,
            NOW + hours(interval_hours),
            NOW,
            settled[-1] if settled else None,
        ),
        None if signal_8h is None else signal_of(signal_8h),
        tuple(settled),
    )


def fill(
    market: Market,
    side: Side,
    quantity: str | Decimal,
    price: str | Decimal,
    fee: str | Decimal = "0",
    fee_coin: str = "USDT",
    at: datetime = NOW,
    number: int = 1,
) -> Fill:
    instrument = SPOT if market is Market.SPOT else PERP
    return Fill(
        "alpha",
        f"f{number}",
        f"c{number}",
        instrument.symbol,
        market,
        side,
        D(quantity),
        D(price),
        D(fee),
        fee_coin,
        at,
    )


def position_with(
    fills: Sequence[Fill],
    *,
    closed: bool = True,
    opened: bool = True,
    exit_price: str | None = "100",
) -> Position:
    """A position whose fills are spread over one intent each; opened an hour after NOW."""
    intents = tuple(
        Intent(
            client_id=one.client_id,
            position_id="AAA-USDT#1",
            leg=Leg(one.market.value),
            action=OrderAction.OPEN,
            attempt=1,
            side=one.side,
            quantity=one.quantity,
            reduce_only=False,
            intended_at=one.at,
            status=OrderStatus.FILLED,
            fills=(one,),
        )
        for one in fills
    )
    price = None if exit_price is None else D(exit_price)
    return Position(
        id="AAA-USDT#1",
        pair=PAIR,
        goal=Goal.FLAT if closed else Goal.HELD,
        state=PositionState.FLAT if closed else PositionState.OPEN,
        target_quantity=D(1),
        created_at=NOW,
        entry=EntryDecision(NOW, "carry", D(100), D(100), D(3), D(1), ()),
        exit=ExitDecision(NOW + hours(10), price, price, ()) if closed else None,
        opened_at=NOW + hours(1) if opened else None,
        closed_at=NOW + hours(11) if closed else None,
        intents=intents,
    )


def payment(amount: str | Decimal, number: int = 1, coin: str = "USDT") -> FundingPayment:
    at = NOW + hours(8 * number)
    return FundingPayment(
        "alpha", f"p{number}", PERP.symbol, at, D(amount), coin, D("0.0001"), D(-1), D(100)
    )
