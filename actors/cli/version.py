"""``perpcarry version``"""

import platform

import typer

from actors import __version__


def version() -> None:
    """Print the version."""
    typer.echo(f"perpcarry {__version__} (Python {platform.python_version()})")
