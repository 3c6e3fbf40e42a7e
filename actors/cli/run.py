"""``perpcarry run``"""

import logging
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import TYPE_CHECKING

import typer

from actors.cli import options
from actors.cli.console import console
from actors.cli.exit_codes import ExitCode
from actors.cli.failure import CommandFailed
from actors.cli.port import check_port

if TYPE_CHECKING:
    from actors.cli.driving import Told
    from actors.cli.session import Session
    from actors.config.loading import Loaded
    from actors.store import Transaction


def run(
    config: options.Config = None,
    settings: options.Set = None,
    store: options.StoreUrl = None,
    venue: options.Venue = None,
    data: options.Data = None,
    speed: options.Speed = None,
    begin: options.From = None,
    until: options.Until = None,
    no_dashboard: options.NoDashboard = False,
) -> None:
    """Run the bot with a paper account and a dashboard: on recorded history, or on live prices.

    ``trading.mode`` says which: ``replay`` or ``paper``; neither needs keys. Runs until Ctrl-C; a
    replay without the dashboard to the end of its span. What it did is kept in the store, and the
    next run goes on from there.
    """
    from actors.cli.driving import drive, interruptible
    from actors.cli.report import print_report
    from actors.cli.report_data import read_report
    from actors.cli.session import opened
    from actors.runtime import StartFailed

    given = {
        "store.url": store,
        "exchange.id": venue,
        "historical.data": data,
        "historical.speed": speed,
        "historical.from": begin,
        "historical.until": until,
        "dashboard.enabled": False if no_dashboard else None,
    }
    loaded = options.load_from(config, settings, given)
    _check_replay_only(loaded, given)
    if loaded.settings.dashboard.enabled:
        check_port(loaded.settings)
    logging.basicConfig(level=logging.CRITICAL)  # what goes wrong is told as events, once
    with opened(loaded) as session, interruptible() as stop:
        _print_start(session)
        try:
            with _progress(session) as told:
                drive(session, stop, told)
        except StartFailed as error:
            raise _not_started(error.address, error.reason) from error
        if session.runtime.failed.is_set():
            message = f"The actor system gave up: {session.runtime.failure}. Nothing is lost; "
            raise CommandFailed(ExitCode.UNEXPECTED, message + "perpcarry run goes on from here.")
        with session.house.store.reading() as tx:
            print_report(read_report(tx))
            _print_open_orders(tx)
    if stop.is_set():
        raise typer.Exit(ExitCode.INTERRUPTED)


def _check_replay_only(loaded: "Loaded", given: "Mapping[str, object]") -> None:
    """What only a replay heeds is not silently dropped where somebody asked for it."""
    mode = loaded.settings.trading.mode.value
    asked = [key for key, value in given.items() if key.startswith("historical.") and value]
    if mode != "replay" and asked:
        message = f"{', '.join(asked)} belong to a replay, but trading.mode is {mode}"
        raise CommandFailed(ExitCode.USAGE, message)


def _print_start(session: "Session") -> None:
    out, page = console(), session.house.web
    out.print(_beginning(session))
    if page is not None:
        host = f"[{page.host}]" if ":" in page.host else page.host
        url = page.public_url or f"http://{host}:{page.port}"
        out.print(f"Dashboard: {url}/  (Ctrl-C ends)", style="bold")


def _beginning(session: "Session") -> str:
    mode = session.house.mode
    if session.until is None:
        verb = "Carrying on" if session.resumed else "Trading"
        network = "test network's" if session.house.settings.exchange.sandbox else "live"
        return f"{verb} at {mode.venue}'s {network} prices, with paper money and without keys."
    how = "as fast as possible" if mode.speed is None else f"at {mode.speed:g} times real time"
    verb = "Carrying on" if session.resumed else "Replaying"
    return (
        f"{verb} {mode.venue} from {session.start:%Y-%m-%d %H:%M} to "
        f"{session.until:%Y-%m-%d %H:%M} UTC, {how}, with paper money."
    )


def _print_open_orders(tx: "Transaction") -> None:
    """Orders that the venue has not said anything about in time."""
    names = [
        f"{intent.client_id} of {position.id}"
        for position in tx.positions.active()
        for intent in position.intents
        if not intent.status.is_final
    ]
    if names:
        typer.echo(
            f"Still not known what became of: {', '.join(names)}. "
            "The next run asks the venue before it does anything else."
        )


def _progress(session: "Session") -> "AbstractContextManager[Told]":
    """A bar on a terminal; silence in a pipe."""
    out = console(errors=True)
    if session.until is None or not out.is_terminal:
        return nullcontext(lambda at: None)
    return _Bar(session.start, session.until)


class _Bar:
    """How far the replay has come."""

    def __init__(self, start: datetime, until: datetime) -> None:
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        self._span = start, until
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>5.1f}%"),
            TimeRemainingColumn(),
            console=console(errors=True),
        )

    def __enter__(self) -> "Told":
        start, until = self._span
        task = self._progress.add_task(f"{start:%Y-%m-%d %H:%M}", total=1.0)
        self._progress.start()

        def told(at: datetime) -> None:
            share = (at - start) / (until - start)
            self._progress.update(task, completed=share, description=f"{at:%Y-%m-%d %H:%M}")

        return told

    def __exit__(self, *_: object) -> None:
        self._progress.stop()


def _not_started(address: str, reason: str) -> CommandFailed:
    code = ExitCode.PORT_TAKEN if address == "root/web" else ExitCode.UNEXPECTED
    return CommandFailed(code, f"The bot could not be started ({address}): {reason}")
