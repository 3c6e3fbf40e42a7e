"""The last ranking: what was decided for each pair, and why."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from actors.domain.decisions import RoundTrip, Stage
from actors.domain.positions import PositionState
from actors.orchestrator.messages import FunnelStep
from actors.views.messages.rates import ActionLabel


@dataclass(frozen=True, slots=True)
class GetOpportunities:
    """``stage``: only pairs that did not pass it; with ``granted``, those held or let in."""

    stage: Literal["data", "liquid", "rate", "net", "risk", "granted"] | None = None
    pair_key: str | None = None
    limit: int = 50
    offset: int = 0


@dataclass(frozen=True, slots=True)
class OpportunityView:
    """One pair. Fractions are of one leg's notional, over ``horizon_hours``."""

    rank: int | None
    """1 = best; None where it has no score."""
    pair_key: str
    state: PositionState
    """When it was judged."""
    action: ActionLabel
    reached: Stage
    """The last stage of the funnel that it passed."""
    fell_at: Stage | None
    """The stage that it did not pass; None where it is held or was let in."""
    reason: str
    """The one that decided."""
    reasons: tuple[str, ...]
    """All of them: the policy's, the limits', and what became of it."""
    score: Decimal | None
    expected_funding: Decimal | None
    round_trip: RoundTrip | None
    horizon_hours: Decimal | None
    break_even_hours: Decimal | None
    granted_quantity: Decimal | None


@dataclass(frozen=True, slots=True)
class Opportunities:
    cycle: int | None
    at: datetime | None
    funnel: tuple[FunnelStep, ...]
    opportunities: tuple[OpportunityView, ...]
    """A part of those asked for, best first."""
    total: int = 0
    """How many were asked for."""
