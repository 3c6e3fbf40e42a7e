"""ccxt takes a second to import: only what speaks to an exchange waits for it."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SPY = """
import sys
from actors.cli import main
sys.argv = ["perpcarry", *sys.argv[1:]]
try:
    main()
except SystemExit:
    pass
sys.exit("ccxt" in sys.modules)
"""


@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",),
        ("run", "--help"),
        ("version",),
        ("show-config",),
        ("report", "--store", "sqlite:///nowhere/x.db"),
        ("doctor", "--store", "sqlite://"),
        ("scan", "--at", "2024-12-01"),
        (
            "run",
            "--no-dashboard",
            "--speed",
            "max",
            "--store",
            "sqlite://",
            "--until",
            "2024-01-02",
        ),
    ],
)
def test_who_does_not_need_ccxt_does_not_import_it(arguments: tuple[str, ...]) -> None:
    assert not imports_ccxt(*arguments)


def test_the_spy_sees_it_where_it_is_needed() -> None:
    assert imports_ccxt("scan", "--set", "trading.mode=paper", "--venue", "nowhere")


def imports_ccxt(*arguments: str) -> bool:
    done = subprocess.run(
        [sys.executable, "-c", SPY, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode == 1
