"""The dashboard's port, looked at before anything is opened."""

import errno
import socket
from typing import TYPE_CHECKING

from actors.cli.exit_codes import ExitCode
from actors.cli.failure import CommandFailed

if TYPE_CHECKING:
    from actors.config.settings import Settings


def check_port(settings: "Settings") -> str:
    """Where the dashboard will listen, ``host:port``. Raises CommandFailed if it cannot now."""
    host, port = settings.dashboard.host, settings.dashboard.port
    where = f"{host}:{port}"
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            message = f"{where} cannot be used: {_problem(error)}"
            raise CommandFailed(ExitCode.PORT_TAKEN, message) from None
    return where


def _problem(error: OSError) -> str:
    other = "name another one in dashboard.port, or run with --no-dashboard"
    if error.errno == errno.EADDRINUSE:
        return f"it is taken by another program; stop that one, {other}"
    return f"{error.strerror}; {other}"
