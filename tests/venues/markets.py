"""Small recorded markets written by hand, for tests."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

HOUR = 3_600_000
START = datetime(2025, 3, 1, tzinfo=UTC)
START_MS = int(START.timestamp()) * 1000

PRICE_TYPES = {
    "venue": pa.string(),
    "symbol": pa.string(),
    "market": pa.string(),
    "timestamp": pa.int64(),
    **dict.fromkeys(("open", "high", "low", "close", "volume"), pa.float64()),
}
FUNDING_TYPES = {
    "venue": pa.string(),
    "symbol": pa.string(),
    "timestamp": pa.int64(),
    "rate": pa.float64(),
    "interval_hours": pa.int8(),
    "after_gap": pa.bool_(),
    "mark_price": pa.float64(),
    "n_sources": pa.int8(),
}
Row = dict[str, Any]


def candle(
    symbol: str, hour: int, open_: float, close: float, volume: float = 10.0, venue: str = "alpha"
) -> Row:
    """One candle, ``hour`` hours after START."""
    return {
        "venue": venue,
        "symbol": symbol,
        "market": "perp" if ":" in symbol else "spot",
        "timestamp": START_MS + hour * HOUR,
        "open": open_,
        "high": max(open_, close),
        "low": min(open_, close),
        "close": close,
        "volume": volume,
    }


def funding(
    symbol: str,
    hour: int,
    rate: float,
    interval: int = 8,
    mark: float | None = None,
    venue: str = "alpha",
) -> Row:
    """One settled print, ``hour`` hours after START."""
    return {
        "venue": venue,
        "symbol": symbol,
        "timestamp": START_MS + hour * HOUR,
        "rate": rate,
        "interval_hours": interval,
        "after_gap": False,
        "mark_price": mark,
        "n_sources": 2,
    }


def write_prices(folder: Path, rows: Sequence[Row]) -> Path:
    return _write(folder / "prices.parquet", rows, PRICE_TYPES)


def write_funding(folder: Path, rows: Sequence[Row]) -> Path:
    return _write(folder / "funding.parquet", rows, FUNDING_TYPES)


def write_market(folder: Path) -> Path:
    """COIN at 100 to 123 for 24 hours without hours 5 to 7 of its spot; prints every 8, then 4."""
    spot = [
        candle("COIN/USDT", hour, 100.0 + hour, 100.5 + hour)
        for hour in range(24)
        if hour not in (5, 6, 7)
    ]
    perp = [candle("COIN/USDT:USDT", hour, 100.1 + hour, 100.6 + hour, 20.0) for hour in range(24)]
    write_prices(folder, spot + perp)
    prints = [
        funding("COIN/USDT:USDT", 0, 0.0001, mark=100.2),
        funding("COIN/USDT:USDT", 8, 0.0002),
        funding("COIN/USDT:USDT", 12, -0.0003, interval=4),
        funding("COIN/USDT:USDT", 48, 0.0004, interval=4),
    ]
    write_funding(folder, prints)
    return folder


def _write(path: Path, rows: Sequence[Row], types: dict[str, Any]) -> Path:
    pq.write_table(pa.Table.from_pylist(list(rows), schema=pa.schema(types)), path)
    return path
