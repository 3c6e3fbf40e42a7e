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


def check_here() -> None:
    """Raise Fenced if the code that calls belongs to an incarnation that was replaced."""
    incarnation = here.incarnation
    if incarnation is not None:
        incarnation.fence.check()
