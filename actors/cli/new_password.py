"""``perpcarry new-password``"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from actors.cli.exit_codes import ExitCode
from actors.cli.failure import CommandFailed

if TYPE_CHECKING:
    from web.auth.access import Role as RoleOf

Role = Annotated[
    str,
    typer.Option("--role", metavar="operator|viewer", help="An operator commands, a viewer looks."),
]
To = Annotated[
    Path | None,
    typer.Option(
        "--to",
        metavar="FILE",
        help="Write the line into this access file, which is made if need be.",
        show_default=False,
    ),
]


def new_password(role: Role = "operator", to: To = None) -> None:
    """Ask for a password of the dashboard, and say what to put where.

    From a pipe, the password is its first line. Only its Argon2 hash is written.
    """
    from web.auth.access import AccessError
    from web.auth.access_file import entry_of, put_entry
    from web.auth.passwords import hash_password

    who = role_of(role)
    try:
        known_hash = hash_password(_typed())
        entry = entry_of(who, known_hash)
        if to is not None:
            replaced = put_entry(to, entry)
            typer.echo(f"{'Changed' if replaced else 'Wrote'} the {who.value}'s password in {to}.")
            say_where(to)
            return
    except AccessError as error:
        raise CommandFailed(ExitCode.USAGE, str(error)) from None
    name = "DASHBOARD_PASSWORD" if role == "operator" else "DASHBOARD_VIEWER_PASSWORD"
    typer.echo("Either in the environment (the quotes are needed):", err=True)
    typer.echo(f"{name}='{known_hash}'")
    typer.echo("or, in a file that only you can read, named by dashboard.access_file:", err=True)
    typer.echo(entry)


def role_of(text: str) -> "RoleOf":
    """Raises CommandFailed."""
    from web.auth.access import Role as RoleOf

    try:
        return RoleOf(text.lower())
    except ValueError:
        message = f"--role is operator or viewer, not {text}"
        raise CommandFailed(ExitCode.USAGE, message) from None


def say_where(path: Path) -> None:
    typer.echo(f"It counts from the next start with DASHBOARD_ACCESS_FILE={path}", err=True)


def _typed() -> str:
    if sys.stdin.isatty():
        password: str = typer.prompt(
            "Password", hide_input=True, confirmation_prompt=True, err=True
        )
        return password
    return sys.stdin.readline().rstrip("\r\n")
