"""Values to keep: one of each kind, with decimals and times that are easily damaged."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from actors.domain.instruments import Instrument, Market, Pair
from actors.domain.ledger import (
    Account,
    EntryKind,
    EquityPoint,
    LedgerEntry,
    LedgerTransaction,
)
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
from actors.domain.results import ClosedTrade, PnlSplit

D = Decimal
START = datetime(2024, 3, 1, 8, 0, 0, 1, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def pair(base: str = "BTC") -> Pair:
    def leg(market: Market, symbol: str, multiplier: str) -> Instrument:
        return Instrument(
            venue="paper",
            symbol=symbol,
            market=market,
            base=base,
            quote="USDT",
            multiplier=D(multiplier),
            lot_step=D("0.00001"),
            min_quantity=D("0.0001"),
            min_notional=D("5"),
            tick_size=D("0.01"),
            max_market_quantity=None if market is Market.SPOT else D("1200"),
        )

    return Pair(
        leg(Market.SPOT, f"{base}/USDT", "1"), leg(Market.PERP, f"1000{base}/USDT:USDT", "1000")
    )


def position(number: int = 1, base: str = "BTC", created: float = 0) -> Position:
    return Position(
        id=f"{base}-USDT#{number}",
        pair=pair(base),
        goal=Goal.HELD,
        state=PositionState.OPENING,
        target_quantity=D("0.12300"),
        created_at=at(created),
        entry=EntryDecision(
            at=at(created),
            policy="carry",
            spot_price=D("61234.10"),
            perp_price=D("61250.9"),
            expected_funding_usdt=D("12.3456789012345678901234567890"),
            expected_cost_usdt=D("3.1"),
            reasons=("the rate pays", "größer als – die Kosten"),
        ),
    )


def exit_decision() -> ExitDecision:
    return ExitDecision(at(90), None, D("60000.5"), ("emergency",))


def intent(of: Position, leg: Leg = Leg.SPOT, attempt: int = 1) -> Intent:
    return Intent(
        client_id=f"pctest-{of.id.replace('#', '-')}-{leg}-{attempt}",
        position_id=of.id,
        leg=leg,
        action=OrderAction.OPEN,
        attempt=attempt,
        side=Side.BUY if leg is Leg.SPOT else Side.SELL,
        quantity=D("0.123"),
        reduce_only=leg is Leg.PERP,
        intended_at=at(1),
    )


def fill(of: Intent, number: int = 1, status: OrderStatus = OrderStatus.FILLED) -> Fill:
    return Fill(
        venue="paper",
        fill_id=f"{of.client_id}/{number}",
        client_id=of.client_id,
        symbol="BTC/USDT" if of.leg is Leg.SPOT else "1000BTC/USDT:USDT",
        market=Market.SPOT if of.leg is Leg.SPOT else Market.PERP,
        side=of.side,
        quantity=D("0.0615"),
        price=D("61240.000000000000000001"),
        fee=D("-0.0000615"),
        fee_coin="BTC",
        at=at(2),
    )


ONE_AND_A_HALF = D("1.5")


def transaction(
    number: int, amount: Decimal = ONE_AND_A_HALF, position_id: str | None = None
) -> LedgerTransaction:
    return LedgerTransaction(
        key=f"fill:paper:{number}",
        at=at(number),
        kind=EntryKind.FILL,
        venue="paper",
        entries=(
            LedgerEntry(Account.WALLET, "BTC", amount),
            LedgerEntry(Account.TRADING, "BTC", -amount),
            LedgerEntry(Account.WALLET, "USDT", D("-0.10")),
            LedgerEntry(Account.FEES, "USDT", D("0.1")),
        ),
        position_id=position_id,
        symbol="BTC/USDT",
        note="bought – cheaply",
    )


def payment(number: int, venue: str = "paper") -> FundingPayment:
    return FundingPayment(
        venue=venue,
        payment_id=f"1000BTC@{number}",
        symbol="1000BTC/USDT:USDT",
        at=at(480 * number),
        amount=D("1.2300"),
        coin="USDT",
        rate=D("0.0001"),
        quantity=None,
        mark_price=D("61234.5"),
    )


def equity(number: int) -> EquityPoint:
    return EquityPoint(at(60 * number), D("10000.01") + number, D("4000"), D("-0.5"), number)


def trade(number: int = 1) -> ClosedTrade:
    return ClosedTrade(
        position_id=f"BTC-USDT#{number}",
        pair_key="BTC-USDT",
        spot_symbol="BTC/USDT",
        perp_symbol="1000BTC/USDT:USDT",
        entry_at=at(1),
        exit_at=at(1000),
        quantity=D("0.123"),
        notional_usdt=D("7500.25"),
        entry_spot_price=D("61240.1"),
        entry_perp_price=D("61250"),
        exit_spot_price=D("62000"),
        exit_perp_price=D("62001.5"),
        pnl=PnlSplit(D("93.1"), D("-92.4"), D("31.5"), D("-15"), D("-8.25"), D("-1.01")),
        dust_quantity=D("0.000001"),
        failed_open=number % 2 == 0,
    )
