"""What the ledger began with: the account as the venue stated it before anything was traded."""

from datetime import datetime

from actors.domain.account import AccountState
from actors.pnl import recording
from actors.pnl.book import LedgerState
from actors.store import Transaction


class Opening:
    """Waits for an account that can open the ledger."""

    def __init__(self, opened_at: datetime | None) -> None:
        self.opened_at = opened_at
        """None until the opening balance is booked."""
        self._offered: tuple[AccountState, datetime] | None = None

    def offer(self, account: AccountState, now: datetime) -> None:
        """An account to open the ledger with; it waits until all payments up to it are booked."""
        if self.opened_at is None:
            self._offered = (account, now)

    def book(
        self, tx: Transaction, state: LedgerState, complete_until: datetime | None
    ) -> str | None:
        """Book the account on offer, if it can be; what was booked, in words.

        ``complete_until``: up to when all payments are booked.
        """
        if self.opened_at is not None or self._offered is None:
            return None
        account, offered_at = self._offered
        payments_known = complete_until is not None and complete_until >= offered_at
        if not recording.record_opening(tx, state, account, payments_known):
            return None
        self.opened_at, self._offered = account.at, None
        amounts = ", ".join(f"{one.total} {one.coin}" for one in account.balances if one.total)
        return f"The ledger begins with what {account.venue} holds: {amounts}"
