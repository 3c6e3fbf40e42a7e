"""Whatever is in the way of a start: an exit code, what is wrong, where, and what would be right.

Nothing that stands is touched by a start that is refused.
"""

import shutil
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from actors.venues import sample
from tests.process.books import Window
from tests.process.bot import BUSY, DATABASE, perpcarry, running, write_settings

USAGE, DATA, STORE, PORT_TAKEN = 2, 3, 4, 5


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_settings(tmp_path, BUSY)
    return tmp_path


# --- settings ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("trading: [", ("settings.yaml, line 1", "not valid YAML")),
        ("trading:\n  leverge: 3\n", ("settings.yaml, line 2", "trading.leverge", "leverage")),
        ("tradin:\n  leverage: 3\n", ("settings.yaml, line 2", "tradin", "trading")),
        ("trading:\n  leverage: .nan\n", ("line 2", "trading.leverage")),
        ("trading:\n  leverage: -1\n", ("line 2", "trading.leverage", "1")),
        ("trading:\n  max_position_size_usd: 1e30\n", ("line 2", "10 to 1000000000")),
        ("trading:\n  scan_interval: 0s\n", ("line 2", "scan_interval", "1s")),
        ("historical:\n  until: 2024-13-45\n", ("line 2", "historical.until")),
        ("historical:\n  speed: 0\n", ("line 2", "historical.speed", "max")),
        ("\x00\x01", ("settings.yaml", "character")),
    ],
)
def test_settings_that_cannot_be_meant(tmp_path: Path, text: str, words: tuple[str, ...]) -> None:
    (tmp_path / "settings.yaml").write_text(text)
    perpcarry(tmp_path, "run").fails(USAGE, *words)
    assert [one.name for one in tmp_path.iterdir()] == ["settings.yaml"]


def test_rubbish_in_the_environment_and_on_the_command_line(folder: Path) -> None:
    found = perpcarry(
        folder, "run", "--set", "risk.max_spread_bp=NaN", "--speed", "fast", TRADING_LEVERAGE="-3"
    )
    found.fails(USAGE, "3 problems", "risk.max_spread_bp", "historical.speed", "TRADING_LEVERAGE")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--no-such-option",), ("--no-such-option",)),
        (("--set", "leverage"), ("KEY=VALUE",)),
        (("--config", "missing.yaml"), ("missing.yaml", "No such file")),
        (("--from", "2026-01-01", "--until", "2025-01-01"), ("historical.",)),
        (("--set", "trading.mode=live"), ("live", "replay")),
    ],
)
def test_a_command_line_that_cannot_be_meant(
    folder: Path, arguments: tuple[str, ...], words: tuple[str, ...]
) -> None:
    perpcarry(folder, "run", *arguments).fails(USAGE, *words)
    assert not (folder / DATABASE).exists()


# --- recorded market -----------------------------------------------------------------------------


def test_no_data(folder: Path) -> None:
    found = perpcarry(folder, "run", "--data", "nowhere")
    found.fails(DATA, "nowhere", "no such folder", "prices.parquet")
    assert not (folder / DATABASE).exists()


def test_damaged_data(folder: Path) -> None:
    data = folder / "market"
    shutil.copytree(sample.FOLDER, data)
    whole = (data / "prices.parquet").read_bytes()
    (data / "prices.parquet").write_bytes(whole[: len(whole) // 2])
    found = perpcarry(folder, "run", "--data", "market")
    found.fails(DATA, "prices.parquet", "not a readable parquet file")
    assert not (folder / DATABASE).exists()


def test_data_that_does_not_hold_what_is_asked_for(folder: Path) -> None:
    perpcarry(folder, "run", "--venue", "bitmex").fails(DATA, "bitmex", "binance")
    perpcarry(folder, "run", "--until", "2031-01-01").fails(DATA, "2031-01-01", "2026-01-01")
    assert not (folder / DATABASE).exists()


# --- store ---------------------------------------------------------------------------------------


def test_a_folder_stands_where_the_store_should_be(folder: Path) -> None:
    (folder / DATABASE).mkdir()
    perpcarry(folder, "run").fails(STORE, DATABASE, "folder", "store.url")


def test_a_folder_that_may_not_be_written_to(
    folder: Path, read_only: Callable[[Path], None]
) -> None:
    closed = folder / "closed"
    closed.mkdir()
    read_only(closed)
    found = perpcarry(folder, "run", "--store", f"sqlite:///{closed / 'books.db'}")
    found.fails(STORE, "closed/books.db", "writable")


def test_a_store_that_is_no_database(folder: Path) -> None:
    (folder / DATABASE).write_bytes(b"these are my notes" * 1000)
    before = (folder / DATABASE).read_bytes()
    perpcarry(folder, "run").fails(STORE, DATABASE, "not a SQLite database", "store.url")
    assert (folder / DATABASE).read_bytes() == before


def test_a_damaged_store(folder: Path) -> None:
    traded(folder)
    path = folder / DATABASE
    whole = bytearray(path.read_bytes())
    whole[4096:] = b"\x5a" * (len(whole) - 4096)
    path.write_bytes(whole)
    perpcarry(folder, "run").fails(STORE, DATABASE, "damaged", "backup")
    perpcarry(folder, "report").fails(STORE, DATABASE, "damaged", "backup")
    assert path.read_bytes() == whole


def test_a_store_of_another_market(folder: Path) -> None:
    traded(folder)
    shutil.copytree(sample.FOLDER, folder / "other")
    before = digest(folder)
    found = perpcarry(folder, "run", "--data", "other")
    found.fails(STORE, "sample", "other", "--store")
    assert digest(folder) == before


def test_a_replay_that_is_over_already(folder: Path) -> None:
    traded(folder)
    found = perpcarry(folder, "run", "--until", "2025-03-01")
    found.fails(USAGE, "2025-03-0", "report", "--store")


def test_two_bots_on_one_store(folder: Path) -> None:
    window = Window(folder)
    with running(folder) as bot:
        bot.until(lambda: window.cycle() > 0, "the first cycle")
        perpcarry(folder, "run").fails(STORE, "another perpcarry", DATABASE, "store.url")
        cycle = window.cycle()
        bot.until(lambda: window.cycle() > cycle, "another cycle")
        perpcarry(folder, "report").succeeds()
        assert bot.interrupt().code == 130


# --- port ----------------------------------------------------------------------------------------


def test_a_port_that_is_taken(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        found = perpcarry(
            folder, "run", "--set", "dashboard.enabled=true", "--set", f"dashboard.port={port}"
        )
    found.fails(PORT_TAKEN, port, "taken", "dashboard.port")
    assert Window(folder).count("intents") == 0
    traded(folder)  # nothing was damaged: the next start works


# --- parts ---------------------------------------------------------------------------------------


@pytest.fixture
def read_only() -> Iterator[Callable[[Path], None]]:
    """Makes a folder unwritable until the test is over."""
    made: list[Path] = []

    def make(folder: Path) -> None:
        folder.chmod(0o500)
        made.append(folder)
        if _can_write(folder):
            pytest.skip("this user may write everywhere")

    yield make
    for folder in made:
        folder.chmod(0o700)


def traded(folder: Path) -> None:
    """Let a bot trade for some hours of the replay."""
    options = ("--speed", "max", "--from", "2025-03-01", "--until", "2025-03-01T04:00")
    perpcarry(folder, "run", *options).succeeds()
    assert Window(folder).count("fills") > 0


def digest(folder: Path) -> list[str]:
    """All that the store holds."""
    with closing(sqlite3.connect(folder / DATABASE)) as database:
        return list(database.iterdump())


def _can_write(folder: Path) -> bool:
    try:
        (folder / "try").touch()
    except OSError:
        return False
    (folder / "try").unlink()
    return True
