"""The front end under load: 200 pairs replayed, 500 open pages, and what the bot feels of them.

Everything is compared within one run, on one machine: a request with a bare aiohttp handler in the
same process, a cycle while pages are open with a cycle while none is. Run with `make bench`. The
figures are printed, never asserted: machines differ, and are shared.
"""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import pytest

from tests.benchmarks.many_pairs import make_market
from tests.benchmarks.measuring import ms

pytestmark = pytest.mark.benchmark

HERE = Path(__file__).parent
PAIRS = 200
PAGES = 500
ROUNDS = 150
SPEEDS = ("36000", "max")
"""Ten hourly cycles a second; and one after the other."""
PHASES = 5
"""Without and with pages in turns, so that what else the machine does falls on both."""
PHASE_SECONDS = 8.0
QUESTIONS = (
    "health",
    "status",
    "positions",
    "trades",
    "pnl",
    "equity",
    "funding-rates",
    "opportunities",
    "balance",
    "analytics",
    "config",
    "system",
    "dead-letters",
    "events",
    "trades/summary",
    "rate-history",
)
TOPICS = (
    "status,pnl,equity,balance,new_trades,new_events",
    "status,positions",
    "status,funding_rates",
    "status,new_trades",
    "status,analytics",
    "status,config",
    "status,system,new_events",
)
"""What the pages follow; the open pages take turns."""


@dataclass(frozen=True, slots=True)
class Bot:
    port: int
    bare_port: int
    cycles: Path

    def cycle_seconds(self, since: float, until: float) -> list[float]:
        """Of the cycles that ended then; instants of the machine's clock."""
        rows = (line.split() for line in self.cycles.read_text().splitlines(keepends=False))
        return [float(row[1]) for row in rows if len(row) == 2 and since < float(row[0]) < until]


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_market(tmp_path_factory.mktemp("market") / "recorded", PAIRS)


@pytest.fixture(params=SPEEDS)
def bot(request: pytest.FixtureRequest, market: Path, tmp_path: Path) -> Iterator[Bot]:
    bot = Bot(_free_port(), _free_port(), tmp_path / "cycles")
    environment = os.environ | {
        "DASHBOARD_PORT": str(bot.port),
        "STORE_URL": f"sqlite:///{tmp_path / 'bot.db'}",
        "BARE_PORT": str(bot.bare_port),
        "CYCLES": str(bot.cycles),
        "PYTHONPATH": str(HERE.parent.parent),
    }
    command = [sys.executable, "-m", "tests.benchmarks.watched_bot", "run", "--data", str(market)]
    with (tmp_path / "said").open("w") as said:
        process = subprocess.Popen(
            [*command, "--speed", request.param],
            cwd=tmp_path,
            env=environment,
            stdout=said,
            stderr=said,
        )
    try:
        _until(
            lambda: (
                process.poll() is not None
                or (_listens(bot.port) and len(bot.cycle_seconds(0, time.time())) > 30)
            )
        )
        assert process.poll() is None, (tmp_path / "said").read_text()
        yield bot
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def test_open_pages_and_what_the_bot_feels_of_them(bot: Bot) -> None:
    print(f"\n{PAIRS} pairs, {PAGES} open pages, an update a second")
    quiet: list[float] = []
    watched: list[float] = []
    for _ in range(PHASES):
        began = time.time()
        time.sleep(PHASE_SECONDS)
        quiet += bot.cycle_seconds(began, time.time())
        with _open_pages(bot, PHASE_SECONDS + 4.0) as saw:
            time.sleep(3.0)  # they are all there
            began = time.time()
            time.sleep(PHASE_SECONDS)
            watched += bot.cycle_seconds(began, time.time())
        seen = saw()
        print(
            f"  {seen['pages']} pages, {seen['dropped']} dropped, {seen['messages']} messages,"
            f" {seen['characters'] / 1e6:.1f} MB; everything after {ms(seen['first'])} at worst,"
            f" worst lag {ms(seen['worst_lag'])}, longest silence {ms(seen['worst_gap'])}"
        )
    print(
        f"  cycle without pages: {_said(quiet)}\n  cycle with them:     {_said(watched)}"
        f"\n  with / without: p99 {_p99(watched) / _p99(quiet):.2f},"
        f" p90 {_share(watched, 90) / _share(quiet, 90):.2f},"
        f" p50 {median(watched) / median(quiet):.2f};"
        f" programs that wanted to run: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
    )


def test_every_question_beside_a_bare_handler(bot: Bot) -> None:
    print(f"\nover HTTP, one at a time, {PAIRS} pairs, p99 of {ROUNDS}")
    site, bare = _Connection(bot.port), _Connection(bot.bare_port)
    for path in QUESTIONS:
        ours, theirs, size = [], [], 0
        for _ in range(ROUNDS):
            theirs.append(bare.seconds("/"))
            ours.append(site.seconds(f"/api/v1/{path}"))
            size = site.size
        print(
            f"  {path:14} {size / 1024:8.1f} kB: {_said(ours)}; bare {_said(theirs)};"
            f" p99 {_p99(ours) / _p99(theirs):5.1f} x, p50 {median(ours) / median(theirs):5.1f} x"
        )


def test_the_first_page_is_complete(bot: Bot) -> None:
    """The frame, every file that it names, and everything it shows."""
    taken = []
    for _ in range(10):
        files = _Connection(bot.port).whole_page("/")
        with _open_pages(bot, 0.0, count=1) as saw:
            pass
        taken.append(files + float(saw()["first"]))
    print(f"\nfirst page complete: median {ms(median(taken))}, at worst {ms(max(taken))}")


class _Connection:
    """Kept alive, like a browser's."""

    def __init__(self, port: int) -> None:
        self._http = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._http.connect()
        self._http.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.size = 0

    def get(self, path: str) -> bytes:
        self._http.request("GET", path)
        response = self._http.getresponse()
        body = response.read()
        assert response.status == 200, (path, response.status, body[:300])
        self.size = len(body)
        return body

    def seconds(self, path: str) -> float:
        began = time.perf_counter()
        self.get(path)
        return time.perf_counter() - began

    def whole_page(self, path: str) -> float:
        """Seconds for a page with its styles and scripts, and what these import in turn."""
        began = time.perf_counter()
        seen, wanted = set(), [path]
        while wanted:
            path = wanted.pop()
            if path in seen:
                continue
            seen.add(path)
            text = self.get(path).decode()
            folder = path.rpartition("/")[0]
            wanted += re.findall(r'(?:src|href)="(/static/[^"]+)"', text)
            for name in re.findall(r'from "(\.[^"]+)"', text):
                wanted.append(os.path.normpath(f"{folder}/{name}"))
        return time.perf_counter() - began


@contextmanager
def _open_pages(
    bot: Bot, seconds: float, count: int = PAGES
) -> Iterator[Callable[[], dict[str, Any]]]:
    """Pages in a process of their own; afterwards, what they saw."""
    url = f"http://127.0.0.1:{bot.port}/ws"
    command = [sys.executable, str(HERE / "many_pages.py"), url, str(count), str(seconds), *TOPICS]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    def saw() -> dict[str, Any]:
        out, _ = process.communicate(timeout=120)
        assert process.returncode == 0
        found: dict[str, Any] = json.loads(out)
        return found

    try:
        yield saw
    except BaseException:
        process.kill()
        raise


def _p99(seconds: list[float]) -> float:
    return _share(seconds, 99)


def _share(seconds: list[float], percent: int) -> float:
    return quantiles(seconds, n=100, method="inclusive")[percent - 1]


def _said(seconds: list[float]) -> str:
    return f"p50 {ms(median(seconds))}, p99 {ms(_p99(seconds))} of {len(seconds)}"


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _until(happened: Callable[[], bool], patience: float = 120.0) -> None:
    end = time.monotonic() + patience
    while not happened():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.2)
