"""The recorded market that the settings name, loaded and checked against them."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from actors.cli.exit_codes import ExitCode
from actors.cli.failure import CommandFailed

if TYPE_CHECKING:
    from actors.config.settings import Settings
    from actors.venues.replay import Recording


def data_folder(settings: "Settings") -> Path:
    """Where the recorded market lies: the bundled sample, unless a folder is named."""
    from actors.venues import sample

    return settings.historical.data or Path(sample.__file__).parent


def load_recording(settings: "Settings") -> "Recording":
    """Raises RecordingError for damaged data, CommandFailed where the settings don't fit it."""
    from actors.venues.replay import Recording

    recording = Recording.load(data_folder(settings))
    if settings.exchange.id not in recording.venues:
        message = (
            f"{data_folder(settings)} holds no prices of {settings.exchange.id}; "
            f"exchange.id (or --venue) can be {' or '.join(recording.venues)}"
        )
        raise CommandFailed(ExitCode.DATA, message)
    for key, at in (
        ("historical.from", settings.historical.from_),
        ("historical.until", settings.historical.until),
    ):
        if at is not None:
            check_within(recording, key, at)
    return recording


def check_within(recording: "Recording", what: str, at: datetime) -> None:
    """Raises CommandFailed for an instant before or after the recorded prices."""
    span = recording.span
    if not span.start <= at <= span.end:
        message = (
            f"{what} is {at:%Y-%m-%d %H:%M} UTC, but prices are recorded from "
            f"{span.start:%Y-%m-%d %H:%M} to {span.end:%Y-%m-%d %H:%M} UTC"
        )
        raise CommandFailed(ExitCode.DATA, message)
