"""The mailbox of an address, and the lease by which an incarnation reads it."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Hashable
from typing import Final, Protocol

from .histogram import Histogram
from .letter import Letter, Rejected, ReplyTo


class MailboxFull(Exception):
    """The address has as many letters waiting as it may; the sender has to slow down."""


class Closed(Exception):
    """The address was stopped for good."""


class Lease(Protocol):
    """An incarnation's right to read a mailbox. `ring` says that there is something to take."""

    def ring(self) -> None: ...


class Sentinel:
    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


STOP: Final = Sentinel("STOP")
"""Taken instead of a letter: end in order."""

REVOKED: Final = Sentinel("REVOKED")
"""Taken instead of a letter: this incarnation was replaced, end at once."""


class Mailbox:
    """Letters waiting for one address: they outlive every incarnation that reads them.

    System letters come first. A letter told with a conflation key takes the place of the one that
    still waits under this key. The letter at hand stays here as `in_flight` until it is finished,
    so that whoever revokes the lease gets it back.
    """

    def __init__(self, name: str, monotonic: Callable[[], float], capacity: int = 10_000) -> None:
        self.name = name
        self.capacity = capacity
        self.handled = 0
        self.conflated = 0
        self.rejected = 0
        self.high_water = 0
        self.wait = Histogram()
        self.work = Histogram()
        self.busy_since: float | None = None
        self.in_flight: Letter | None = None
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._system: deque[Letter] = deque()
        self._normal: deque[Letter] = deque()
        self._keyed: dict[Hashable, Letter] = {}
        self._keys: dict[Letter, Hashable] = {}
        self._lease: Lease | None = None
        self._idle = False
        self._stop = False
        self._closed: str | None = None

    @property
    def depth(self) -> int:
        return len(self._system) + len(self._normal)

    @property
    def closed(self) -> str | None:
        """Why nobody reads this mailbox any more, or None."""
        return self._closed

    def put(self, letter: Letter, conflate: Hashable = None, *, force: bool = False) -> None:
        """Add a letter. Raises MailboxFull (unless system or `force`), Closed."""
        letter.sent = self._monotonic()
        superseded: ReplyTo | None = None
        ring: Lease | None = None
        with self._lock:
            if self._closed is not None:
                raise Closed(self._closed)
            waiting = None if conflate is None else self._keyed.get(conflate)
            if waiting is not None:
                superseded, waiting.asker = waiting.asker, letter.asker
                waiting.message, waiting.timer = letter.message, letter.timer
                self.conflated += 1
            else:
                if letter.system:
                    self._system.append(letter)
                else:
                    if len(self._normal) >= self.capacity and not force:
                        self.rejected += 1
                        raise MailboxFull(f"{self.name}: {self.capacity} letters are waiting")
                    self._normal.append(letter)
                depth = len(self._system) + len(self._normal)
                if depth > self.high_water:
                    self.high_water = depth
                if conflate is not None:
                    self._keyed[conflate] = letter
                    self._keys[letter] = conflate
                if self._idle:
                    self._idle = False
                    ring = self._lease
        if ring is not None:
            ring.ring()
        if superseded is not None:
            superseded.close(Rejected("superseded", "a newer letter took its place"))

    def put_back(self, letter: Letter) -> None:
        """Redeliver a letter before all others of its lane."""
        with self._lock:
            if self._closed is not None:
                raise Closed(self._closed)
            (self._system if letter.system else self._normal).appendleft(letter)

    def take(self, lease: Lease) -> Letter | Sentinel | None:
        """Finish the letter at hand, hand out the next; None (and a ring later) if none waits."""
        with self._lock:
            if self._lease is not lease:
                return REVOKED
            now = self._monotonic()
            if self.busy_since is not None:
                self._finish(now)
            if self._stop:
                self._stop = False
                return STOP
            while True:
                if self._system:
                    letter = self._system.popleft()
                elif self._normal:
                    letter = self._normal.popleft()
                else:
                    self._idle = True
                    return None
                if self._keys:
                    key = self._keys.pop(letter, None)
                    if key is not None:
                        del self._keyed[key]
                if letter.timer is None or letter.timer.alive:
                    break
            self.in_flight = letter
            self.busy_since = now
            self.wait.add(now - letter.sent)
            return letter

    def finish(self, lease: Lease) -> bool:
        """The letter at hand is done. Say whether the lease holds and there is more to take."""
        with self._lock:
            if self._lease is not lease:
                return False
            if self.busy_since is not None:
                self._finish(self._monotonic())
            if self._stop or self._system or self._normal:
                return True
            self._idle = True
            return False

    def grant(self, lease: Lease) -> None:
        """Let a new incarnation read. It is taken to be awake: it takes before it waits."""
        with self._lock:
            self._lease = lease
            self._idle = False
            self._stop = False

    def revoke(self, lease: Lease) -> Letter | None:
        """End a lease; return the letter that was at hand."""
        with self._lock:
            if self._lease is not lease:
                return None
            self._lease = None
            ring, self._idle = self._idle, False
            letter, self.in_flight = self.in_flight, None
            self.busy_since = None
        if ring:
            lease.ring()
        return letter

    def stop(self, lease: Lease) -> None:
        """Ask the reader to end in order, before it takes any other letter."""
        with self._lock:
            if self._lease is not lease:
                return
            self._stop = True
            ring = self._idle
            self._idle = False
        if ring:
            lease.ring()

    def close(self, reason: str) -> list[Letter]:
        """Accept nothing more; return what was waiting."""
        with self._lock:
            self._closed = reason
            letters = [*self._system, *self._normal]
            self._system.clear()
            self._normal.clear()
            self._keyed.clear()
            self._keys.clear()
            return letters

    def open(self, capacity: int) -> None:
        """Accept letters (again)."""
        with self._lock:
            self._closed = None
            self.capacity = capacity

    def _finish(self, now: float) -> None:
        assert self.busy_since is not None
        self.work.add(now - self.busy_since)
        self.handled += 1
        self.busy_since = None
        self.in_flight = None
