"""Small values for tests: a pair, its market and an account, with everything known and healthy."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from actors.domain.account import AccountState, Balance
from actors.domain.funding import FundingPrint, FundingRate
from actors.domain.instruments import Instrument, Market, Pair
from actors.domain.market import MarketSnapshot, PairMarket, Ticker
from actors.domain.signals import CarrySignal

NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)
D = Decimal


def spot(base: str = "BTC", **changes: object) -> Instrument:
    plain = Instrument(
        "binance",
        f"{base}/USDT",
        Market.SPOT,
        base,
        "USDT",
        multiplier=D(1),
        lot_step=D("0.001"),
        min_quantity=D("0.001"),
        min_notional=D(5),
        tick_size=D("0.01"),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def perp(base: str = "BTC", **changes: object) -> Instrument:
    plain = replace(spot(base), symbol=f"{base}/USDT:USDT", market=Market.PERP)
    return replace(plain, **changes)  # type: ignore[arg-type]


def pair(base: str = "BTC") -> Pair:
    return Pair(spot(base), perp(base))


def ticker(instrument: Instrument, price: str = "100", at: datetime = NOON) -> Ticker:
    """One bp between bid and ask."""
    mid = D(price)
    half = mid / 20_000
    return Ticker(instrument.symbol, instrument.market, mid - half, mid + half, mid, D(10**9), at)


def settled(at: datetime, rate: str = "0.0003", hours: int = 8, base: str = "BTC") -> FundingPrint:
    return FundingPrint(f"{base}/USDT:USDT", at, D(rate), hours, mark_price=D(100))


def funding(rate: str = "0.0003", at: datetime = NOON, base: str = "BTC") -> FundingRate:
    boundary = at.replace(hour=at.hour // 8 * 8, minute=0, second=0, microsecond=0)
    return FundingRate(
        f"{base}/USDT:USDT",
        D(rate),
        8,
        boundary + timedelta(hours=8),
        at,
        settled(boundary, rate, base=base),
    )


def signal(rate_8h: float = 0.0003, at: datetime = NOON) -> CarrySignal:
    """Months of history at one steady rate."""
    return CarrySignal(rate_8h, rate_8h, 1e-10, hours=2000.0, prints=250, last_at=at)


def pair_market(base: str = "BTC", rate: str = "0.0003", price: str = "100") -> PairMarket:
    both = pair(base)
    return PairMarket(
        both,
        ticker(both.long, price),
        ticker(both.short, price),
        funding(rate, base=base),
        signal(float(rate)),
    )


def account(available: str = "100000", **changes: object) -> AccountState:
    plain = AccountState(
        "binance",
        NOON,
        balances=(Balance("USDT", D(available)),),
        perps=(),
        equity_usdt=D(available),
        available_usdt=D(available),
        initial_margin_usdt=D(0),
        maintenance_margin_usdt=D(0),
        margin_ratio=None,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def snapshot(*pairs: PairMarket, cycle: int = 1, at: datetime = NOON) -> MarketSnapshot:
    return MarketSnapshot(cycle, at, pairs, account())
