"""The dead letter office: letters that nobody could read, kept for a person to look at."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import count

_LONGEST_TEXT = 2000


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A letter that killed its actor `attempts` times, or whose address was stopped for good."""

    id: int
    at: datetime
    address: str
    message: str
    """The message as text, cut where it is very long."""
    error: str
    trace: str
    attempts: int


class DeadLetterOffice:
    """Keeps the newest `capacity` dead letters; how many it had to forget is in `forgotten`."""

    def __init__(self, send: Callable[[str, object], None], capacity: int = 1000) -> None:
        self.forgotten = 0
        self._send = send
        self._capacity = capacity
        self._lock = threading.Lock()
        self._letters: OrderedDict[int, tuple[DeadLetter, object]] = OrderedDict()
        self._ids = count(1)

    def list(self) -> tuple[DeadLetter, ...]:
        """All letters, oldest first."""
        with self._lock:
            return tuple(letter for letter, _ in self._letters.values())

    def resend(self, id: int) -> None:
        """Tell the message to its address again, as new. Its asker has had an answer already.

        Raises KeyError if there is no such letter, MailboxFull (the letter then stays here).
        """
        with self._lock:
            letter, message = self._letters.pop(id)
        try:
            self._send(letter.address, message)
        except BaseException:
            with self._lock:
                self._letters[id] = letter, message
            raise

    def drop(self, id: int) -> None:
        """Forget a letter. Raises KeyError if there is no such letter."""
        with self._lock:
            del self._letters[id]

    def bury(
        self, at: datetime, address: str, message: object, error: str, trace: str, attempts: int
    ) -> None:
        text = f"{message!r:.{_LONGEST_TEXT}}"
        with self._lock:
            id = next(self._ids)
            letter = DeadLetter(id, at, address, text, error, trace, attempts)
            self._letters[id] = letter, message
            if len(self._letters) > self._capacity:
                self._letters.popitem(last=False)
                self.forgotten += 1

    def __len__(self) -> int:
        return len(self._letters)
