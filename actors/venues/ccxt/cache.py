"""The list of an exchange's markets on disk: a start need not wait for what it knows already."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

FORMAT = 1


@dataclass(frozen=True, slots=True)
class KeptMarkets:
    markets: Sequence[Mapping[str, Any]]
    """As ccxt makes them."""
    listed_at: datetime


class MarketsFile:
    """One file for each exchange and way of reaching it. Damage to it is as if it were not there.

    ``ccxt_version`` and ``reached_by`` (the addresses) are written with it: another version may
    read the markets otherwise, and a test network has other ones.
    """

    def __init__(self, folder: Path, exchange: str, ccxt_version: str, reached_by: str) -> None:
        self.path = folder / f"markets-{exchange}.json"
        self._made_for = {
            "format": FORMAT,
            "exchange": exchange,
            "ccxt": ccxt_version,
            "reached_by": reached_by,
        }

    def read(self) -> KeptMarkets | None:
        try:
            kept = json.loads(self.path.read_text(encoding="utf-8"))
            if kept["made_for"] != self._made_for:
                return None
            markets = kept["markets"]
            if not (isinstance(markets, list) and all(isinstance(one, dict) for one in markets)):
                return None
            return KeptMarkets(markets, datetime.fromisoformat(kept["listed_at"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, markets: Sequence[Mapping[str, Any]], listed_at: datetime) -> None:
        """Put it there at once or not at all; a full disk is no reason to stop."""
        text = json.dumps(
            {
                "made_for": self._made_for,
                "listed_at": listed_at.isoformat(),
                "markets": list(markets),
            },
            default=str,
        )
        beside = self.path.with_suffix(".new")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            beside.write_text(text, encoding="utf-8")
            beside.replace(self.path)
        except OSError:
            beside.unlink(missing_ok=True)
