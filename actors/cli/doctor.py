"""``perpcarry doctor``"""

import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from actors.cli import options
from actors.cli.books import database_file
from actors.cli.console import console
from actors.cli.exit_codes import ExitCode
from actors.cli.failure import CommandFailed, explained
from actors.cli.front import front_end
from actors.cli.port import check_port

if TYPE_CHECKING:
    from actors.config.settings import Settings

PYTHONS = ((3, 11), (3, 13))
LITTLE_SPACE = 500_000_000
"""Bytes: about a year of hourly trading."""


@dataclass(frozen=True, slots=True)
class Finding:
    what: str
    text: str
    code: ExitCode = ExitCode.OK
    """What a failure ends the command with."""


def doctor(
    config: options.Config = None,
    settings: options.Set = None,
    store: options.StoreUrl = None,
    venue: options.Venue = None,
    data: options.Data = None,
) -> None:
    """Look whether the bot could run here: Python, settings, market, store, disk, port and login.

    Nothing is changed but the kept list of an exchange's markets. Ends with the exit code of the
    first thing found wrong.
    """
    findings = []
    for finding in _examine(
        lambda: (
            options.load_from(
                config,
                settings,
                {"store.url": store, "exchange.id": venue, "historical.data": data},
            ).settings
        )
    ):
        findings.append(finding)
        _print(finding)
    wrong = [one for one in findings if one.code]
    if wrong:
        names = ", ".join(one.what for one in wrong)
        raise CommandFailed(wrong[0].code, f"To be mended: {names}.")
    typer.echo("All is well.")


def _print(finding: Finding) -> None:
    out = console()
    mark, style = ("wrong", "bold red") if finding.code else ("ok", "green")
    out.print(f"{mark:6}", style=style, end="")
    first, *rest = finding.text.splitlines()
    out.print(f"{finding.what:9} {first}")
    for line in rest:
        out.print(f"{'':16}{line.strip()}")


def _examine(load: "Callable[[], Settings]") -> Iterator[Finding]:
    yield _python()
    try:
        settings = load()
    except Exception as error:
        yield _failed("settings", error)
        return
    yield Finding("settings", "complete and consistent")
    for what, look in (
        _market(settings),
        ("store", _store),
        ("disk", _disk),
        ("port", _port),
        ("login", _login),
    ):
        try:
            yield Finding(what, look(settings))
        except Exception as error:
            yield _failed(what, error)


def _failed(what: str, error: Exception) -> Finding:
    code, text = explained(error, debug=False)
    return Finding(what, text, code)


def _python() -> Finding:
    first, last = PYTHONS
    text = f"{platform.python_version()} at {sys.executable}"
    if first <= sys.version_info[:2] <= last:
        return Finding("python", text)
    wanted = f"{first[0]}.{first[1]} to {last[0]}.{last[1]}"
    return Finding("python", f"{text}; {wanted} is needed", ExitCode.UNEXPECTED)


def _market(settings: "Settings") -> "tuple[str, Callable[[Settings], str]]":
    """Where the prices come from, and how to look at it."""
    recorded = settings.trading.mode.value == "replay"
    return ("data", _data) if recorded else ("exchange", _exchange)


def _data(settings: "Settings") -> str:
    from actors.cli.recorded import data_folder, load_recording

    recording = load_recording(settings)
    span = recording.span
    lines = [
        f"{data_folder(settings)}: {len(recording.pairs())} pairs, "
        f"{span.start:%Y-%m-%d} to {span.end:%Y-%m-%d}",
        *recording.notes,
    ]
    return "\n".join(lines)


def _exchange(settings: "Settings") -> str:
    from actors.cli.live_prices import live_report

    return live_report(settings)


def _store(settings: "Settings") -> str:
    from actors.config.schema import without_password
    from actors.store import Store

    url = settings.store.url
    file = database_file(url)
    if file is not None and not file.exists():
        folder = _existing_parent(file)
        if not folder.is_dir() or not _writable(folder):
            message = f"{file} cannot be made: {folder} is not a folder this user may write to"
            raise CommandFailed(ExitCode.STORE, message)
        return f"{file} will be made at the first run"
    Store.open(url).close()
    return f"{without_password(url)} opens"


def _disk(settings: "Settings") -> str:
    file = database_file(settings.store.url) or Path()
    free = shutil.disk_usage(_existing_parent(file)).free
    text = f"{free / 1e9:,.1f} GB free beside the store"
    if free < LITTLE_SPACE:
        message = f"{text}; {LITTLE_SPACE / 1e9:,.1f} GB is the least to begin with"
        raise CommandFailed(ExitCode.STORE, message)
    return text


def _port(settings: "Settings") -> str:
    if not settings.dashboard.enabled:
        return "not needed: the dashboard is off"
    return f"{check_port(settings)} is free"


def _login(settings: "Settings") -> str:
    page = front_end(settings)
    if page is None:
        return "not needed: the dashboard is off"
    if not page.access.login_required:
        return "no password: whoever can run programs on this machine may do everything"
    roles = " and ".join(role.value for role in page.access.hashes)
    count = len(page.access.tokens)
    tokens = {0: "no API tokens", 1: "1 API token"}.get(count, f"{count} API tokens")
    return f"{roles} by password, {tokens}"


def _existing_parent(path: Path) -> Path:
    """The nearest folder above that is there."""
    folder = path.absolute().parent
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder


def _writable(folder: Path) -> bool:
    import os

    return os.access(folder, os.W_OK | os.X_OK)
