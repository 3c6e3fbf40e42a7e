"""What a supervisor needs of the runtime."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal, Protocol

from .address import Address
from .specs import Spec


class Nursery(Protocol):
    """Where children are started and ended. Whoever was replaced is Fenced."""

    def spawn(self, path: str, spec: Spec, parent: Address) -> int:
        """Begin the start of a child; return its epoch. An Up or a Down will follow."""
        ...

    def request_stop(self, path: str) -> None:
        """Ask it to end in order. A Down will follow."""
        ...

    def abandon(self, path: str, reason: Literal["hung", "killed"]) -> None:
        """Void an incarnation that does not listen. Nothing will follow."""
        ...

    def close(self, path: str, reason: str) -> None:
        """Nobody will run at this address any more."""
        ...

    def announce(self, path: str) -> None:
        """Say that the supervisor at this address is up."""
        ...

    def machine_time(self, span: timedelta) -> timedelta:
        """A span of the machine's time as the runtime's clock counts it.

        Starts, stops and restarts take the machine's time, however fast a replay's clock runs.
        """
        ...
