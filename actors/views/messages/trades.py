"""Finished round trips, and what they come to."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from actors.domain.results import ClosedTrade, Figure, PnlSplit

Result = Literal["win", "loss"]
Sort = Literal[
    "exit_at",
    "-exit_at",
    "entry_at",
    "-entry_at",
    "pair",
    "-pair",
    "net",
    "-net",
    "funding",
    "-funding",
    "price",
    "-price",
    "fees",
    "-fees",
    "notional",
    "-notional",
    "holding",
    "-holding",
]
"""``-``: the largest, newest or longest first."""


@dataclass(frozen=True, slots=True)
class TradeFilter:
    pair_key: str | None = None
    since: datetime | None = None
    """Closed at this time or later."""
    until: datetime | None = None
    """Closed before this time."""
    result: Result | None = None
    """win: net above 0; loss: net below 0."""
    exit_reason: str | None = None
    """Part of a reason why it was left, in any case; ``failed open`` for those."""


@dataclass(frozen=True, slots=True)
class GetTrades:
    limit: int = 200
    offset: int = 0
    pair_key: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    result: Result | None = None
    exit_reason: str | None = None
    sort: Sort = "-exit_at"

    @property
    def filter(self) -> TradeFilter:
        return TradeFilter(self.pair_key, self.since, self.until, self.result, self.exit_reason)


@dataclass(frozen=True, slots=True)
class TradeSums:
    """All trades that a filter lets through."""

    trades: int
    wins: int
    losses: int
    pnl: PnlSplit
    notional_usdt: Decimal
    """Of one leg of each, summed."""
    slippage_unknown: int
    """Trades that were left without a price to compare with (emergencies)."""


@dataclass(frozen=True, slots=True)
class Trades:
    """A part of those that the filter lets through, in the order asked for."""

    total: int
    """How many the filter lets through."""
    trades: tuple[ClosedTrade, ...]
    sums: TradeSums | None = None
    """None until the ledger has been read."""


@dataclass(frozen=True, slots=True)
class GetTradeSummary:
    pair_key: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    result: Result | None = None
    exit_reason: str | None = None
    points: int = 500

    @property
    def filter(self) -> TradeFilter:
        return TradeFilter(self.pair_key, self.since, self.until, self.result, self.exit_reason)


@dataclass(frozen=True, slots=True)
class CumulativePoint:
    at: datetime
    net_usdt: Decimal
    """Of all trades closed until then."""


@dataclass(frozen=True, slots=True)
class ResultBin:
    """Trades with ``from_usdt`` <= net < ``to_usdt``."""

    from_usdt: Decimal
    to_usdt: Decimal
    trades: int


@dataclass(frozen=True, slots=True)
class PairTrades:
    pair_key: str
    sums: TradeSums
    win_rate: Figure
    mean_holding_hours: Figure
    apr: Figure
    """Net / (notional x time held), as a simple fraction a year."""


@dataclass(frozen=True, slots=True)
class TradeSummary:
    sums: TradeSums
    win_rate: Figure
    mean_holding_hours: Figure
    apr: Figure
    cumulative: tuple[CumulativePoint, ...]
    """By time of the exits; thinned, the extremes kept."""
    distribution: tuple[ResultBin, ...]
    """Of the net results; every bin as wide as the others, one edge at 0, none left out between."""
    by_pair: tuple[PairTrades, ...]
    """The largest net first."""
