"""A recorded market, served as it was known at each instant."""

from actors.venues.replay.recording import PriceAt, Recording, Span
from actors.venues.replay.tables import RecordingError

__all__ = ["PriceAt", "Recording", "RecordingError", "Span"]
