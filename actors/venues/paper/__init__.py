"""The paper exchange: one account whose orders are filled against any market data."""

from actors.venues.paper.faults import Fault, FaultPlan, FaultTimes
from actors.venues.paper.rules import PaperRules
from actors.venues.paper.vault import MemoryVault, Vault
from actors.venues.paper.venue import PaperVenue

__all__ = [
    "Fault",
    "FaultPlan",
    "FaultTimes",
    "MemoryVault",
    "PaperRules",
    "PaperVenue",
    "Vault",
]
