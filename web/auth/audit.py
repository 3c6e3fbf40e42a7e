"""Logins on record: each one that went well, and the others counted."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from actors.journal.messages import Event, RecordEvent, Severity
from actors.runtime import Address, MailboxFull
from web.auth.access import Role

COUNT_SECONDS = 60.0
"""Failed logins within so long are one event."""


class Audit:
    """Tells the journal. ``now`` is the bot's time, in which events are kept."""

    def __init__(
        self,
        journal: Address,
        now: Callable[[], datetime],
        count_seconds: float = COUNT_SECONDS,
    ) -> None:
        self._journal = journal
        self._now = now
        self._count_seconds = count_seconds
        self._failed = 0
        self._from: set[str] = set()
        self._timer: asyncio.TimerHandle | None = None

    def logged_in(self, role: Role, address: str) -> None:
        self._tell("login", Severity.INFO, f"{role.value} logged in from {address}")

    def logged_out(self, role: Role, address: str) -> None:
        self._tell("logout", Severity.INFO, f"{role.value} logged out from {address}")

    def refused(self, address: str) -> None:
        """A login that failed or was not even tried. What was typed is nobody's business."""
        self._failed += 1
        if len(self._from) < 1000:
            self._from.add(address)
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(self._count_seconds, self.sum_up)

    def sum_up(self) -> None:
        """Put the failures so far on record."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if not self._failed:
            return
        logins = "1 login" if self._failed == 1 else f"{self._failed} logins"
        one = len(self._from) == 1
        places = next(iter(self._from)) if one else f"{len(self._from)} addresses"
        self._failed, self._from = 0, set()
        self._tell("login_failed", Severity.WARNING, f"{logins} from {places} failed")

    def _tell(self, kind: str, severity: Severity, text: str) -> None:
        event = Event(self._now(), f"access.{kind}", severity, "root/web", text)
        with suppress(MailboxFull):  # the journal has worse troubles then
            self._journal.tell(RecordEvent(event))
