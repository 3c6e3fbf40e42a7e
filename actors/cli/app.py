"""The commands, and what happens to whatever they raise."""

import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer
from typer.exceptions import TyperException

from actors.cli.doctor import doctor
from actors.cli.exit_codes import ExitCode
from actors.cli.export import export
from actors.cli.failure import explained
from actors.cli.new_config import new_config
from actors.cli.new_password import new_password
from actors.cli.new_token import new_token
from actors.cli.report import report
from actors.cli.run import run
from actors.cli.scan import scan
from actors.cli.show_config import show_config
from actors.cli.verify_ledger import verify_ledger
from actors.cli.version import version

app = typer.Typer(
    name="perpcarry",
    help="Funding-rate carry on perpetual futures: long spot, short perpetual.",
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.callback()
def _always(
    debug: Annotated[bool, typer.Option("--debug", help="Show where a failure came from.")] = False,
) -> None:
    """Read by main before any command is known."""


for command in (
    run,
    scan,
    report,
    export,
    verify_ledger,
    show_config,
    new_config,
    new_password,
    new_token,
    doctor,
    version,
):
    app.command()(command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave the process with its exit code."""
    sys.exit(run_command(sys.argv[1:] if arguments is None else arguments))


def run_command(arguments: Sequence[str]) -> int:
    """Run one command; no error gets past this, none is shown as a traceback unless asked for."""
    try:
        code = app(list(arguments) or ["--help"], prog_name="perpcarry", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else ExitCode.OK
    except TyperException as error:
        typer.echo(f"{error.format_message()} (perpcarry --help tells more)", err=True)
        return ExitCode.USAGE
    except (KeyboardInterrupt, typer.Abort):
        return ExitCode.INTERRUPTED
    except (BrokenPipeError, SystemExit):  # typer exits where a pipe is broken
        # Whoever read our output has seen enough; what is left of it must not trouble the exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.OK
    except Exception as error:
        code, text = explained(error, debug="--debug" in arguments)
        typer.echo(text, err=True)
        return code
