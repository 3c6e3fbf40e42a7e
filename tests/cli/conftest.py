import os
import shutil
from pathlib import Path

import pytest

from tests.cli.perpcarry import Commands, environment, process

TRADING = {
    "trading.policy": "threshold",
    "trading.min_funding_rate": "0.0003",
    "trading.exit_funding_rate": "0.0002",
    "trading.min_hold_settlements": "0",
    "trading.scan_interval": "4h",
}
"""Eager enough to open and close some positions within four days of the bundled sample."""


@pytest.fixture
def perpcarry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Commands:
    monkeypatch.chdir(tmp_path)
    for name in os.environ.keys() - environment().keys():
        monkeypatch.delenv(name)
    return Commands(tmp_path, capsys)


@pytest.fixture(scope="session")
def traded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of a short run; not to be changed."""
    folder = tmp_path_factory.mktemp("traded")
    sets = [part for key, value in TRADING.items() for part in ("--set", f"{key}={value}")]
    span = ("--from", "2024-11-20", "--until", "2024-11-24", "--speed", "max")
    ended = process(
        "run", *span, "--no-dashboard", "--store", "sqlite:///x.db", *sets, folder=folder
    )
    assert ended.returncode == 0, ended.stderr
    return folder / "x.db"


@pytest.fixture
def books(traded: Path, perpcarry: Commands) -> Path:
    """A copy of that database, named so that the commands find it."""
    (perpcarry.folder / "var").mkdir()
    path = perpcarry.folder / "var/perpcarry.db"
    shutil.copy(traded, path)
    return path
