"""What is held."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from actors.domain.costs import ClosingCost
from actors.domain.periods import Unknown
from actors.domain.positions import Position, PositionState
from actors.domain.results import OpenPositionPnl


@dataclass(frozen=True, slots=True)
class GetPositions: ...


@dataclass(frozen=True, slots=True)
class PositionView:
    pair_key: str
    state: PositionState
    position: Position
    pnl: OpenPositionPnl | None
    next_settlement: datetime | None
    expected_funding_usdt: Decimal | None
    """Of the next settlement, by the predicted rate; positive = received."""
    break_even_progress: Decimal | None
    """Funding collected / (fees paid so far + fees expected at the exit); 1 = paid for."""
    age: timedelta
    problem: str = ""
    basis_entry_bp: Decimal | None = None
    """Perpetual over spot at the average entry prices, less 1, in bp."""
    basis_now_bp: Decimal | None = None
    """The same of the middle prices now. What it fell since the entry is the price result."""
    delta: Decimal | None = None
    """Spot held less perp short, base coins."""
    notional_now_usdt: Decimal | None = None
    """Of the spot leg at its mark price."""
    liquidation_price: Decimal | None = None
    """At which mark price the venue would liquidate the short, by its own word."""
    liquidation_distance: Decimal | None = None
    """How far the mark price may go against the short, as a fraction of it."""
    closing: ClosingCost | None = None
    """Estimated cost of closing now, by the same prices and rates that the policies decide on."""
    price_unrealised_usdt: Decimal | None = None
    """Of both open legs at mark."""
    price_usdt: Decimal | None = None
    """Realised and unrealised."""
    funding_usdt: Decimal | None = None
    """Collected so far."""
    fees_usdt: Decimal | None = None
    """Paid so far: negative."""
    net_usdt: Decimal | None = None
    """Price, funding and fees so far, at mark; the cost of closing is not in it."""
    unknown: Unknown = ()
    """Figure to reason, for those that are null."""


@dataclass(frozen=True, slots=True)
class Positions:
    at: datetime
    positions: tuple[PositionView, ...]
