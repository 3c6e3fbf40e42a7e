"""``perpcarry new-config``"""

from pathlib import Path
from typing import Annotated

import typer

from actors.cli.exit_codes import ExitCode
from actors.cli.failure import CommandFailed


def new_config(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="The file to write.")],
    force: Annotated[
        bool, typer.Option("--force", help="Write over a file that is there.")
    ] = False,
) -> None:
    """Write a settings file with every setting, its default and its meaning.

    It says one thing beside the defaults: from where a first replay begins (historical.from).
    """
    from actors.config.template import REPLAY_CHOICES, settings_file

    beginning = REPLAY_CHOICES["historical.from"]
    try:
        with path.open("w" if force else "x", encoding="utf-8") as file:
            file.write(settings_file())
    except FileExistsError:
        message = f"{path} is there already; --force writes over it"
        raise CommandFailed(ExitCode.USAGE, message) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise CommandFailed(ExitCode.USAGE, f"{path} cannot be written: {reason}") from None
    typer.echo(
        f"Wrote {path}: every setting with its default, but for a replay that begins at "
        f"{beginning}. Use it with: perpcarry run --config {path}"
    )
