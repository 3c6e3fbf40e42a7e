"""A recorded market that is not in order is refused with what, where and what would be right."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from actors.domain.instruments import Market
from actors.venues.replay import Recording, RecordingError, Span
from actors.venues.replay.instruments import COLUMNS
from actors.venues.sample import FOLDER
from tests.venues.markets import START, candle, funding, write_funding, write_market, write_prices

FILES = ["prices.parquet", "funding.parquet"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_market(tmp_path)


def refused(folder: Path, *words: str) -> None:
    with pytest.raises(RecordingError) as caught:
        Recording.load(folder)
    for word in (str(folder), *words):
        assert word in str(caught.value)


def change(path: Path, edit: Callable[[Any], Any]) -> None:
    pq.write_table(edit(pq.read_table(path)), path)


def put(path: Path, column: str, row: int, value: object) -> None:
    def edit(table: Any) -> Any:
        values = table[column].to_pylist()
        values[row] = value
        kind = table.schema.field(column).type
        return table.set_column(
            table.schema.get_field_index(column), column, pa.array(values, kind)
        )

    change(path, edit)


def test_a_missing_folder(tmp_path: Path) -> None:
    refused(tmp_path / "nowhere", "no such folder", "name a folder with")


def test_a_file_in_place_of_the_folder(folder: Path) -> None:
    refused(folder / FILES[0], "no such folder")


@pytest.mark.parametrize("file", FILES)
def test_a_missing_file(folder: Path, file: str) -> None:
    (folder / file).unlink()
    refused(folder, file, "no such file")


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("content", [b"", b"PAR1", b"venue,symbol\n1,2\n", b"PAR1" + bytes(4096)])
def test_something_else_than_parquet(folder: Path, file: str, content: bytes) -> None:
    (folder / file).write_bytes(content)
    refused(folder, file, "not a readable parquet file", "download it again")


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_file_cut_short(folder: Path, file: str, share: float) -> None:
    whole = (folder / file).read_bytes()
    (folder / file).write_bytes(whole[: int(len(whole) * share)])
    refused(folder, file, "not a readable parquet file")


@pytest.mark.parametrize("share", [0.3, 0.5, 0.9])
def test_a_flipped_bit_in_the_sample(tmp_path: Path, share: float) -> None:
    for file in FILES:
        content = bytearray((FOLDER / file).read_bytes())
        if file == "funding.parquet":
            content[int(len(content) * share)] ^= 1
        (tmp_path / file).write_bytes(content)
    refused(tmp_path, "funding.parquet", "not a readable parquet file")


def test_a_name_that_is_no_text(folder: Path) -> None:
    file = folder / "funding.parquet"
    file.write_bytes(file.read_bytes().replace(b"COIN/USDT:USDT", b"\xffOIN/USDT:USDT"))
    refused(folder, "funding.parquet", "not a readable parquet file", "UTF8")


@pytest.mark.parametrize(("file", "column"), [(FILES[0], "volume"), (FILES[1], "rate")])
def test_a_missing_column(folder: Path, file: str, column: str) -> None:
    change(folder / file, lambda table: table.drop_columns([column]))
    refused(folder, file, f"missing column {column}", "the columns are venue, symbol")


@pytest.mark.parametrize(
    ("file", "column", "kind", "right"),
    [
        (FILES[0], "timestamp", pa.timestamp("ms", "UTC"), "it should be integer"),
        (FILES[0], "open", pa.float32(), "it should be double"),
        (FILES[0], "open", pa.string(), "it should be double"),
        (FILES[1], "after_gap", pa.int8(), "it should be bool"),
        (FILES[1], "symbol", pa.binary(), "it should be text"),
    ],
)
def test_a_column_of_the_wrong_type(
    folder: Path, file: str, column: str, kind: Any, right: str
) -> None:
    def edit(table: Any) -> Any:
        index = table.schema.get_field_index(column)
        return table.set_column(index, column, pc.cast(table[column], kind, safe=False))

    change(folder / file, edit)
    refused(folder, file, f"column {column} is", right)


@pytest.mark.parametrize("file", FILES)
def test_no_rows(folder: Path, file: str) -> None:
    change(folder / file, lambda table: table.slice(0, 0))
    refused(folder, file, "no rows")


@pytest.mark.parametrize(
    ("file", "column", "value"),
    [
        (FILES[0], "open", 0.0),
        (FILES[0], "close", -1.0),
        (FILES[0], "close", float("nan")),
        (FILES[0], "open", float("inf")),
        (FILES[0], "volume", -1.0),
        (FILES[0], "volume", float("inf")),
        (FILES[0], "timestamp", 1_740_787_200_001),
        (FILES[1], "rate", float("nan")),
        (FILES[1], "interval_hours", 0),
        (FILES[1], "mark_price", 0.0),
    ],
)
def test_an_impossible_value(folder: Path, file: str, column: str, value: float) -> None:
    put(folder / file, column, 1, value)
    refused(folder, file, f"column {column}, row 1 is damaged")


def test_a_null_where_none_may_be(folder: Path) -> None:
    put(folder / FILES[0], "close", 3, None)
    refused(folder, "column close has 1 nulls", "only mark_price may be null")


def test_an_unknown_market(folder: Path) -> None:
    put(folder / FILES[0], "market", 3, "mark")
    refused(folder, "unknown market mark", "spot or perp")


def test_a_symbol_that_does_not_fit_its_market(tmp_path: Path) -> None:
    write_prices(tmp_path, [candle("COIN/USDT", 0, 1.0, 1.0) | {"market": "perp"}])
    write_funding(tmp_path, [funding("COIN/USDT:USDT", 0, 0.0)])
    refused(tmp_path, "alpha perp symbol COIN/USDT", "BASE/QUOTE:SETTLE")


@pytest.mark.parametrize("symbol", ["COINUSDT", "COIN/USDT", "/USDT:USDT"])
def test_a_funding_symbol_in_another_form(tmp_path: Path, symbol: str) -> None:
    write_prices(tmp_path, [candle("COIN/USDT:USDT", 0, 1.0, 1.0)])
    write_funding(tmp_path, [funding(symbol, 0, 0.0)])
    refused(tmp_path, "funding.parquet", symbol)


@pytest.mark.parametrize(
    ("order", "what"), [((0, 1, 1), "comes twice"), ((0, 2, 1), "comes after a later row")]
)
def test_times_that_do_not_rise(tmp_path: Path, order: tuple[int, ...], what: str) -> None:
    write_prices(tmp_path, [candle("COIN/USDT:USDT", hour, 1.0, 1.0) for hour in order])
    write_funding(tmp_path, [funding("COIN/USDT:USDT", 0, 0.0)])
    refused(tmp_path, "alpha COIN/USDT:USDT perp: 2025-03-01T01:00:00+00:00 " + what)
    write_prices(tmp_path, [candle("COIN/USDT:USDT", 0, 1.0, 1.0)])
    write_funding(tmp_path, [funding("COIN/USDT:USDT", hour, 0.0) for hour in order])
    refused(tmp_path, "funding.parquet", what)


def test_series_may_be_interleaved(tmp_path: Path) -> None:
    names = ("COIN/USDT", "COIN/USDT:USDT")
    write_prices(tmp_path, [candle(name, hour, 1.0, 1.0) for hour in range(3) for name in names])
    write_funding(tmp_path, [funding("COIN/USDT:USDT", 0, 0.0)])
    recording = Recording.load(tmp_path)
    (pair,) = recording.pairs()
    assert recording.span_of(pair) == Span(START, START + timedelta(hours=3))


# --- instruments.csv ------------------------------------------------------------------------------

GOOD = "alpha,COIN/USDT,spot,COIN,USDT,1,0.01,0.02,5,0.1,300"


def listing(folder: Path, *lines: str, header: str = ",".join(COLUMNS)) -> None:
    (folder / "instruments.csv").write_text("\n".join((header, *lines)) + "\n")


def test_instruments_are_read_and_the_rest_derived(folder: Path) -> None:
    listing(folder, GOOD, "alpha,GONE/USDT,spot,GONE,USDT,1,1,1,5,1,")
    recording = Recording.load(folder)
    (pair,) = recording.pairs()
    assert str(pair.long.lot_step) == "0.01"
    assert str(pair.long.max_market_quantity) == "300"
    assert (str(pair.short.lot_step), str(pair.short.tick_size)) == ("0.1", "0.1")
    assert pair.short.max_market_quantity is None
    assert [re.split(": |:$", note)[-1] for note in recording.notes] == [
        "tick sizes are read off the prices, lot steps and minimum orders are assumed",
        "left out",
    ]
    assert "alpha COIN/USDT:USDT" in recording.notes[0]
    assert "GONE/USDT" in recording.notes[1]


@pytest.mark.parametrize(
    ("column", "value", "right"),
    [
        ("multiplier", "0", "a number above 0"),
        ("lot_step", "-1", "a number above 0"),
        ("lot_step", "NaN", "a number above 0"),
        ("tick_size", "ten", "a number above 0"),
        ("min_quantity", "Infinity", "a number above 0"),
        ("min_notional_usdt", "-5", "a number of 0 or more"),
        ("market", "swap", "spot or perp"),
        ("base", "", "it needs a value"),
    ],
)
def test_an_impossible_instrument(folder: Path, column: str, value: str, right: str) -> None:
    cells = GOOD.split(",")
    cells[COLUMNS.index(column)] = value
    listing(folder, ",".join(cells))
    refused(folder, "instruments.csv", f"line 2: {column}", right)


def test_an_instrument_listed_twice(folder: Path) -> None:
    listing(folder, GOOD, GOOD)
    refused(folder, "line 3: alpha COIN/USDT spot a second time")


def test_a_listing_without_a_column(folder: Path) -> None:
    listing(folder, header="venue,symbol")
    refused(folder, "missing column market")


def test_a_listing_that_is_no_text(folder: Path) -> None:
    (folder / "instruments.csv").write_bytes(b"\xff\xfe\x00PAR1")
    refused(folder, "instruments.csv", "UTF-8 CSV")


def test_a_listing_with_a_short_line(folder: Path) -> None:
    listing(folder, "alpha,COIN/USDT,spot")
    refused(folder, "line 2: base is empty")


@pytest.mark.parametrize(
    ("symbol", "price", "market", "lot_step"),
    [
        ("BTC/USDT", 87_648.22, Market.SPOT, "0.00001"),
        ("BTC/USDT:USDT", 87_608.2, Market.PERP, "0.001"),
        ("COIN/USDT", 0.001, Market.SPOT, "1"),
        ("1000COIN/USDT:USDT", 0.02, Market.PERP, "1000"),
        ("1INCH/USDT", 0.25, Market.SPOT, "1"),
    ],
)
def test_a_derived_lot_follows_the_cheapest_price(
    tmp_path: Path, symbol: str, price: float, market: Market, lot_step: str
) -> None:
    write_prices(tmp_path, [candle(symbol, 0, price * 20, price)])
    write_funding(tmp_path, [funding("COIN/USDT:USDT", 0, 0.0)])
    (one,) = Recording.load(tmp_path).instruments
    assert (one.market, format(one.lot_step, "f")) == (market, lot_step)
    assert one.base == symbol.partition("/")[0].removeprefix("1000")
