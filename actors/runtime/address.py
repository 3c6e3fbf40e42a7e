"""Addresses: the stable names that actors know each other by."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .here import check_here
from .letter import Letter, Reply, ReplyTo
from .mailbox import Closed, Mailbox


class Address:
    """A stable name such as `root/workers/seventeen`, valid for ever.

    Letters told to it wait in its mailbox, whichever incarnation reads them in the end.
    """

    __slots__ = ("_mailbox", "_return", "name")

    def __init__(
        self, name: str, mailbox: Mailbox, returned: Callable[[str, Letter, str], None]
    ) -> None:
        self.name = name
        self._mailbox = mailbox
        self._return = returned

    def tell(
        self,
        message: object,
        *,
        reply_to: Address | None = None,
        conflate: str | None = None,
        system: bool = False,
    ) -> None:
        """Put a message into the mailbox and go on.

        With `reply_to`, the answer comes there as a message, or a Refused. With `conflate`, the
        message takes the place of one that still waits under the same key. `system` letters come
        before all others and are never turned away.

        Raises MailboxFull when too many letters wait, Fenced when the teller was replaced.
        """
        check_here()
        asker = None if reply_to is None else ReplyTo(reply_to, message)
        letter = Letter(message, asker, system=system)
        try:
            self._mailbox.put(letter, conflate)
        except Closed as closed:
            if conflate is None or asker is not None:
                self._return(self.name, letter, str(closed))

    def ask(self, message: object) -> Reply[Any]:
        """Put a question into the mailbox, for askers outside of any actor.

        Raises MailboxFull when too many letters wait.
        """
        reply: Reply[Any] = Reply()
        letter = Letter(message, ReplyTo(reply, message))
        try:
            self._mailbox.put(letter)
        except Closed as closed:
            self._return(self.name, letter, str(closed))
        return reply

    def deliver(self, letter: Letter, conflate: object = None) -> None:
        """Deliver what must not be turned away: answers, timers, I/O. The runtime calls it."""
        try:
            self._mailbox.put(letter, conflate, force=True)
        except Closed as closed:
            if letter.timer is None:
                self._return(self.name, letter, str(closed))

    def __repr__(self) -> str:
        return f"Address({self.name!r})"
