"""A recorded market of as many pairs as wanted, made from the bundled one under other names."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from actors.venues import sample

SINCE = datetime(2025, 6, 1, tzinfo=UTC)
"""From here on all pairs of the bundled market have prices."""
_SAMPLE = Path(sample.__file__).parent


def make_market(folder: Path, pairs: int) -> Path:
    """Write a data folder: each pair of the bundled market again and again, BTC as BTC1, BTC2..."""
    with (_SAMPLE / "instruments.csv").open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    bases = sorted({row["base"] for row in rows})
    copies = [(base, f"{base}{number}") for number, base in _endless(bases, pairs)]
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "instruments.csv").open("w", encoding="utf-8", newline="") as text:
        writer = csv.DictWriter(text, rows[0])
        writer.writeheader()
        for base, copy in copies:
            for row in rows:
                if row["base"] == base:
                    symbol = _renamed(row["symbol"], base, copy)
                    writer.writerow(row | {"base": copy, "symbol": symbol})
    base_of = {row["symbol"]: row["base"] for row in rows}
    for name in ("prices.parquet", "funding.parquet"):
        _multiply(_SAMPLE / name, folder / name, copies, base_of)
    return folder


def _endless(bases: list[str], count: int) -> Iterator[tuple[int, str]]:
    for index in range(count):
        round_, place = divmod(index, len(bases))
        yield round_ + 1, bases[place]


def _renamed(symbol: str, base: str, copy: str) -> str:
    return symbol.replace(f"{base}/", f"{copy}/", 1)


def _multiply(
    source: Path, target: Path, copies: list[tuple[str, str]], base_of: dict[str, str]
) -> None:
    table = pq.read_table(source)
    if source.stem == "prices":
        since = pa.scalar(int(SINCE.timestamp() * 1000), pa.int64())
        table = table.filter(pc.greater_equal(table["timestamp"], since))
    parts = []
    for symbol, base in base_of.items():
        own = table.filter(pc.equal(table["symbol"], symbol))
        column = own.schema.get_field_index("symbol")
        for _, copy in (one for one in copies if one[0] == base):
            names = pa.array([_renamed(symbol, base, copy)] * own.num_rows, pa.string())
            parts.append(own.set_column(column, "symbol", names))
    pq.write_table(pa.concat_tables(parts), target)
