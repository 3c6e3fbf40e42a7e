"""Actors, dead letters and events."""

from dataclasses import dataclass
from datetime import datetime

from actors.journal.messages import EventRecorded
from actors.runtime import ActorView, DeadLetter


@dataclass(frozen=True, slots=True)
class GetSystem: ...


@dataclass(frozen=True, slots=True)
class SystemView:
    at: datetime
    actors: tuple[ActorView, ...]


@dataclass(frozen=True, slots=True)
class GetDeadLetters: ...


@dataclass(frozen=True, slots=True)
class DeadLetters:
    letters: tuple[DeadLetter, ...]


@dataclass(frozen=True, slots=True)
class GetEvents:
    before_seq: int | None = None
    limit: int = 200


@dataclass(frozen=True, slots=True)
class Events:
    """Newest first; the views keep the last thousand."""

    events: tuple[EventRecorded, ...]
