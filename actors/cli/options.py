"""Options that several commands share, and the settings they lead to."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from actors.cli.exit_codes import ExitCode
from actors.cli.failure import CommandFailed

if TYPE_CHECKING:
    from actors.config.loading import Loaded

Config = Annotated[
    list[Path] | None,
    typer.Option(
        "--config",
        metavar="FILE",
        help="A settings file that counts more than settings.yaml; may be given again, the last "
        "one counts most.",
        show_default=False,
    ),
]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="One setting, e.g. trading.scan_interval=30m; may be given again.",
        show_default=False,
    ),
]
StoreUrl = Annotated[
    str | None,
    typer.Option("--store", metavar="URL", help="Instead of store.url.", show_default=False),
]
Venue = Annotated[
    str | None,
    typer.Option("--venue", metavar="NAME", help="Instead of exchange.id.", show_default=False),
]
Data = Annotated[
    Path | None,
    typer.Option(
        "--data",
        metavar="FOLDER",
        help="A recorded market, instead of historical.data.",
        show_default=False,
    ),
]
Speed = Annotated[
    str | None,
    typer.Option(
        "--speed",
        metavar="N|max",
        help="Times as fast as real time, instead of historical.speed.",
        show_default=False,
    ),
]
From = Annotated[
    str | None,
    typer.Option(
        "--from", metavar="DATE", help="Where the replay begins (UTC).", show_default=False
    ),
]
Until = Annotated[
    str | None,
    typer.Option(
        "--until", metavar="DATE", help="Where the replay ends (UTC).", show_default=False
    ),
]
NoDashboard = Annotated[
    bool, typer.Option("--no-dashboard", help="Without the web page and its API.")
]
AsJson = Annotated[bool, typer.Option("--json", help="As JSON, with every digit.")]


def load_from(
    config: Sequence[Path] | None,
    settings: Sequence[str] | None = None,
    options: Mapping[str, object] | None = None,
) -> "Loaded":
    """The settings, with what the command line says on top.

    ``settings`` are ``--set`` texts; ``options`` are single options by settings key, None where
    not given, and count more. Raises SettingsError, and CommandFailed for a malformed ``--set``.
    """
    from actors.config.loading import load

    given = dict(_key_and_value(text) for text in settings or ())
    given |= {key: value for key, value in (options or {}).items() if value is not None}
    return load(config or (), given)


def _key_and_value(text: str) -> tuple[str, object]:
    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        message = f"--set wants KEY=VALUE, like trading.scan_interval=30m, not {text}"
        raise CommandFailed(ExitCode.USAGE, message)
    return key.strip(), value.strip()
