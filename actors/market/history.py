"""A perpetual's settled funding history, kept up to date print by print."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from actors.domain.funding import FundingPrint, FundingRate
from actors.domain.settled_rates import NO_RATES, SettledRates
from actors.domain.signals import CarrySignal, updated
from actors.domain.terms import CarryTerms

RECENT_PRINTS = 30
"""How many of the last prints a snapshot carries."""

ASK_AGAIN_AFTER = timedelta(minutes=5)
"""A print that is due may be published late: asked for again after this pause."""

BASIS_WITHIN = timedelta(hours=1)
"""A basis seen later after a settlement is not noted with it."""


@dataclass(frozen=True, slots=True)
class FundingHistory:
    """What is known of one perpetual's settled funding."""

    signal: CarrySignal | None = None
    recent: tuple[FundingPrint, ...] = ()
    read_until: datetime | None = None
    """Everything settled up to here is folded in; None = the venue has not answered yet."""
    settled: SettledRates = NO_RATES
    """All prints as far back as they are kept."""
    wants_basis: bool = False
    """Whether the newest print came without the basis of its time."""

    def folded(
        self, prints: Iterable[FundingPrint], until: datetime, carry: CarryTerms
    ) -> "FundingHistory":
        """With the prints later than the newest one known; earlier ones were counted already."""
        signal, new = self.signal, []
        for one in sorted(prints, key=lambda one: one.at):
            if signal is not None and one.at <= signal.last_at:
                continue
            signal = updated(signal, one, carry)
            new.append(one)
        return FundingHistory(
            signal,
            (*self.recent, *new)[-RECENT_PRINTS:],
            until if self.read_until is None else max(until, self.read_until),
            self.settled.extended(new),
            self.wants_basis or bool(new),
        )

    def continued(self, rate: FundingRate, carry: CarryTerms) -> "FundingHistory":
        """With the settlement that ``rate`` reports, where nothing lies between it and the last."""
        settled, last = rate.last_settled, self.recent[-1] if self.recent else None
        if settled is None or last is None or settled.at <= last.at:
            return self
        if settled.at - last.at > timedelta(hours=settled.interval_hours):
            return self
        return replace(self.folded((settled,), settled.at, carry), read_until=settled.at)

    def seen_with(self, basis_bp: Decimal | None, at: datetime) -> "FundingHistory":
        """With the basis at ``at`` noted beside the newest print, where that is soon after it."""
        if not self.wants_basis or not self.recent or basis_bp is None:
            return self
        if at - self.recent[-1].at > BASIS_WITHIN:
            return replace(self, wants_basis=False)
        return replace(self, settled=self.settled.with_basis(basis_bp), wants_basis=False)

    def is_behind(self, rate: FundingRate | None, now: datetime) -> bool:
        """True when a settlement has passed that is not folded in: it must be asked for."""
        if self.read_until is None or rate is None:
            return False
        last = self.recent[-1] if self.recent else None
        if rate.last_settled is not None:
            return last is None or rate.last_settled.at > last.at
        if now - self.read_until < ASK_AGAIN_AFTER:
            return False
        if last is None or rate.interval_hours is None:
            return now - self.read_until >= timedelta(hours=1)
        return now >= last.at + timedelta(hours=rate.interval_hours)
