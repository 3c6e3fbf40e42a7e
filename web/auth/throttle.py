"""How soon the next password may be tried: later with each one that was wrong."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

ADDRESSES_AT_MOST = 10_000
_IPV6_NETWORK_BITS = 64
"""What one household has; its single addresses cost nothing."""


@dataclass(frozen=True, slots=True)
class Patience:
    free: int
    """Wrong passwords before there is any delay."""
    longest_seconds: float
    forget_seconds: float
    """After so long without a wrong one, it begins anew."""

    def delay(self, failures: int) -> float:
        """Seconds after so many failures: 1, 2, 4, 8, ..."""
        over = failures - self.free
        return 0.0 if over < 0 else float(min(2.0 ** min(over, 30), self.longest_seconds))


OF_ONE = Patience(free=4, longest_seconds=300.0, forget_seconds=1800.0)
OF_ALL = Patience(free=30, longest_seconds=20.0, forget_seconds=300.0)
"""All addresses together: many that guess a little each are slowed down too."""


@dataclass(slots=True)
class _Record:
    failures: int = 0
    last_at: float = 0.0
    next_at: float = 0.0


class Throttle:
    """Counts each attempt as a failure until it is told otherwise: many at once count too."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._all = _Record()
        self._each: dict[str, _Record] = {}

    def wait_seconds(self, address: str) -> float:
        """0 if an attempt may be made now, which is then counted; else how long to wait."""
        now, key = self._now(), _network(address)
        one = self._each.get(key) or _Record()
        waits = max(
            _left(one, OF_ONE, now),
            _left(self._all, OF_ALL, now),
        )
        if waits > 0:
            return waits
        _count(one, OF_ONE, now)
        _count(self._all, OF_ALL, now)
        self._each.pop(key, None)
        self._each[key] = one  # the newest is last
        if len(self._each) > ADDRESSES_AT_MOST:
            del self._each[next(iter(self._each))]
        return 0.0

    def was_right(self, address: str) -> None:
        """The attempt was no failure after all."""
        self._each.pop(_network(address), None)
        self._all.failures = max(0, self._all.failures - 1)

    def was_none(self, address: str) -> None:
        """The attempt was not even looked at."""
        one = self._each.get(_network(address), _Record())
        for record in (self._all, one):
            record.failures = max(0, record.failures - 1)


def _left(record: _Record, patience: Patience, now: float) -> float:
    if now - record.last_at > patience.forget_seconds:
        record.failures, record.next_at = 0, 0.0
    return max(0.0, record.next_at - now)


def _count(record: _Record, patience: Patience, now: float) -> None:
    record.failures += 1
    record.last_at = now
    record.next_at = now + patience.delay(record.failures)


def _network(address: str) -> str:
    try:
        known = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(known, IPv6Address):
        if known.ipv4_mapped is not None:
            return str(known.ipv4_mapped)
        return str(int(known) >> (128 - _IPV6_NETWORK_BITS))
    return str(known)
