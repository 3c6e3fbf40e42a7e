"""Actors, dead letters, events, and how the process, its store and its venues fare."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from actors.gateway.messages import VenueHealth
from actors.journal.messages import EventRecorded
from actors.runtime import ActorView, DeadLetter, ProcessUse
from actors.store import StoreHealth


@dataclass(frozen=True, slots=True)
class GetSystem: ...


@dataclass(frozen=True, slots=True)
class SystemView:
    """What is said of the store and the venues is a moment old: they are asked when looked at."""

    at: datetime
    actors: tuple[ActorView, ...]
    process: ProcessUse | None = None
    versions: tuple[tuple[str, str], ...] = ()
    """Of what runs here, by name."""
    store: StoreHealth | None = None
    """None until it has said so for the first time."""
    store_problem: str = ""
    """Why the store could not say how it fares."""
    venues: tuple[VenueHealth, ...] = ()


@dataclass(frozen=True, slots=True)
class GetDeadLetters:
    limit: int = 200
    offset: int = 0
    address: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class DeadLetters:
    """Newest first."""

    letters: tuple[DeadLetter, ...]
    total: int = 0
    """All that match."""


@dataclass(frozen=True, slots=True)
class GetEvents:
    before_seq: int | None = None
    limit: int = 200
    severity: Literal["info", "warning", "alarm"] | None = None
    """At least so grave."""
    kind: str | None = None
    """This one, and what is below: ``actor`` stands for ``actor.crashed``, too."""
    address: str | None = None
    """This one, and what is below."""
    text: str | None = None
    """Anywhere in it, in any case."""


@dataclass(frozen=True, slots=True)
class Events:
    """Newest first; the views keep the last thousand."""

    events: tuple[EventRecorded, ...]
