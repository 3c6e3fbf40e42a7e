"""A recorded market, served as it was known at each instant."""

from actors.venues.replay.market_data import ReplayMarket
from actors.venues.replay.quotes import QuoteModel
from actors.venues.replay.recording import PriceAt, Recording, Span
from actors.venues.replay.tables import RecordingError

__all__ = ["PriceAt", "QuoteModel", "Recording", "RecordingError", "ReplayMarket", "Span"]
