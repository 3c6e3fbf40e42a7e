"""Where a paper account is kept: lines of text, only ever added."""

from collections.abc import Iterator, Sequence
from typing import Protocol


class Vault(Protocol):
    """Durable, append-only."""

    def append(self, records: Sequence[str]) -> None:
        """Keep all of the records or, when this raises, none."""
        ...

    def read(self) -> Iterator[str]:
        """Every record, in the order in which they were added."""
        ...


class MemoryVault:
    """A vault that lasts as long as it is held; for simulations and tests."""

    def __init__(self) -> None:
        self.records: list[str] = []

    def append(self, records: Sequence[str]) -> None:
        self.records.extend(records)

    def read(self) -> Iterator[str]:
        return iter(tuple(self.records))
