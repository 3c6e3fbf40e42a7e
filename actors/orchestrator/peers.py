"""Whom the orchestrator speaks to, and how long it waits for them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from actors.runtime import Address


@dataclass(frozen=True, slots=True)
class Peers:
    config: Address
    market: Address
    execution: Address
    pnl: Address
    views: Address
    journal: Address
    strategies: Address
    """The supervisor of the strategies."""
    strategy_of: Callable[[str], Address]
    """Pair key -> the strategy's address."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long each part of a cycle may take before it goes on without the missing answers."""

    answer: timedelta = timedelta(seconds=30)
    """For terms, snapshot and reconciliation."""
    proposals: timedelta = timedelta(seconds=10)
    execution: timedelta = timedelta(minutes=10)
    retry: timedelta = timedelta(seconds=30)
    """Before closing or reconciling is asked for again."""

    def stretched(self, factor: float) -> "Patience":
        """For a clock that runs ``factor`` times as fast as the machine under it."""
        return Patience(
            self.answer * factor,
            self.proposals * factor,
            self.execution * max(1.0, factor / 60),
            self.retry * factor,
        )
