"""What the market looks like at one instant: quotes, depth, and the snapshot a cycle decides on."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from actors.domain.account import AccountState
from actors.domain.funding import FundingPrint, FundingRate
from actors.domain.instruments import Market, Pair
from actors.domain.settled_rates import NO_RATES, SettledRates
from actors.domain.signals import CarrySignal


@dataclass(frozen=True, slots=True)
class Ticker:
    """Best prices of one instrument, per base coin. What the venue did not say is None."""

    symbol: str
    market: Market
    bid: Decimal | None
    ask: Decimal | None
    mark: Decimal | None
    volume_24h_usdt: Decimal | None
    """Turnover in quote coins, never base volume."""
    as_of: datetime
    """When these prices held, by the venue's word; old means stale."""
    bid_quantity: Decimal | None = None
    """Base coins wanted at the best bid; None where the venue's tickers don't say."""
    ask_quantity: Decimal | None = None
    """Base coins offered at the best ask."""

    @property
    def mid(self) -> Decimal | None:
        bid, ask = self.bid, self.ask
        return None if bid is None or ask is None else (bid + ask) / 2

    @property
    def spread_bp(self) -> Decimal | None:
        bid, ask = self.bid, self.ask
        if bid is None or ask is None:
            return None
        mid = (bid + ask) / 2
        return (ask - bid) / mid * 10_000 if mid > 0 else None


@dataclass(frozen=True, slots=True)
class Level:
    price: Decimal
    quantity: Decimal
    """Base coins."""


@dataclass(frozen=True, slots=True)
class Depth:
    """An order book: best level first on both sides."""

    symbol: str
    market: Market
    bids: tuple[Level, ...]
    asks: tuple[Level, ...]
    as_of: datetime


@dataclass(frozen=True, slots=True)
class PairMarket:
    """One pair in a snapshot. ``missing`` says in words what is unknown and why."""

    pair: Pair
    spot: Ticker | None
    perp: Ticker | None
    funding: FundingRate | None
    signal: CarrySignal | None
    """What the pair's own settled history says; None before the first print."""
    recent_prints: tuple[FundingPrint, ...] = ()
    """The last few settled prints, oldest first."""
    missing: tuple[str, ...] = ()
    settled: SettledRates = NO_RATES
    """The settled history as far back as it is kept: the market's own, not a copy."""

    @property
    def basis_bp(self) -> Decimal | None:
        """Perpetual's mid over spot's mid, less 1, in basis points; None while one is missing."""
        spot = self.spot.mid if self.spot else None
        perp = self.perp.mid if self.perp else None
        if spot is None or perp is None or spot <= 0:
            return None
        return (perp / spot - 1) * 10_000


@dataclass(frozen=True, slots=True)
class MarketSnapshot:
    """The one immutable picture that every decision of a cycle sees."""

    cycle: int
    at: datetime
    pairs: tuple[PairMarket, ...]
    account: AccountState | None
    """None when the venue did not answer: then nothing may be entered."""
    problems: tuple[str, ...] = ()

    def of(self, pair_key: str) -> PairMarket | None:
        return next((one for one in self.pairs if one.pair.key == pair_key), None)
