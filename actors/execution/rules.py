"""What execution goes by: bounds on cost, and how long to wait for what."""

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Self

from actors.domain.terms import Terms


@dataclass(frozen=True, slots=True)
class Rules:
    max_slippage_bp: Decimal = Decimal("15")
    """Against the decision's price: the bound of a top-up, and of a close that is not urgent."""
    spot_fee_rate: Decimal = Decimal("0.001")
    """Fraction of a spot buy that the venue takes in base coins."""
    leverage: Decimal = Decimal("2")
    """Of the perpetual leg: initial margin = notional / leverage."""
    failed_open_cooldown: timedelta = timedelta(hours=4)
    max_top_ups: int = 2
    """Per leg; then the leading leg is reduced."""
    retry_pause: timedelta = timedelta(seconds=2)
    """After an order that filled nothing; doubled each time in a row."""
    retry_pause_cap: timedelta = timedelta(minutes=5)
    alarm_from_attempt: int = 3
    """From this try in a row on, each one is an alarm."""
    close_patience: timedelta = timedelta(minutes=2)
    """How long a close that is not urgent waits for a book within the slippage bound."""
    book_pause: timedelta = timedelta(seconds=20)
    """Between two looks at such a book."""
    order_deadline: timedelta = timedelta(seconds=15)
    """An order that has not left the house by then is not sent any more."""
    answer_timeout: timedelta = timedelta(seconds=10)
    """An order without an answer for so long is asked about; a query is given up."""
    look_up_pause: timedelta = timedelta(seconds=1)
    """Between two questions for the same order; doubled each time."""
    look_up_pause_cap: timedelta = timedelta(minutes=1)
    grace: timedelta = timedelta(seconds=60)
    """For so long after its intent an order that the venue does not know may still turn up."""
    clear_answers: int = 3
    """So often the venue must say that it does not know an order before that is believed."""
    decision_age: timedelta = timedelta(minutes=2)
    """An older decision to open is refused."""
    watch_period: timedelta = timedelta(minutes=5)
    """Between two comparisons of the ledger with the account while anything is held."""
    confirm_pause: timedelta = timedelta(seconds=5)
    """A difference is acted on when it is still there after this."""
    reconcile_timeout: timedelta = timedelta(seconds=90)
    """When a reconciliation that lacks answers is given up and reported as failed."""
    reconcile_again: timedelta = timedelta(seconds=15)
    """After a failed one, until the first has succeeded."""
    fills_overlap: timedelta = timedelta(hours=1)
    """Fills are asked for from so long before the last comparison: some show late."""

    def under(self, terms: Terms) -> Self:
        """The rules with the bounds on cost that ``terms`` set."""
        return replace(
            self,
            max_slippage_bp=terms.risk.max_slippage_bp,
            spot_fee_rate=terms.fees.spot_taker,
            leverage=terms.leverage,
            failed_open_cooldown=terms.risk.failed_open_cooldown,
        )

    def stretched(self, factor: float) -> Self:
        """The rules with every wait for others ``factor`` times as long.

        A replay that runs thousands of times as fast as life needs that: a second of its time is
        too short for an answer. The patience with a thin book stays: the market moves with the
        clock.
        """
        return replace(
            self,
            retry_pause=self.retry_pause * factor,
            order_deadline=self.order_deadline * factor,
            answer_timeout=self.answer_timeout * factor,
            look_up_pause=self.look_up_pause * factor,
            look_up_pause_cap=self.look_up_pause_cap * factor,
            grace=self.grace * factor,
            decision_age=self.decision_age * factor,
            confirm_pause=self.confirm_pause * factor,
            reconcile_timeout=self.reconcile_timeout * factor,
        )

    def retry_after(self, failures: int) -> timedelta:
        """How long to wait after so many orders in a row that filled nothing."""
        return _grown(self.retry_pause, failures, self.retry_pause_cap)

    def look_up_after(self, asked: int) -> timedelta:
        """How long to wait before asking again what was asked so often."""
        return _grown(self.look_up_pause, asked, self.look_up_pause_cap)


def _grown(pause: timedelta, times: int, cap: timedelta) -> timedelta:
    # The exponent is held down: the cap is reached long before a timedelta overflows.
    doubled: timedelta = pause * 2 ** min(max(times - 1, 0), 20)
    return min(cap, doubled)
