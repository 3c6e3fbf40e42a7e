"""What one transaction gives access to."""

from typing import Protocol

from sqlalchemy import Connection

from .commands import Commands
from .config_log import ConfigLog
from .events import Events
from .ledger import Ledger
from .positions import Positions
from .state import State


class Guard(Protocol):
    """The right of one writer to write; void once it was replaced."""

    address: str
    epoch: int

    def check(self) -> None:
        """Raise if the right is void."""
        ...


class Transaction:
    """All of it happens, durably, or nothing does. Of no use after its ``with`` block."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        """For the store's own rooms; the others use what follows."""
        self.positions = Positions(connection)
        self.ledger = Ledger(connection)
        self.commands = Commands(connection)
        self.events = Events(connection)
        self.config = ConfigLog(connection)
        self.state = State(connection)
