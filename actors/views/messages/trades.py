"""Finished round trips."""

from dataclasses import dataclass

from actors.domain.results import ClosedTrade


@dataclass(frozen=True, slots=True)
class GetTrades:
    limit: int = 200
    offset: int = 0
    pair_key: str | None = None


@dataclass(frozen=True, slots=True)
class Trades:
    """Newest first."""

    total: int
    trades: tuple[ClosedTrade, ...]
