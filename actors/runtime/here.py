"""Which incarnation the current thread is running, if any."""

from __future__ import annotations

import threading
from typing import Protocol

from .fence import Fence


class Running(Protocol):
    """What the rest of the runtime needs to know of the incarnation at work."""

    @property
    def fence(self) -> Fence: ...


class _Here(threading.local):
    incarnation: Running | None = None


here = _Here()
