"""The command as a person starts it, in this process or in one of its own."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from actors.cli.app import run_command

ROOT = Path(__file__).parents[2]
PROGRAM = "from actors.cli import main; main()"


@dataclass(frozen=True, slots=True)
class Ended:
    code: int
    out: str
    err: str


class Commands:
    """Runs commands in an empty folder without settings of anybody else."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys

    def __call__(self, *arguments: str | Path) -> Ended:
        self._capsys.readouterr()
        code = run_command([str(argument) for argument in arguments])
        captured = self._capsys.readouterr()
        assert "Traceback" not in captured.err
        assert "Traceback" not in captured.out
        return Ended(int(code), captured.out, captured.err)


def process(*arguments: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, *map(str, arguments)],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def environment() -> dict[str, str]:
    ours = ("EXCHANGE_", "TRADING_", "STORE_", "HISTORICAL_", "DASHBOARD_", "RISK_", "PAPER_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {"PYTHONPATH": str(ROOT), "COLUMNS": "200", "TERM": "dumb"}
