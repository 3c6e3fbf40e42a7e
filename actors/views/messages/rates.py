"""Funding rates of all pairs, and the last ranking."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from actors.orchestrator.messages import FunnelStep, Opportunity


@dataclass(frozen=True, slots=True)
class GetFundingRates: ...


@dataclass(frozen=True, slots=True)
class FundingRateView:
    pair_key: str
    symbol: str
    rate: Decimal | None
    interval_hours: int | None
    rate_8h: Decimal | None
    apr: Decimal | None
    """Simple, from the current rate alone; a fraction."""
    next_settlement: datetime | None
    last_settled_rate_8h: Decimal | None
    mean_8h: float | None
    """Slow average of the pair's own history."""
    spot_spread_bp: Decimal | None
    perp_spread_bp: Decimal | None
    basis_bp: Decimal | None
    volume_24h_usdt: Decimal | None
    as_of: datetime | None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FundingRates:
    at: datetime | None
    rates: tuple[FundingRateView, ...]


@dataclass(frozen=True, slots=True)
class GetOpportunities: ...


@dataclass(frozen=True, slots=True)
class Opportunities:
    cycle: int | None
    at: datetime | None
    funnel: tuple[FunnelStep, ...]
    opportunities: tuple[Opportunity, ...]
