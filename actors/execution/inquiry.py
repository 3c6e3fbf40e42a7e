"""Asking about an order whose outcome is not known, patiently, until the venue says."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from actors.domain.positions import Intent
from actors.execution.rules import Rules


@dataclass(frozen=True, slots=True)
class Inquiry:
    """The questions asked for one order. Kept in memory only: after a crash it starts anew."""

    next_at: datetime
    """When to ask (again)."""
    asked: int = 0
    awaiting: bool = False
    """A question is out: of several answers to it one counts."""
    not_known: int = 0
    """Clear answers so far that the venue does not know the id."""
    refusal: str = ""
    """``code: text`` where the venue refused the order; one clear answer then confirms it."""

    def ask(self, rules: Rules, now: datetime) -> Self:
        asked = self.asked + 1
        return replace(self, asked=asked, awaiting=True, next_at=now + rules.look_up_after(asked))

    def answered_not_known(self) -> Self:
        counts = 1 if self.awaiting else 0
        return replace(self, awaiting=False, not_known=self.not_known + counts)

    def answered_otherwise(self) -> Self:
        """A failed question, or an order that the venue knows and still works on."""
        return replace(self, awaiting=False)

    def refused(self, refusal: str, now: datetime) -> Self:
        """A definite no arrived. It is confirmed before it is believed.

        The refusal is that of one sending. Had the gateway crashed after an earlier sending of the
        same order, that one may stand.
        """
        return replace(self, refusal=refusal, next_at=now, not_known=0, awaiting=False)

    def verdict(self, intent: Intent, rules: Rules, now: datetime) -> str | None:
        """Why the order is to be taken as never having stood; None while that is not certain."""
        if self.refusal and self.not_known >= 1:
            return self.refusal
        if self.not_known >= rules.clear_answers and now >= intent.intended_at + rules.grace:
            return f"never_arrived: the venue said {self.not_known} times that it does not know it"
        return None
