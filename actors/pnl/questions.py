"""Which funding payments to ask the venue for, and up to when its answers are complete."""

from datetime import datetime, timedelta

OVERLAP = timedelta(hours=24)
"""Asked for again each time: a venue may post a payment late. What is known is passed over."""


class PaymentQuestions:
    """One question at a time. Its ``since`` is its mark, so no answer is taken for another's."""

    def __init__(self, epoch: int) -> None:
        """``epoch``: of the incarnation that asks; answers to an earlier one's are told apart."""
        self.complete_until: datetime | None = None
        """Every payment that the venue had posted by then is in the answers."""
        self._epoch = epoch
        self._given_up = 0
        self._open: tuple[datetime, datetime] | None = None

    @property
    def is_waiting(self) -> bool:
        return self._open is not None

    def ask(self, begin: datetime, last_payment_at: datetime | None, now: datetime) -> datetime:
        """From when on to ask. ``begin``: of the ledger; nothing before it is ever asked for."""
        known = [at for at in (last_payment_at, self.complete_until) if at is not None]
        since = max([begin, *(at - OVERLAP for at in known)])
        # A few microseconds make the questions differ that would else ask the same.
        since -= timedelta(microseconds=self._epoch * 1_000 + self._given_up)
        self._open = (since, now)
        return since

    def is_open(self, since: datetime) -> bool:
        """Whether this is the question that waits for its answer."""
        return self._open is not None and self._open[0] == since

    def answered(self) -> None:
        """The open question was answered, and well."""
        assert self._open is not None
        self.complete_until = self._open[1]
        self._open = None

    def given_up(self) -> None:
        self._given_up += 1
        self._open = None
