"""What a strategy (one per pair) takes and answers."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from actors.domain.decisions import Verdict
from actors.domain.instruments import Pair
from actors.domain.market import PairMarket
from actors.domain.positions import PositionState
from actors.domain.terms import Terms


@dataclass(frozen=True, slots=True)
class Propose:
    """Judge the pair on this picture; answered by Proposal (with the orchestrator as reply)."""

    cycle: int
    at: datetime
    market: PairMarket
    terms: Terms


@dataclass(frozen=True, slots=True)
class Proposal:
    cycle: int
    pair: Pair
    state: PositionState
    verdict: Verdict
    market: PairMarket
    held_quantity: Decimal
    """Base coins per leg now; 0 when flat."""
    cooldown_until: datetime | None = None
    ready: bool = True
    """False until execution has told this strategy where its pair stands."""


@dataclass(frozen=True, slots=True)
class GrantEntry:
    """The orchestrator's leave to enter, once, in this cycle. Ends with GrantEnded."""

    cycle: int
    quantity: Decimal
    """Base coins per leg."""
    terms: Terms
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GrantExit:
    """Leave the position; ends with GrantEnded."""

    cycle: int
    reasons: tuple[str, ...]
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class GrantEnded:
    """The pair came to rest: open, or flat."""

    cycle: int
    pair_key: str
    state: PositionState
    entered: bool
    """True after GrantEntry, False after GrantExit."""
    ok: bool
    reason: str = ""
