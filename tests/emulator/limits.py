"""Rate limits in real time: per key and kind of request, and per address."""

import time
from collections import deque

from tests.emulator.numbers import Json

PER_SECOND = {"/v5/order/create": 10, "/v5/order/cancel": 10, "/v5/order/amend": 10}
OTHERS_PER_SECOND = 50
ADDRESS_REQUESTS, ADDRESS_SECONDS = 600, 5.0


class Limits:
    """``enforced``: what goes beyond is refused; otherwise it is only counted in the headers."""

    def __init__(self, enforced: bool = False) -> None:
        self.enforced = enforced
        self._seen: dict[str, deque[float]] = {}
        self._address: deque[float] = deque()

    def is_banned(self) -> bool:
        """Counts a request of the address, 600 of which may come in 5 seconds."""
        now = time.monotonic()
        self._address.append(now)
        while now - self._address[0] > ADDRESS_SECONDS:
            self._address.popleft()
        return self.enforced and len(self._address) > ADDRESS_REQUESTS

    def count(self, path: str, now_ms: int) -> tuple[bool, Json]:
        """Whether one more request of the key is taken, and the headers that say how many are left.

        ``now_ms``: exchange time, in which the reset is told.
        """
        most = PER_SECOND.get(path, OTHERS_PER_SECOND)
        seen, now = self._seen.setdefault(path, deque()), time.monotonic()
        while seen and now - seen[0] >= 1:
            seen.popleft()
        taken = len(seen) < most or not self.enforced
        if taken:
            seen.append(now)
        wait_ms = round((seen[0] + 1 - now) * 1000) if len(seen) >= most else 0
        headers = {
            "X-Bapi-Limit": str(most),
            "X-Bapi-Limit-Status": str(max(0, most - len(seen))),
            "X-Bapi-Limit-Reset-Timestamp": str(now_ms + wait_ms),
        }
        return taken, headers
