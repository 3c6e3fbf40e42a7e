"""How commands end: the right code, a readable word, never a traceback."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from actors import __version__
from actors.cli import app, options
from actors.cli.exit_codes import ExitCode
from tests.cli.perpcarry import PROGRAM, ROOT, Commands, environment, process


def test_version(perpcarry: Commands) -> None:
    ended = perpcarry("version")
    assert ended.code == ExitCode.OK
    assert ended.out.startswith(f"perpcarry {__version__} (Python 3.")


def test_the_version_is_there_at_once(tmp_path: Path) -> None:
    """Nothing heavy is imported before a command needs it."""
    program = (
        "import sys\nfrom actors.cli.app import run_command\nrun_command(['version'])\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    heavy = {
        "aiohttp",
        "ccxt",
        "numpy",
        "pyarrow",
        "pydantic_settings",
        "pykka",
        "sqlalchemy",
        "yaml",
    }
    assert heavy.isdisjoint(ended.stdout.split())


def test_without_a_command_there_is_help(perpcarry: Commands) -> None:
    ended = perpcarry()
    assert ended.code == ExitCode.OK
    for command in ("run", "scan", "report", "verify-ledger"):
        assert command in ended.out


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["version", "--nonsense"], ["new-config"], ["export", "coins"]]
)
def test_a_wrong_command_line(perpcarry: Commands, arguments: list[str]) -> None:
    ended = perpcarry(*arguments)
    assert ended.code == ExitCode.USAGE
    assert len(ended.err.splitlines()) == 1


@pytest.mark.parametrize("command", ["show-config", "report", "scan", "export", "verify-ledger"])
def test_wrong_settings_are_told_alike_everywhere(perpcarry: Commands, command: str) -> None:
    (perpcarry.folder / "settings.yaml").write_text("trading:\n  leverag: 2\nrisk: [\n")
    more = ["trades"] if command == "export" else []
    ended = perpcarry(command, *more, "--set", "trading.scan_interval=soon")
    assert ended.code == ExitCode.USAGE
    assert ended.out == ""
    assert ended.err.startswith("The settings have 2 problems:\n")


def test_a_set_option_without_a_value(perpcarry: Commands) -> None:
    ended = perpcarry("show-config", "--set", "trading.leverage")
    assert ended.code == ExitCode.USAGE
    assert "KEY=VALUE" in ended.err


def fault(*_: object, **__: object) -> None:
    raise ZeroDivisionError("surprise")


def test_a_fault_of_the_program_is_one_line_and_the_way_to_more(
    perpcarry: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(options, "load_from", fault)
    ended = perpcarry("show-config")
    assert ended.code == ExitCode.UNEXPECTED
    assert ended.err.startswith("Unexpected: ZeroDivisionError: surprise\n")
    assert "--debug" in ended.err


def test_debug_shows_where(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(options, "load_from", fault)
    assert app.run_command(["--debug", "show-config"]) == ExitCode.UNEXPECTED
    assert "Traceback" in capsys.readouterr().err


def test_ctrl_c(perpcarry: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(options, "load_from", interrupted)
    ended = perpcarry("show-config")
    assert ended.code == ExitCode.INTERRUPTED


def test_a_reader_that_has_seen_enough(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "show-config", "--json"],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as started:
        assert started.stdout is not None
        assert started.stderr is not None
        started.stdout.close()
        assert started.stderr.read() == ""
        assert started.wait(60) == ExitCode.OK


def test_the_code_reaches_the_shell(tmp_path: Path) -> None:
    assert process("report", folder=tmp_path).returncode == ExitCode.STORE
    assert process("nonsense", folder=tmp_path).returncode == ExitCode.USAGE


def test_every_command_and_code_is_documented() -> None:
    text = (ROOT / "docs/command-line.md").read_text()
    commands = set(re.findall(r"^\| `([a-z][a-z-]*)` \|", text, re.MULTILINE))
    registered = {
        command.name or command.callback.__name__
        for command in app.app.registered_commands
        if command.callback
    }
    assert commands == {name.replace("_", "-") for name in registered}
    codes = {int(code) for code in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)}
    assert codes == set(ExitCode)
