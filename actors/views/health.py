"""Asks those who keep the store and the venues how they fare: while somebody looks."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta

from actors.gateway.messages import GetVenueHealth
from actors.journal.messages import GetStoreHealth
from actors.runtime import Address, MailboxFull
from actors.views.messages import GetChanges, GetSystem

EVERY = timedelta(seconds=5)


class HealthInquiry:
    """The answers come to the views as facts, or as a refusal."""

    def __init__(self, me: Address, journal: Address, gateways: Iterable[Address]) -> None:
        self._me = me
        self._asked_at: datetime | None = None
        self._questions: list[tuple[Address, object]] = [
            (journal, GetStoreHealth()),
            *((gateway, GetVenueHealth()) for gateway in gateways),
        ]

    def someone_asks(self, query: object, now: datetime) -> None:
        """Ask on behalf of who looks at the system; the answer is there at the next look."""
        if not _is_about_system(query):
            return
        if self._asked_at is not None and now - self._asked_at < EVERY:
            return
        self._asked_at = now
        for keeper, question in self._questions:
            with suppress(MailboxFull):  # it has more important things to do
                key = f"views {type(question).__name__}"
                keeper.tell(question, reply_to=self._me, conflate=key)


def _is_about_system(query: object) -> bool:
    match query:
        case GetSystem() | GetChanges(topics=None):
            return True
        case GetChanges(topics=topics):
            return topics is not None and "system" in topics
        case _:
            return False
