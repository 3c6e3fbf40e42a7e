"""What is held."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

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


@dataclass(frozen=True, slots=True)
class Positions:
    at: datetime
    positions: tuple[PositionView, ...]
