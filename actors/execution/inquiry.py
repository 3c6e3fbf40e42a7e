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
    asked_at: datetime | None = None
    not_known: int = 0
    """Clear answers so far that the venue does not know the id."""
    not_known_at: datetime | None = None
    """When the last question so answered was asked."""
    refusal: str = ""
    """``code: text`` where the venue refused the order; one clear answer then confirms it."""

    def ask(self, rules: Rules, now: datetime) -> Self:
        asked = self.asked + 1
        next_at = now + rules.look_up_after(asked)
        return replace(self, asked=asked, awaiting=True, asked_at=now, next_at=next_at)

    def answered_not_known(self) -> Self:
        if not self.awaiting:
            return self
        not_known = self.not_known + 1
        return replace(self, awaiting=False, not_known=not_known, not_known_at=self.asked_at)

    def answered_otherwise(self) -> Self:
        """A failed question, or an order that the venue knows and still works on."""
        return replace(self, awaiting=False)

    def refused(self, refusal: str, now: datetime) -> Self:
        """A definite no arrived. It is confirmed before it is believed.

        The refusal is that of one sending. Had the gateway crashed after an earlier sending of the
        same order, that one may stand.
        """
        return replace(self, refusal=refusal, next_at=now, not_known=0, awaiting=False)

    def verdict(self, intent: Intent, rules: Rules) -> str | None:
        """Why the order is to be taken as never having stood; None while that is not certain."""
        if self.refusal and self.not_known >= 1:
            return self.refusal
        # An order that shows up late may do so until the grace is over: only who asked after
        # that knows more than before.
        late_enough = intent.intended_at + rules.grace
        asked_late = self.not_known_at is not None and self.not_known_at >= late_enough
        if self.not_known >= rules.clear_answers and asked_late:
            return f"never_arrived: the venue said {self.not_known} times that it does not know it"
        return None
