"""What this process takes of the machine: real figures, whatever clock the actors live by."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_BEGAN = time.monotonic()
_LOOK_SECONDS = 1.0
"""A share of less time than that would say little."""


@dataclass(frozen=True, slots=True)
class ProcessUse:
    up_seconds: float
    """Since this package was loaded, which is at the start of the process."""
    memory_bytes: int | None
    """In memory now; None where the system does not tell."""
    cpu_share: float | None
    """Of one core, lately; above 1 where several are at work. None until two looks are apart."""
    threads: int


def process_watch() -> Callable[[], ProcessUse]:
    """A look at this process; the share is that of the time between two looks."""
    looked_at, used, share = time.monotonic(), time.process_time(), None

    def look() -> ProcessUse:
        nonlocal looked_at, used, share
        now = time.monotonic()
        if now - looked_at >= _LOOK_SECONDS:
            total = time.process_time()
            share = round((total - used) / (now - looked_at), 3)
            looked_at, used = now, total
        return ProcessUse(
            up_seconds=round(now - _BEGAN, 3),
            memory_bytes=_resident(),
            cpu_share=share,
            threads=threading.active_count(),
        )

    return look


def _resident() -> int | None:
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    except OSError:
        return None
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
