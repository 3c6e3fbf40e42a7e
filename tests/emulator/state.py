"""The exchange in a file, so that it outlives even a killed process."""

import pickle
from pathlib import Path

from tests.emulator.exchange import Exchange


def save(exchange: Exchange, path: Path) -> None:
    """Whole or not at all; a killed process loses nothing of it, a machine without power may."""
    draft = path.with_suffix(".draft")
    draft.write_bytes(pickle.dumps(exchange, pickle.HIGHEST_PROTOCOL))
    draft.replace(path)


def load(path: Path) -> Exchange | None:
    """What was saved last; None if nothing was. The file is trusted: it is our own."""
    if not path.exists():
        return None
    found = pickle.loads(path.read_bytes())
    if not isinstance(found, Exchange):
        raise TypeError(f"{path} holds no exchange")
    return found
