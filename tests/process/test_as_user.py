"""As its user sees it: a run on a terminal, and every command on the books of a finished run."""

import csv
import fcntl
import json
import os
import pty
import re
import subprocess
import termios
import time
from decimal import Decimal
from pathlib import Path

import pytest

from tests.process.bot import BUSY, PATIENCE, Ended, command, environment, perpcarry, write_settings

INTERRUPTED = 130
REPLAY_CHOICES_SHOWN = {"historical.from": "2024-11-10T00:00:00Z"}
"""Beyond the defaults, the file says where a first run begins."""
SPAN = ("--from", "2025-03-01", "--until", "2025-03-02T12:00", "--speed", "max")


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run that came to the end of its span."""
    folder = tmp_path_factory.mktemp("finished")
    write_settings(folder, BUSY)
    perpcarry(folder, "run", *SPAN).succeeds()
    return folder


def test_on_a_terminal(tmp_path: Path) -> None:
    """Colours, a bar that moves, Ctrl-C from the keyboard, and the summary."""
    write_settings(tmp_path, BUSY)
    with Terminal(tmp_path, "run") as terminal:
        terminal.wait_for("Replaying binance from 2025-03-01 00:00")
        terminal.wait_for(r"2025-03-02 \d\d:\d\d.*\d\.\d%")
        shares = terminal.percentages()
        assert shares == sorted(shares)
        assert shares[0] < shares[-1] < 5
        terminal.type("\x03")
        code = terminal.wait()
    assert code == INTERRUPTED
    for title in ("Open positions", "Closed trades", "Result in USDT", "Account", "Equity: "):
        assert title in terminal.text
    assert "\x1b[" in terminal.text
    assert "Traceback" not in terminal.text


def test_every_figure_follows_from_the_exports(finished: Path) -> None:
    checked = json.loads(perpcarry(finished, "verify-ledger", "--json").succeeds())
    assert checked["exact"]
    report = json.loads(perpcarry(finished, "report", "--json").succeeds())
    assert set(report) == {"positions", "trades", "pnl", "balance"}
    perpcarry(finished, "export", "--to", "tables").succeeds()
    trades, fills, funding, equity = (
        table(finished / "tables" / f"{name}.csv")
        for name in ("trades", "fills", "funding", "equity")
    )
    counts = checked["checked"]
    assert len(trades) == counts["closed_trades"] == len(report["trades"]) > 0
    assert len(fills) == counts["fills"] > 0
    assert len(funding) == counts["funding_payments"] > 0
    assert len(equity) == counts["equity_points"] > 0
    assert list(trades[0])[:4] == ["pair", "entry_ts", "exit_ts", "notional"]

    closed = report["pnl"]["closed"]
    for name in ("funding", "fees_spot", "fees_perp", "net"):
        assert sum_of(trades, name) == Decimal(closed[name]), name
    of_open = report["pnl"]["open_realised"]
    assert sum_of(funding, "amount") == Decimal(closed["funding"]) + Decimal(of_open["funding"])
    assert equity[-1]["equity_usdt"] == report["balance"]["equity_usdt"]
    assert quote_in_the_wallet(fills, funding) == Decimal(report["balance"]["coins"]["USDT"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("report",), ("Open positions", "Closed trades", "Account")),
        (("scan", "--at", "2025-03-02"), ("BTC-USDT", "enter")),
        (("doctor",), ("All is well", "python", "settings", "data", "store")),
        (("show-config",), ("trading.policy", "threshold", "settings.yaml, line")),
        (("export", "trades"), ("pair,entry_ts,exit_ts,notional",)),
        (("version",), ("perpcarry",)),
    ],
)
def test_commands(finished: Path, arguments: tuple[str, ...], words: tuple[str, ...]) -> None:
    ended = perpcarry(finished, *arguments)
    for word in words:
        assert word in ended.succeeds()
    assert ended.err == ""


def test_a_new_settings_file_says_what_counts_without_it(tmp_path: Path) -> None:
    perpcarry(tmp_path, "new-config", "mine.yaml").succeeds()
    with_file = values(perpcarry(tmp_path, "show-config", "--config", "mine.yaml", "--json"))
    without = values(perpcarry(tmp_path, "show-config", "--json"))
    assert with_file == without | REPLAY_CHOICES_SHOWN


def values(shown: Ended) -> dict[str, object]:
    return {key: entry["value"] for key, entry in json.loads(shown.succeeds()).items()}


def table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def sum_of(rows: list[dict[str, str]], column: str) -> Decimal:
    return sum((Decimal(row[column]) for row in rows), Decimal())


def quote_in_the_wallet(fills: list[dict[str, str]], funding: list[dict[str, str]]) -> Decimal:
    """What the account holds of USDT by fills and payments alone."""
    wallet = Decimal(100_000) + sum_of(funding, "amount")
    held: dict[str, tuple[Decimal, Decimal]] = {}
    for fill in fills:
        quantity, price = Decimal(fill["quantity"]), Decimal(fill["price"])
        signed = quantity if fill["side"] == "buy" else -quantity
        if fill["fee_coin"] == "USDT":
            wallet -= Decimal(fill["fee"])
        if fill["market"] == "spot":
            wallet -= signed * price
        else:  # what a perpetual earned is paid when it is bought back: all of it, once it is flat
            before, cost = held.get(fill["symbol"], (Decimal(), Decimal()))
            held[fill["symbol"]] = (before + signed, cost + signed * price)
            if before + signed == 0:
                wallet -= held.pop(fill["symbol"])[1]
    return wallet


class Terminal:
    """A command on a terminal of its own, and all that it has written there."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self._ours, theirs = pty.openpty()
        self.text = ""
        self._process = subprocess.Popen(
            command(*arguments),
            cwd=folder,
            env=environment() | {"TERM": "xterm-256color", "COLUMNS": "120", "LINES": "40"},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            preexec_fn=_take_terminal,  # noqa: PLW1509 - calls one function of the system
        )
        os.close(theirs)

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        os.close(self._ours)

    def type(self, keys: str) -> None:
        os.write(self._ours, keys.encode())

    def wait_for(self, pattern: str) -> None:
        give_up_at = time.monotonic() + PATIENCE
        while not re.search(pattern, self.text):
            assert time.monotonic() < give_up_at, f"{pattern!r} never came: {self.text}"
            assert self._read(), f"{pattern!r} did not come before the end: {self.text}"

    def wait(self) -> int:
        while self._read():
            pass
        return self._process.wait(PATIENCE)

    def percentages(self) -> list[float]:
        return [float(found) for found in re.findall(r"(\d+\.\d)%", self.text)]

    def _read(self) -> bool:
        """Some more of what it writes; False at the end."""
        try:
            more = os.read(self._ours, 65536)
        except OSError:  # so a terminal says that nobody is there any more
            return False
        self.text += more.decode()
        return bool(more)


def _take_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
