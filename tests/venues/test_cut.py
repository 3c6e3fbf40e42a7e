"""A recorded market cut out of a larger one keeps what was chosen, to the last digit."""

from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from actors.venues.replay import Recording, RecordingError
from actors.venues.replay.cut import Wanted, cut_recording, main
from actors.venues.replay.instruments import COLUMNS
from tests.venues.markets import START, candle, funding, write_funding, write_prices

LINES = "\n".join(
    (
        ",".join(COLUMNS),
        "alpha,COIN/USDT,spot,COIN,USDT,1,0.5,0.5,5,0.1,",
        "alpha,OTHER/USDT,spot,OTHER,USDT,1,1,1,5,0.1,",
        "",
    )
)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    bases = ("OTHER", "COIN")
    symbols = [f"{base}/USDT{settle}" for base in bases for settle in ("", ":USDT")]
    noisy = 812_699_999.999_999_9
    write_prices(
        folder,
        [candle(one, hour, 0.1 + hour, 0.3, noisy) for one in symbols for hour in range(48)],
    )
    write_funding(
        folder,
        [funding(f"{base}/USDT:USDT", hour, 1e-8) for base in bases for hour in range(-48, 48, 8)],
    )
    (folder / "instruments.csv").write_text(LINES)
    return folder


def test_only_what_was_wanted_is_kept(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "target"
    cut = cut_recording(
        source,
        target,
        [Wanted("alpha", "COIN", START + timedelta(hours=6))],
        funding_from=START - timedelta(hours=24),
        until=START + timedelta(hours=24),
    )
    assert (cut.pairs, cut.candles, cut.prints) == (1, 2 * 18, 6)
    assert cut.size_bytes == sum(file.stat().st_size for file in target.iterdir())
    kept = Recording.load(target)
    assert [pair.key for pair in kept.pairs()] == ["COIN-USDT"]
    assert kept.span.start == START + timedelta(hours=6)
    assert kept.span.end == START + timedelta(hours=24)
    assert (target / "instruments.csv").read_text() == LINES.rpartition("alpha")[0]

    def rows(folder: Path, file: str) -> list[dict[str, object]]:
        table = pq.read_table(folder / file).to_pylist()
        return [row | {"volume": 0} for row in table]

    for file in ("prices.parquet", "funding.parquet"):
        assert pq.read_schema(target / file).equals(pq.read_schema(source / file))
        copied, whole = rows(target, file), rows(source, file)
        assert copied == [row for row in whole if row in copied]
    assert set(pq.read_table(target / "prices.parquet")["volume"].to_pylist()) == {812_700_000.0}


def test_a_wanted_pair_must_be_there(source: Path, tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match=r"alpha:NONE .*it has alpha:COIN, alpha:OTHER"):
        cut_recording(
            source,
            tmp_path / "target",
            [Wanted("alpha", "NONE", START)],
            funding_from=START,
            until=START + timedelta(hours=9),
        )
    assert not (tmp_path / "target").exists()


def test_the_command(source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    span = ["--funding-from", "2025-02-28", "--until", "2025-03-02"]
    target = str(tmp_path / "target")
    assert main([str(source), target, "alpha:COIN:2025-03-01", *span]) == 0
    assert capsys.readouterr().out.startswith("1 pairs, 48 candles, 6 prints: ")
    assert main([str(source), target, "beta:COIN:2025-03-01", *span]) == 1
    assert "no pair beta:COIN" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main([str(source), target, "alpha-COIN", *span])
    assert "VENUE:BASE:FROM" in capsys.readouterr().err


def test_a_cut_that_keeps_nothing_is_refused(source: Path, tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="no candles"):
        cut_recording(
            source,
            tmp_path / "target",
            [Wanted("alpha", "COIN", START + timedelta(days=9))],
            funding_from=START,
            until=START + timedelta(days=10),
        )
