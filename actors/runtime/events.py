"""What happens to actors, as it happens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

EventKind = Literal[
    "started",
    "stopped",
    "crashed",
    "start_failed",
    "hung",
    "killed",
    "restarted",
    "gave_up",
    "rejected",
    "buried",
    "undeliverable",
]


@dataclass(frozen=True, slots=True)
class RuntimeEvent:
    """One event in the life of an actor.

    `killed`: it did not end within its shutdown time and was abandoned. `gave_up`: a supervisor
    had to restart too often. `buried`: a letter killed too often and went to the dead letters.
    """

    at: datetime
    kind: EventKind
    address: str
    epoch: int
    detail: str = ""
    trace: str = ""
