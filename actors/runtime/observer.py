"""What an actor looks like from outside, for a dashboard."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

State = Literal["new", "starting", "running", "restarting", "stopping", "stopped", "abandoned"]


@dataclass(frozen=True, slots=True)
class ActorView:
    """One address at one moment. Latencies are in seconds, None without any sample.

    `handled` and its like count since the address exists. `zombies` counts replaced incarnations
    that have not let go of their thread.
    """

    address: str
    kind: Literal["actor", "supervisor"]
    state: State
    epoch: int
    restarts: int
    dispatch: str
    parent: str | None
    strategy: str | None
    depth: int
    high_water: int
    capacity: int
    handled: int
    conflated: int
    rejected: int
    wait_p50: float | None
    wait_p99: float | None
    work_p50: float | None
    work_p99: float | None
    busy_since: datetime | None
    busy_on: str | None
    started_at: datetime | None
    last_error: str | None
    last_trace: str | None
    last_error_at: datetime | None
    zombies: int
    restarted_at: tuple[datetime, ...] = ()
    """The last restarts, oldest first."""
    per_second: float | None = None
    """Messages dealt with per real second: for whoever looks twice to fill in."""
