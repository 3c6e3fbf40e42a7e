"""Cut a small recorded market out of a large one: chosen pairs over chosen spans.

``python -m actors.venues.replay.cut SOURCE TARGET --until DATE VENUE:BASE:FROM ...``; docs/data.md
has the line that made the bundled sample.
"""

import argparse
import csv
import sys
from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from actors.domain.instruments import Pair
from actors.venues.replay.instruments import FILE
from actors.venues.replay.recording import Recording
from actors.venues.replay.series import to_ms
from actors.venues.replay.tables import RecordingError, integers


@dataclass(frozen=True, slots=True)
class Wanted:
    """A pair by venue and base coin, and when its prices shall begin."""

    venue: str
    base: str
    prices_from: datetime


@dataclass(frozen=True, slots=True)
class Cut:
    """What a cut wrote."""

    pairs: int
    candles: int
    prints: int
    size_bytes: int


def cut_recording(
    source: Path,
    target: Path,
    wanted: Sequence[Wanted],
    *,
    funding_from: datetime,
    until: datetime,
) -> Cut:
    """Write the wanted pairs of ``source`` to ``target``, both legs and funding, before ``until``.

    Funding may begin earlier than prices, so that slow averages are warm from the first candle.
    Values are copied as they are, but for binary noise behind the 12th digit of a volume. Raises
    RecordingError where the source is damaged or lacks a wanted pair.
    """
    chosen = _choose(Recording.load(source), source, wanted)
    until_ms = to_ms(until)
    starts = {
        (leg.venue, leg.symbol): to_ms(one.prices_from)
        for one, pair in chosen
        for leg in (pair.long, pair.short)
    }
    prices = _rows(source / "prices.parquet", starts, until_ms)
    perps = {(pair.short.venue, pair.short.symbol): to_ms(funding_from) for _, pair in chosen}
    funding = _rows(source / "funding.parquet", perps, until_ms)

    if prices.num_rows == 0 or funding.num_rows == 0:
        what = "no candles or no prints of the wanted pairs in this span"
        raise RecordingError(source, what, "choose a span that the recording covers")
    target.mkdir(parents=True, exist_ok=True)
    _write(_without_noise(prices), target / "prices.parquet", [*_KEYS, "market", "volume"])
    _write(funding, target / "funding.parquet", [*_KEYS, "rate"])
    if (source / FILE).exists():
        _copy_lines(source / FILE, target / FILE, starts)
    size = sum(file.stat().st_size for file in target.iterdir() if file.is_file())
    return Cut(len(chosen), prices.num_rows, funding.num_rows, size)


_KEYS = ("venue", "symbol")


def _choose(
    recording: Recording, source: Path, wanted: Sequence[Wanted]
) -> list[tuple[Wanted, Pair]]:
    pairs = {(pair.short.venue, pair.short.base): pair for pair in recording.pairs()}
    absent = [one for one in wanted if (one.venue, one.base) not in pairs]
    if absent:
        names = ", ".join(f"{one.venue}:{one.base}" for one in absent)
        right = "it has " + ", ".join(f"{venue}:{base}" for venue, base in sorted(pairs))
        raise RecordingError(source, f"no pair {names} with spot, perpetual and funding", right)
    return [(one, pairs[one.venue, one.base]) for one in wanted]


def _rows(path: Path, starts: dict[tuple[str, str], int], until_ms: int) -> pa.Table:
    table = pq.read_table(path)
    venues, symbols = table["venue"].to_pylist(), table["symbol"].to_pylist()
    start = [starts.get(key, until_ms) for key in zip(venues, symbols, strict=True)]
    at = integers(table, "timestamp")
    kept = table.filter(pa.array((at >= np.array(start)) & (at < until_ms)))
    order = [name for name in ("venue", "symbol", "market") if name in table.schema.names]
    return kept.sort_by([(name, "ascending") for name in (*order, "timestamp")])


def _without_noise(prices: pa.Table) -> pa.Table:
    volume = pa.array([float(f"{value:.12g}") for value in prices["volume"].to_pylist()])
    return prices.set_column(prices.schema.get_field_index("volume"), "volume", volume)


def _write(table: pa.Table, path: Path, dictionary: Sequence[str]) -> None:
    # One row group, and prices neither in a dictionary nor split by bytes: zstd finds the repeated
    # prices of neighbouring hours by itself, and does better than either.
    whole = 1 << 26
    pq.write_table(
        table,
        path,
        compression="zstd",
        compression_level=22,
        use_dictionary=list(dictionary),
        column_encoding={"timestamp": "DELTA_BINARY_PACKED"},
        row_group_size=whole,
        data_page_size=whole,
        dictionary_pagesize_limit=whole,
        write_page_checksum=True,
    )


def _copy_lines(source: Path, target: Path, chosen: Container[tuple[str, str]]) -> None:
    with (
        source.open(encoding="utf-8", newline="") as old,
        target.open("w", encoding="utf-8", newline="") as new,
    ):
        rows = csv.DictReader(old)
        writer = csv.DictWriter(new, rows.fieldnames or (), lineterminator="\n")
        writer.writeheader()
        writer.writerows(row for row in rows if (row["venue"], row["symbol"]) in chosen)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command of this module; 0 when the cut stands, 1 when the source cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m actors.venues.replay.cut", description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("pairs", nargs="+", type=_wanted, metavar="VENUE:BASE:FROM")
    parser.add_argument("--until", type=_date, required=True, help="first day left out (UTC)")
    parser.add_argument("--funding-from", type=_date, required=True, help="first day of funding")
    given = parser.parse_args(arguments)
    try:
        cut = cut_recording(
            given.source,
            given.target,
            given.pairs,
            funding_from=given.funding_from,
            until=given.until,
        )
    except RecordingError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(
        f"{cut.pairs} pairs, {cut.candles} candles, {cut.prints} prints: {cut.size_bytes} bytes\n"
    )
    return 0


def _wanted(text: str) -> Wanted:
    venue, base, start = text.split(":")
    return Wanted(venue, base, _date(start))


def _date(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


if __name__ == "__main__":
    sys.exit(main())
