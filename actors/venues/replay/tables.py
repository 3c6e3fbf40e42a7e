"""The parquet files of a recorded market, read and checked before anything else looks at them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

HOUR_MS = 3_600_000


class RecordingError(ValueError):
    """A recorded market cannot be used; the message says what, where, and what would be right."""

    def __init__(self, where: Path, what: str, right: str) -> None:
        super().__init__(f"{where}: {what}; {right}")


def read_prices(folder: Path) -> pa.Table:
    """The hourly candles of ``prices.parquet``: the columns a replay needs.

    Raises RecordingError where the file is missing, damaged, or not in the format.
    """
    path = folder / "prices.parquet"
    table = _read(path, _PRICES, ("venue", "symbol", "market", "timestamp", *_PRICE_VALUES))
    for name in ("open", "close"):
        _require(path, name, _positive(floats(table, name)), "prices above 0")
    volume = floats(table, "volume")
    _require(path, "volume", np.isfinite(volume) & (volume >= 0), "volumes of 0 or more")
    on_the_hour = integers(table, "timestamp") % HOUR_MS == 0
    _require(path, "timestamp", on_the_hour, "candles of one hour that open on the hour")
    markets = set(table["market"].unique().to_pylist())
    if not markets <= {"spot", "perp"}:
        strange = ", ".join(sorted(markets - {"spot", "perp"}))
        raise RecordingError(path, f"unknown market {strange}", "column market is spot or perp")
    return table


def read_funding(folder: Path) -> pa.Table:
    """The settled prints of ``funding.parquet``.

    Raises RecordingError where the file is missing, damaged, or not in the format.
    """
    path = folder / "funding.parquet"
    table = _read(path, _FUNDING, tuple(name for name in _FUNDING if name != "n_sources"))
    _require(path, "rate", np.isfinite(floats(table, "rate")), "finite rates")
    _require(path, "interval_hours", integers(table, "interval_hours") > 0, "intervals above 0")
    marks = floats(table, "mark_price")
    _require(path, "mark_price", np.isnan(marks) | _positive(marks), "prices above 0, or null")
    return table


def split_series(
    folder: Path, file: str, table: pa.Table, by: Sequence[str]
) -> Iterator[tuple[tuple[str, ...], pa.Table]]:
    """Each series of a table, by the values of the columns ``by``, with rising timestamps.

    Raises RecordingError where a series' timestamps repeat or go back.
    """
    codes = np.zeros(table.num_rows, dtype=np.int64)
    for name in by:
        encoded = table[name].combine_chunks().dictionary_encode()
        codes = codes * len(encoded.dictionary) + encoded.indices.to_numpy()
    order = np.argsort(codes, kind="stable")
    if not bool(np.all(order[1:] > order[:-1])):
        table, codes = table.take(pa.array(order)), codes[order]
    starts = [0, *(np.flatnonzero(np.diff(codes)) + 1).tolist(), len(codes)]
    for start, end in pairwise(starts):
        part = table.slice(start, end - start)
        key = tuple(part[name][0].as_py() for name in by)
        _require_rising(folder / file, key, integers(part, "timestamp"))
        yield key, part


def integers(table: pa.Table, column: str) -> NDArray[np.int64]:
    return np.asarray(table[column].to_numpy(), dtype=np.int64)


def floats(table: pa.Table, column: str) -> NDArray[np.float64]:
    """The column's values; null reads as NaN."""
    return np.asarray(table[column].to_numpy(), dtype=np.float64)


def when(timestamp_ms: int) -> datetime:
    return datetime.fromtimestamp(timestamp_ms / 1000, UTC)


# --- the format -----------------------------------------------------------------------------------


def _is_text(kind: Any) -> bool:
    return bool(
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or (pa.types.is_dictionary(kind) and _is_text(kind.value_type))
    )


# What a column holds: the words for the message, and the test of its type.
_Kind = tuple[str, Callable[[Any], bool]]
_TEXT: _Kind = ("text", _is_text)
_INTEGER: _Kind = ("integer", lambda kind: bool(pa.types.is_integer(kind)))
_DOUBLE: _Kind = ("double", lambda kind: bool(pa.types.is_float64(kind)))
_FLAG: _Kind = ("bool", lambda kind: bool(pa.types.is_boolean(kind)))

_PRICES: Mapping[str, _Kind] = {
    "venue": _TEXT,
    "symbol": _TEXT,
    "market": _TEXT,
    "timestamp": _INTEGER,
    "open": _DOUBLE,
    "high": _DOUBLE,
    "low": _DOUBLE,
    "close": _DOUBLE,
    "volume": _DOUBLE,
}
_PRICE_VALUES = ("open", "close", "volume")

_FUNDING: Mapping[str, _Kind] = {
    "venue": _TEXT,
    "symbol": _TEXT,
    "timestamp": _INTEGER,
    "rate": _DOUBLE,
    "interval_hours": _INTEGER,
    "after_gap": _FLAG,
    "mark_price": _DOUBLE,
    "n_sources": _INTEGER,
}
_MAY_BE_NULL = ("mark_price",)
_FILES = "a recorded market is a folder with funding.parquet and prices.parquet"


def _read(path: Path, columns: Mapping[str, _Kind], wanted: Sequence[str]) -> pa.Table:
    if not path.is_file():
        raise RecordingError(path, "no such file", _FILES)
    try:
        schema = pq.read_schema(path)
        _check_schema(path, schema, columns)
        keys = [name for name in wanted if columns[name] is _TEXT]
        table = pq.read_table(
            path, columns=list(wanted), read_dictionary=keys, page_checksum_verification=True
        )
        table.validate(full=True)
    except RecordingError:
        raise
    except (pa.ArrowException, OSError, ValueError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise RecordingError(
            path, f"not a readable parquet file ({reason})", "copy or download it again"
        ) from error
    if table.num_rows == 0:
        raise RecordingError(path, "no rows", "it needs at least one")
    for name in wanted:
        if name not in _MAY_BE_NULL and table[name].null_count:
            right = "only mark_price may be null"
            raise RecordingError(path, f"column {name} has {table[name].null_count} nulls", right)
    return table.unify_dictionaries()


def _check_schema(path: Path, schema: Any, columns: Mapping[str, _Kind]) -> None:
    missing = [name for name in columns if name not in schema.names]
    if missing:
        right = "the columns are " + ", ".join(columns)
        raise RecordingError(path, "missing column " + ", ".join(missing), right)
    for name, (words, fits) in columns.items():
        kind = schema.field(name).type
        if not fits(kind):
            raise RecordingError(path, f"column {name} is {kind}", f"it should be {words}")


def _positive(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    return np.isfinite(values) & (values > 0)


def _require(path: Path, column: str, good: NDArray[np.bool_], right: str) -> None:
    if not bool(good.all()):
        row = int(np.argmin(good))
        raise RecordingError(path, f"column {column}, row {row} is damaged", f"it holds {right}")


def _require_rising(path: Path, key: Sequence[str], timestamps: NDArray[np.int64]) -> None:
    steps = np.diff(timestamps)
    if bool((steps > 0).all()):
        return
    first = int(np.argmax(steps <= 0)) + 1
    at = when(int(timestamps[first])).isoformat()
    what = "twice" if steps[first - 1] == 0 else "after a later row"
    raise RecordingError(
        path, f"{' '.join(key)}: {at} comes {what}", "each series is sorted by time, once each"
    )
