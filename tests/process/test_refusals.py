"""Whatever is in the way of a start: an exit code, what is wrong, where, and what would be right.

Nothing that stands is touched by a start that is refused.
"""

import ctypes
import os
import shutil
import socket
import sqlite3
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

RUBBISH = """\
trading:
  leverge: 3
  leverage: .nan
  scan_interval: 0s
  max_position_size_usd: 1e30
tradin:
  leverage: 2
risk:
  max_spread_bp: -1
historical:
  until: 2024-13-45
  speed: 0
"""
WRONG = {
    "settings.yaml, line 2: trading.leverge": "leverage",
    "settings.yaml, line 3: trading.leverage": "number",
    "settings.yaml, line 4: trading.scan_interval": "1s",
    "settings.yaml, line 5: trading.max_position_size_usd": "1000000000",
    "settings.yaml, line 7: tradin": "trading",
    "settings.yaml, line 9: risk.max_spread_bp": "0.1",
    "settings.yaml, line 11: historical.until": "month",
    "settings.yaml, line 12: historical.speed": "max",
    "RISK_MAX_SLIPPAGE_BP in the environment": "0.1",
    "the command line: historical.from": "date",
}
"""Where, and a word of what would be right."""


def test_everything_that_cannot_be_meant_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "settings.yaml").write_text(RUBBISH)
    ended = perpcarry(tmp_path, "run", "--from", "soon", RISK_MAX_SLIPPAGE_BP="NaN")
    ended.fails(USAGE, f"{len(WRONG)} problems")
    lines = ended.err.splitlines()
    for where, right in WRONG.items():
        assert any(where in line and right in line for line in lines), (where, right, ended.err)
    assert [one.name for one in tmp_path.iterdir()] == ["settings.yaml"]


@pytest.mark.parametrize("text", ["trading: [", "\x00\x01", "trading:\n\tleverage: 3"])
def test_settings_that_are_no_yaml(tmp_path: Path, text: str) -> None:
    (tmp_path / "settings.yaml").write_text(text)
    perpcarry(tmp_path, "run").fails(USAGE, "settings.yaml, line")
    assert [one.name for one in tmp_path.iterdir()] == ["settings.yaml"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--config", "missing.yaml"), ("missing.yaml", "No such file")),
        (("--from", "2026-01-01", "--until", "2025-01-01"), ("historical.",)),
        (("--set", "trading.mode=live"), ("trading.mode", "replay")),
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


def test_a_folder_that_may_not_be_written_to(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir()
    closed.chmod(0o500)
    url = f"sqlite:///{closed / 'books.db'}"
    ended = perpcarry(folder, "run", "--store", url, prepare=obey_permissions)
    ended.fails(STORE, "closed/books.db", "writable", "store.url")
    assert not list(closed.iterdir())


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
    found = perpcarry(folder, "run", "--until", "2025-03-01T02:00")
    found.fails(USAGE, "2025-03-01 04:00", "report", "--store")


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
    assert not (folder / DATABASE).exists(), "nothing is begun before the port is known"


# --- parts ---------------------------------------------------------------------------------------


def traded(folder: Path) -> None:
    """Let a bot trade for some hours of the replay."""
    options = ("--speed", "max", "--from", "2025-03-01", "--until", "2025-03-01T04:00")
    perpcarry(folder, "run", *options).succeeds()
    assert Window(folder).count("fills") > 0


def digest(folder: Path) -> list[str]:
    """All that the store holds."""
    with closing(sqlite3.connect(folder / DATABASE)) as database:
        return list(database.iterdump())


def obey_permissions() -> None:
    """Take from the superuser the right to write everywhere, in a child before it is started."""
    if os.geteuid() == 0:
        drop_from_bounding_set, override_permissions = 24, 1
        ctypes.CDLL(None).prctl(drop_from_bounding_set, override_permissions, 0, 0, 0)
