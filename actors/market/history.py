"""A perpetual's settled funding history, kept up to date print by print."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from actors.domain.funding import FundingPrint, FundingRate
from actors.domain.signals import CarrySignal, updated
from actors.domain.terms import CarryTerms

RECENT_PRINTS = 30
"""How many of the last prints a snapshot carries."""

ASK_AGAIN_AFTER = timedelta(minutes=5)
"""A print that is due may be published late: asked for again after this pause."""


@dataclass(frozen=True, slots=True)
class FundingHistory:
    """What is known of one perpetual's settled funding."""

    signal: CarrySignal | None = None
    recent: tuple[FundingPrint, ...] = ()
    read_until: datetime | None = None
    """Everything settled up to here is folded in; None = the venue has not answered yet."""

    def folded(
        self, prints: Iterable[FundingPrint], until: datetime, carry: CarryTerms
    ) -> "FundingHistory":
        """With the prints later than the newest one known; earlier ones were counted already."""
        signal, recent = self.signal, list(self.recent)
        for one in sorted(prints, key=lambda one: one.at):
            if signal is not None and one.at <= signal.last_at:
                continue
            signal = updated(signal, one, carry)
            recent.append(one)
        read_until = until if self.read_until is None else max(until, self.read_until)
        return FundingHistory(signal, tuple(recent[-RECENT_PRINTS:]), read_until)

    def continued(self, rate: FundingRate, carry: CarryTerms) -> "FundingHistory":
        """With the settlement that ``rate`` reports, where nothing lies between it and the last."""
        settled, last = rate.last_settled, self.recent[-1] if self.recent else None
        if settled is None or last is None or settled.at <= last.at:
            return self
        if settled.at - last.at > timedelta(hours=settled.interval_hours):
            return self
        return replace(self.folded((settled,), settled.at, carry), read_until=settled.at)

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
