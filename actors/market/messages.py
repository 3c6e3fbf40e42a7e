"""What the market actor takes and answers."""

from dataclasses import dataclass

from actors.domain.instruments import Pair
from actors.domain.market import MarketSnapshot


@dataclass(frozen=True, slots=True)
class GetPairs:
    """Every pair the venue offers; answered by PairsKnown as soon as the venue has answered."""


@dataclass(frozen=True, slots=True)
class PairsKnown:
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class TakeSnapshot:
    """Answered by SnapshotTaken, in any case and within the gateway's own time limit."""

    cycle: int


@dataclass(frozen=True, slots=True)
class SnapshotTaken:
    snapshot: MarketSnapshot
