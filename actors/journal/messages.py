"""What the journal takes and answers: commands before they act, events after they happened."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable


class Severity(StrEnum):
    INFO = "info"
    WARNING = "warning"
    ALARM = "alarm"


@dataclass(frozen=True, slots=True)
class Event:
    """Something a person may want to read later."""

    at: datetime
    kind: str
    """A dotted word: ``actor.crashed``, ``position.opened``, ``guard.daily_loss``..."""
    severity: Severity
    address: str
    text: str
    detail: str = ""
    """A trace or further figures."""


@dataclass(frozen=True, slots=True)
class RecordEvent:
    event: Event


@dataclass(frozen=True, slots=True)
class EventRecorded:
    """Told to the views."""

    seq: int
    event: Event


@dataclass(frozen=True, slots=True)
class ReadEvents:
    """Newest first; answered by EventsRead."""

    before_seq: int | None = None
    limit: int = 200


@dataclass(frozen=True, slots=True)
class EventsRead:
    events: tuple[EventRecorded, ...]


@dataclass(frozen=True, slots=True)
class GetStoreHealth:
    """Answered by the store's StoreHealth."""


@dataclass(frozen=True, slots=True)
class SubmitCommand:
    """A person's command. On disk before the answer, then told to its target.

    Answered by CommandAccepted, or rejected with code unknown_command | invalid_argument |
    key_reused.
    """

    idempotency_key: str
    name: str
    """start, stop, restart, pause, resume, emergency-stop, clear-emergency, close-position,
    restart-actor, resend-letter, drop-letter."""
    argument: str
    """Position id, actor address or letter id; else empty."""
    who: str


@dataclass(frozen=True, slots=True)
class CommandAccepted:
    command_id: int
    name: str
    repeated: bool
    """True when the key was seen before: the command is not done twice."""
    status: str
    """accepted, done, refused."""
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class GetCommand:
    """Answered by CommandAccepted; rejected with code no_such_command."""

    command_id: int


@runtime_checkable
class CommandOutcome(Protocol):
    """What the one who does a command answers the journal with."""

    @property
    def command_id(self) -> int: ...

    @property
    def text(self) -> str:
        """What came of it, in words."""
        ...
