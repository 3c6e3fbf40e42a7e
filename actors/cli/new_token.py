"""``perpcarry new-token``"""

from typing import Annotated

import typer

from actors.cli.exit_codes import ExitCode
from actors.cli.failure import CommandFailed
from actors.cli.new_password import Role, To, role_of, say_where


def new_token(
    name: Annotated[str, typer.Argument(help="What its bearer's commands are recorded under.")],
    role: Role = "viewer",
    to: To = None,
) -> None:
    """Make an API token, show it once, and say what to put where. Only its digest is written."""
    from web.auth.access import NAMES_IN_WORDS, RESERVED_NAMES, TOKEN_NAME, AccessError
    from web.auth.access_file import entry_of, put_entry
    from web.auth.tokens import new_token as make

    if not TOKEN_NAME.fullmatch(name) or name in RESERVED_NAMES:
        raise CommandFailed(ExitCode.USAGE, f"the name has to be {NAMES_IN_WORDS}")
    text, token = make(name, role_of(role))
    entry = entry_of(token)
    replaced = False
    if to is not None:
        try:
            replaced = put_entry(to, entry)
        except AccessError as error:
            raise CommandFailed(ExitCode.USAGE, str(error)) from None
    typer.echo("The token, which is not shown again:", err=True)
    typer.echo(text)
    typer.echo(f"Its bearer sends: Authorization: Bearer {text[:3]}...", err=True)
    if to is not None:
        typer.echo(f"{'Changed' if replaced else 'Wrote'} {name} in {to}.", err=True)
        say_where(to)
        return
    typer.echo("Either in the environment (several with commas between them):", err=True)
    typer.echo(f"DASHBOARD_TOKENS='{entry.removeprefix('token ')}'")
    typer.echo("or, in the file that dashboard.access_file names:", err=True)
    typer.echo(entry)
