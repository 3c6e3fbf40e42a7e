"""The dead letter office: letters that nobody could read, kept for a person to look at."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import count


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A letter that killed its actor `deaths` times, or whose address was stopped for good."""

    id: int
    at: datetime
    address: str
    message: object
    reason: str
    deaths: int
    trace: str


class DeadLetterOffice:
    """Keeps the newest `capacity` dead letters; how many it had to forget is in `forgotten`."""

    def __init__(self, send: Callable[[str, object], None], capacity: int = 1000) -> None:
        self.forgotten = 0
        self._send = send
        self._capacity = capacity
        self._lock = threading.Lock()
        self._letters: OrderedDict[int, DeadLetter] = OrderedDict()
        self._ids = count(1)

    def list(self) -> tuple[DeadLetter, ...]:
        """All letters, oldest first."""
        with self._lock:
            return tuple(self._letters.values())

    def resend(self, id: int) -> None:
        """Tell the message to its address again, as new. Its asker has had an answer already.

        Raises KeyError if there is no such letter, MailboxFull (the letter then stays here).
        """
        with self._lock:
            letter = self._letters[id]
        self._send(letter.address, letter.message)
        self.drop(id)

    def drop(self, id: int) -> None:
        """Forget a letter. Raises KeyError if there is no such letter."""
        with self._lock:
            del self._letters[id]

    def bury(
        self, at: datetime, address: str, message: object, reason: str, deaths: int, trace: str
    ) -> None:
        with self._lock:
            id = next(self._ids)
            self._letters[id] = DeadLetter(id, at, address, message, reason, deaths, trace)
            if len(self._letters) > self._capacity:
                self._letters.popitem(last=False)
                self.forgotten += 1

    def __len__(self) -> int:
        return len(self._letters)
