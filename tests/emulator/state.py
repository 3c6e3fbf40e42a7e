"""The exchange in a file, so that it outlives even a killed process."""

import os
import pickle
from pathlib import Path

from tests.emulator.exchange import Exchange


def save(exchange: Exchange, path: Path) -> None:
    """Whole or not at all."""
    draft = path.with_suffix(".draft")
    with draft.open("wb") as file:
        pickle.dump(exchange, file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def load(path: Path) -> Exchange | None:
    """What was saved last; None if nothing was. The file is trusted: it is our own."""
    if not path.exists():
        return None
    found = pickle.loads(path.read_bytes())
    if not isinstance(found, Exchange):
        raise TypeError(f"{path} holds no exchange")
    return found
