"""The books on disk: what has to outlive the process."""

from .command_status import CommandStatus
from .commands import CommandRecord
from .config_log import ConfigChange
from .dump import dump
from .errors import StoreError
from .events import EventRecord
from .health import StoreHealth
from .store import Store
from .transaction import Guard, Transaction
from .vault import Vault

__all__ = [
    "CommandRecord",
    "CommandStatus",
    "ConfigChange",
    "EventRecord",
    "Guard",
    "Store",
    "StoreError",
    "StoreHealth",
    "Transaction",
    "Vault",
    "dump",
]
