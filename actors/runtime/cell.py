"""All that a runtime knows of one address."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from .address import Address
from .clock import Clock
from .mailbox import Mailbox
from .observer import ActorView, State
from .specs import ChildSpec, Spec, SupervisorSpec

if TYPE_CHECKING:
    from .incarnation import Incarnation


RESTARTS_KEPT = 10


class Cell:
    """The record of an address: what it runs, which life of it, and how it fared."""

    def __init__(self, address: Address, mailbox: Mailbox) -> None:
        self.address = address
        self.mailbox = mailbox
        self.spec: Spec | None = None
        self.parent: Address | None = None
        self.roster: dict[str, Spec] | None = None
        self.incarnation: Incarnation | None = None
        self.epoch = 0
        self.restarts = 0
        self.restarted_at: tuple[datetime, ...] = ()
        self.state: State = "new"
        self.started_at: datetime | None = None
        self.last_error: str | None = None
        self.last_trace: str | None = None
        self.last_error_at: datetime | None = None
        self.zombies: list[Incarnation] = []
        self._latencies: tuple[int, list[float | None]] | None = None
        """How many letters had been dealt with then; wait and work, p50 and p99."""

    def restarted(self, now: datetime) -> None:
        self.restarts += 1
        self.restarted_at = (*self.restarted_at, now)[-RESTARTS_KEPT:]

    def view(self, clock: Clock, monotonic: float) -> ActorView:
        """What it looks like from outside; `monotonic`: real seconds, as the mailbox counts."""
        mailbox, spec = self.mailbox, self.spec
        since, letter = mailbox.busy_since, mailbox.in_flight
        self.zombies = [zombie for zombie in self.zombies if zombie.is_busy()]
        busy_since = None
        if since is not None:
            busy = timedelta(seconds=max(monotonic - since, 0.0)) / clock.real_seconds(1_000_000)
            busy_since = clock.now() - busy
        wait_p50, wait_p99, work_p50, work_p99 = self._latencies_now()
        return ActorView(
            address=self.address.name,
            kind="supervisor" if isinstance(spec, SupervisorSpec) else "actor",
            state=self.state,
            epoch=self.epoch,
            restarts=self.restarts,
            dispatch=spec.dispatch if isinstance(spec, ChildSpec) else "thread",
            parent=None if self.parent is None else self.parent.name,
            strategy=spec.strategy if isinstance(spec, SupervisorSpec) else None,
            depth=mailbox.depth,
            high_water=mailbox.high_water,
            capacity=mailbox.capacity,
            handled=mailbox.handled,
            conflated=mailbox.conflated,
            rejected=mailbox.rejected,
            wait_p50=wait_p50,
            wait_p99=wait_p99,
            work_p50=work_p50,
            work_p99=work_p99,
            busy_since=busy_since,
            busy_on=None if since is None or letter is None else type(letter.message).__name__,
            started_at=self.started_at,
            last_error=self.last_error,
            last_trace=self.last_trace,
            last_error_at=self.last_error_at,
            zombies=len(self.zombies),
            restarted_at=self.restarted_at,
        )

    def _latencies_now(self) -> list[float | None]:
        """Looked up anew only after another letter: most actors are idle between two looks."""
        mailbox, known = self.mailbox, self._latencies
        if known is None or known[0] != mailbox.handled:
            histograms = (mailbox.wait, mailbox.work)
            found = [one.quantile(share) for one in histograms for share in (0.5, 0.99)]
            known = self._latencies = (mailbox.handled, found)
        return known[1]
