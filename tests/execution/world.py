"""A pair, its prices and its terms, as the tests of execution share them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count

from actors.domain.account import AccountState, Balance, PerpHolding
from actors.domain.instruments import Instrument, Market, Pair
from actors.domain.market import Depth, Level
from actors.domain.orders import Fill, Leg, OrderReport, OrderStatus, Side
from actors.domain.positions import EntryDecision, Goal, Intent, Position, PositionState
from actors.execution.legs import instrument_of

START = datetime(2025, 3, 1, tzinfo=UTC)
SPOT_PRICE = Decimal("100")
PERP_PRICE = Decimal("100.1")
FEE = Decimal("0.001")

SPOT = Instrument(
    venue="test",
    symbol="SOL/USDT",
    market=Market.SPOT,
    base="SOL",
    quote="USDT",
    multiplier=Decimal(1),
    lot_step=Decimal("0.001"),
    min_quantity=Decimal("0.001"),
    min_notional=Decimal("5"),
    tick_size=Decimal("0.01"),
)
PERP = replace(
    SPOT,
    symbol="SOL/USDT:USDT",
    market=Market.PERP,
    lot_step=Decimal("0.1"),
    min_quantity=Decimal("0.1"),
)
PAIR = Pair(SPOT, PERP)
STEP = PAIR.step
OTHER_PAIR = Pair(
    replace(SPOT, symbol="ETH/USDT", base="ETH"), replace(PERP, symbol="ETH/USDT:USDT", base="ETH")
)


def entry(at: datetime = START) -> EntryDecision:
    return EntryDecision(
        at, "carry", SPOT_PRICE, PERP_PRICE, Decimal("5"), Decimal("3"), ("it pays",)
    )


def position(target: str = "10", goal: Goal = Goal.HELD, pair: Pair = PAIR) -> Position:
    return Position(
        id=f"{pair.key}#1",
        pair=pair,
        goal=goal,
        state=PositionState.OPENING,
        target_quantity=Decimal(target),
        created_at=START,
        entry=entry(),
    )


_fill_numbers = count(1)


def fill_of(intent: Intent, quantity: Decimal, pair: Pair = PAIR) -> Fill:
    """A fill as the venue gives it: the fee of a spot buy is taken in the base coin."""
    instrument = instrument_of(pair, intent.leg)
    price = SPOT_PRICE if intent.leg is Leg.SPOT else PERP_PRICE
    in_base = intent.leg is Leg.SPOT and intent.side is Side.BUY
    return Fill(
        venue=instrument.venue,
        fill_id=f"f{next(_fill_numbers)}",
        client_id=intent.client_id,
        symbol=instrument.symbol,
        market=instrument.market,
        side=intent.side,
        quantity=quantity,
        price=price,
        fee=quantity * FEE if in_base else quantity * price * FEE,
        fee_coin=instrument.base if in_base else instrument.quote,
        at=START,
    )


def report_of(intent: Intent, quantity: Decimal, pair: Pair = PAIR) -> OrderReport:
    """The final report of an order that filled ``quantity``."""
    fills = (fill_of(intent, quantity, pair),) if quantity else ()
    if quantity == 0:
        status = OrderStatus.REJECTED
    else:
        status = OrderStatus.FILLED if quantity >= intent.quantity else OrderStatus.PARTIAL
    return OrderReport(intent.client_id, "v1", status, fills)


def book(
    instrument: Instrument,
    quantity: str = "1000",
    shift_bp: str = "0",
    at: datetime = START,
) -> Depth:
    """One level on each side, worse by ``shift_bp`` than the decision's price for both sides."""
    price = SPOT_PRICE if instrument.market is Market.SPOT else PERP_PRICE
    worse = price * Decimal(shift_bp) / 10_000
    size = Decimal(quantity)
    return Depth(
        instrument.symbol,
        instrument.market,
        bids=(Level(price - worse, size),),
        asks=(Level(price + worse, size),),
        as_of=at,
    )


def account(
    usdt: str = "10000", sol: str = "0", perp: str = "0", mark: Decimal | None = PERP_PRICE
) -> AccountState:
    perps: tuple[PerpHolding, ...] = ()
    if Decimal(perp):
        perps = (PerpHolding(PERP.symbol, Decimal(perp), PERP_PRICE, mark, None, None),)
    balances = (Balance("SOL", Decimal(sol)), Balance("USDT", Decimal(usdt)))
    return AccountState(
        "test", START, balances, perps, Decimal(usdt), Decimal(usdt), Decimal(0), Decimal(0), None
    )


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)
