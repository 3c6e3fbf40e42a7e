"""The command line: ``perpcarry COMMAND``. app.py lists the commands, each has a file."""

from actors.cli.app import main

__all__ = ["main"]
