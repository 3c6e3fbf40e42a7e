"""What the PnL actor takes and answers."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from actors.domain.ledger import EquityPoint
from actors.domain.market import MarketSnapshot
from actors.domain.payments import FundingPayment
from actors.domain.periods import Month, Period
from actors.domain.pnl import CoinPrices
from actors.domain.positions import Position
from actors.domain.results import Analytics, ClosedTrade, OpenPositionPnl
from actors.journal.messages import EventRecorded


@dataclass(frozen=True, slots=True)
class FillsRecorded:
    """Execution has put new fills into the store: book those that are not booked yet."""

    position_id: str


@dataclass(frozen=True, slots=True)
class MarkToMarket:
    """Told each cycle: fetch new funding payments, value the book, sample the equity.

    Answered by Marked.
    """

    snapshot: MarketSnapshot


@dataclass(frozen=True, slots=True)
class Marked:
    """What the risk guards need of the equity curve; None = not known (yet)."""

    cycle: int
    at: datetime
    equity_usdt: Decimal | None
    day_start_usdt: Decimal | None
    """Equity at the first point of the present UTC day."""
    peak_usdt: Decimal | None


@dataclass(frozen=True, slots=True)
class GetBook:
    """Everything the views need after a restart; answered by Book."""


@dataclass(frozen=True, slots=True)
class Book:
    at: datetime
    trades: tuple[ClosedTrade, ...]
    positions: tuple[OpenPositionPnl, ...]
    equity: tuple[EquityPoint, ...]
    analytics: Analytics
    periods: tuple[Period, ...] = ()
    """Today, 7 days, 30 days, all: each up to now."""
    months: tuple[Month, ...] = ()
    """Oldest first."""


@dataclass(frozen=True, slots=True)
class PnlReport:
    """Told to the views after each marking."""

    at: datetime
    equity: EquityPoint | None
    """What the account is worth. None, and the reason in ``problems``, where that is unknown."""
    positions: tuple[OpenPositionPnl, ...]
    """Not closed yet, or closed so lately that a funding payment may still come."""
    new_trades: tuple[ClosedTrade, ...]
    analytics: Analytics
    problems: tuple[str, ...] = ()
    sampled: bool = True
    """Whether ``equity`` was also kept as a point of the curve: at most one an interval is."""
    periods: tuple[Period, ...] = ()
    months: tuple[Month, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadPosition:
    """All that is on record of one position, open or closed. Answered by PositionRecord.

    Rejected with code no_such_position.
    """

    position_id: str


@dataclass(frozen=True, slots=True)
class PositionRecord:
    at: datetime
    position: Position
    payments: tuple[FundingPayment, ...]
    """In the order of recording."""
    trade: ClosedTrade | None
    """None until its trade is told."""
    coin_prices: CoinPrices
    """At what its fees and payments in odd coins are valued."""
    events: tuple[EventRecorded, ...]
    """What was put on record about it, oldest first."""
