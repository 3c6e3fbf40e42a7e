"""How a command ended, for scripts. docs/command-line.md explains each."""

from enum import IntEnum


class ExitCode(IntEnum):
    OK = 0
    UNEXPECTED = 1
    """A fault of the program: please report it."""
    USAGE = 2
    """The command line or the settings are wrong."""
    DATA = 3
    """The recorded market is missing or damaged."""
    STORE = 4
    """The database cannot be used."""
    PORT_TAKEN = 5
    """Another program listens where the dashboard should."""
    DIFFERENCES = 6
    """The books do not agree."""
    EXCHANGE = 7
    """The exchange cannot be reached, or not be used as the settings say."""
    INTERRUPTED = 130
    """Ended by Ctrl-C, in order."""
