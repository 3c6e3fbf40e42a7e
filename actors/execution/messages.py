"""What execution takes and answers. It owns every position and every order."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from actors.domain.instruments import Pair
from actors.domain.positions import EntryDecision, ExitDecision, Position, PositionState
from actors.domain.terms import Terms


@dataclass(frozen=True, slots=True)
class WatchPair:
    """From a strategy: answered by PairStatus now and at every change."""

    pair_key: str


@dataclass(frozen=True, slots=True)
class PairStatus:
    """The durable truth about one pair. Also told to the listeners (views) at every change."""

    pair_key: str
    state: PositionState
    position: Position | None
    """None when flat."""
    cooldown_until: datetime | None = None
    problem: str = ""
    """Why it is repairing or orphaned, in words."""


@dataclass(frozen=True, slots=True)
class ListPairs:
    """Answered by PairsListed: for who starts anew and must know all that is held."""


@dataclass(frozen=True, slots=True)
class PairsListed:
    """Every pair that is not flat or is cooling down."""

    pairs: tuple[PairStatus, ...]


@dataclass(frozen=True, slots=True)
class OpenPair:
    """Open both legs; its course is told by PairStatus.

    Refused with code not_reconciled, not_flat, cooldown or precheck.
    """

    pair: Pair
    quantity: Decimal
    """Base coins per leg, already a multiple of the pair's step."""
    entry: EntryDecision
    terms: Terms


@dataclass(frozen=True, slots=True)
class ClosePair:
    """Close both legs; always allowed. A close of what is flat is a success."""

    pair_key: str
    exit: ExitDecision
    urgent: bool = False
    """Emergency: no slippage bound."""


@dataclass(frozen=True, slots=True)
class Reconcile:
    """Replay the journal, ask the venue, compare; answered by Reconciled. Start is recovery."""

    reason: str


@dataclass(frozen=True, slots=True)
class Difference:
    """Something the venue and the ledger do not agree on."""

    kind: str
    """orphan (venue has more), ghost (ledger has more), unknown_order."""
    pair_key: str
    symbol: str
    venue_quantity: Decimal | None
    ledger_quantity: Decimal
    detail: str


@dataclass(frozen=True, slots=True)
class Reconciled:
    """``ok``: entries may be allowed. Not ok: ``problem`` says what is not known or differs."""

    ok: bool
    at: datetime
    open_intents_resolved: int
    differences: tuple[Difference, ...] = ()
    problem: str = ""
