"""The bot as a child process, in a folder of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import yaml

from actors.config.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0
"""Seconds: for a machine that has a lot else to do."""
LOOK_EVERY = 0.003
DATABASE = "books.db"

BUSY: dict[str, Any] = {
    "historical": {"from": "2025-03-01", "speed": 20_000},
    "trading": {
        "policy": "threshold",
        "min_funding_rate": 0.00002,
        "exit_funding_rate": 0.000019,
        "min_hold_settlements": 0,
        "scan_interval": "30m",
        "max_simultaneous_positions": 100,
        "max_position_size_usd": 3000,
        "min_volume_24h": 0,
    },
    "risk": {
        "max_basis_bp": 1000,
        "max_spread_bp": 100,
        "max_slippage_bp": 100,
        "max_daily_loss_fraction": 1,
        "max_drawdown_fraction": 1,
        "max_quote_age": "1d",
        "failed_open_cooldown": "0s",
    },
    "dashboard": {"enabled": False},
    "store": {"url": f"sqlite:///{DATABASE}"},
}
"""Settings of a bot that enters and leaves several times a second."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A process that has ended."""

    code: int
    out: str
    err: str

    def fails(self, code: int, *words: str) -> None:
        """Assert that it ended with ``code`` and a message that has all the words in it."""
        assert self.code == code, f"ended with {self.code}: {self.out}{self.err}"
        assert "Traceback" not in self.out + self.err, self.err
        assert "Unexpected" not in self.err, self.err
        for word in words:
            assert word in self.err, f"{word!r} is not in: {self.err}"

    def succeeds(self) -> str:
        assert self.code == 0, f"ended with {self.code}: {self.out}{self.err}"
        return self.out


class Bot:
    """One process. Kill it or wait for it; at the end of the block it is gone either way."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self._out, self._err = folder / "out.txt", folder / "err.txt"
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self.process = subprocess.Popen(
                command(*arguments),
                cwd=folder,
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
            )

    @property
    def runs(self) -> bool:
        return self.process.poll() is None

    def kill(self) -> None:
        """As a power cut: the process does nothing any more."""
        self.process.kill()
        self.process.wait()

    def interrupt(self, number: signal.Signals = signal.SIGINT) -> Ended:
        """Ask it to end, and wait until it has."""
        self.process.send_signal(number)
        return self.wait()

    def wait(self) -> Ended:
        try:
            code = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"it does not end: {self._text()}") from None
        return Ended(code, self._out.read_text(), self._err.read_text())

    def until(self, happened: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
        """Wait until something has happened outside; fails where the process ends before."""
        give_up_at = time.monotonic() + patience
        while not happened():
            assert self.runs, f"it ended before {what}: {self._text()}"
            assert time.monotonic() < give_up_at, f"never: {what}; {self._text()}"
            time.sleep(LOOK_EVERY)

    def _text(self) -> str:
        return self._out.read_text() + self._err.read_text()


class Dashboard:
    """The API of a running bot, as a program of this machine sees it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.options = ("--set", "dashboard.enabled=true", "--set", f"dashboard.port={port}")
        """For ``run``."""

    def answers(self) -> bool:
        try:
            return self.get("/health")["bot"] is not None
        except OSError:
            return False

    def get(self, path: str) -> Any:
        return self._ask(Request(self.url(path)))

    def post(self, path: str) -> Any:
        return self._ask(Request(self.url(path), method="POST"))

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}/api/v1{path}"

    def _ask(self, request: Request) -> Any:
        with urlopen(request, timeout=PATIENCE) as answer:
            return json.load(answer)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def running(folder: Path, *options: str) -> Iterator[Bot]:
    """``perpcarry run`` in the folder."""
    bot = Bot(folder, "run", *options)
    try:
        yield bot
    finally:
        if bot.runs:
            bot.kill()


def perpcarry(
    folder: Path,
    *arguments: str,
    prepare: Callable[[], None] | None = None,
    **variables: str,
) -> Ended:
    """Run one command to its end; ``variables`` are of its environment."""
    done = subprocess.run(
        command(*arguments),
        cwd=folder,
        env=environment() | variables,
        preexec_fn=prepare,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "actors", *arguments]


def environment() -> dict[str, str]:
    """Ours, without what would count as a setting."""
    sections = tuple(f"{name.upper()}_" for name in Settings.model_fields)
    kept = {key: value for key, value in os.environ.items() if not key.startswith(sections)}
    return kept | {"PYTHONPATH": str(ROOT)}


def write_settings(folder: Path, *layers: Mapping[str, Any]) -> None:
    """``settings.yaml`` from sections; later ones count more."""
    sections: dict[str, dict[str, Any]] = {}
    for layer in layers:
        for name, values in layer.items():
            sections.setdefault(name, {}).update(values)
    (folder / "settings.yaml").write_text(yaml.safe_dump(sections))
