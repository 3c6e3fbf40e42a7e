"""Where a command stands."""

from enum import StrEnum


class CommandStatus(StrEnum):
    ACCEPTED = "accepted"
    """On disk; its target has not answered yet."""
    DONE = "done"
    REFUSED = "refused"
