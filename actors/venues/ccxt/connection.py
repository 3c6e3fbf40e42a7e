"""Which exchange, and how it is reached."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Connection:
    """What an exchange is opened with."""

    exchange_id: str
    """By ccxt's name for it: ``bybit``."""
    sandbox: bool = False
    """The exchange's test network."""
    ccxt_config: Mapping[str, Any] = field(default_factory=dict)
    """Handed to ccxt as it is."""
    cache_folder: Path | None = None
    """Where the list of markets is kept from one start to the next; None = nowhere."""
    quote: str = "USDT"
    """Only what is quoted (and settled) in this coin is listed."""
