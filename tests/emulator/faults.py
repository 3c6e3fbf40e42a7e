"""What goes wrong on request: which requests a fault meets, how often, and what it does to them."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from tests.emulator.numbers import D


class Kind(StrEnum):
    LATENCY = "latency"
    """The request waits ``delay_ms`` of real time before it is looked at."""
    DROP = "drop"
    """The connection breaks before the request is looked at."""
    REFUSE = "refuse"
    """Answered with ``code`` and ``message``, nothing done."""
    HTTP = "http"
    """Answered with ``status``, ``headers`` and ``body``, nothing done."""
    GARBAGE = "garbage"
    """Answered with ``body`` (half a JSON document unless said), nothing done."""
    DROP_AFTER = "drop_after"
    """Done, then the connection breaks without an answer."""
    HANG_AFTER = "hang_after"
    """Done, then no answer for ``delay_ms`` of real time (a minute unless said), then a break."""
    HTTP_AFTER = "http_after"
    """Done, then answered with ``status`` and ``body`` as if not."""
    GARBAGE_AFTER = "garbage_after"
    """Done, then answered with ``body`` as if not."""
    PARTIAL = "partial"
    """An order finds only ``fraction`` of its quantity in the book."""
    HIDE = "hide"
    """An order and its executions show in no list for ``delay_ms`` of the exchange's time."""


BEFORE = (Kind.LATENCY, Kind.DROP, Kind.REFUSE, Kind.HTTP, Kind.GARBAGE)
ORDER = (Kind.PARTIAL, Kind.HIDE)
AFTER = (Kind.DROP_AFTER, Kind.HANG_AFTER, Kind.HTTP_AFTER, Kind.GARBAGE_AFTER)
HALF = D("0.5")
GARBAGE = '{"retCode":0,"retMsg":"OK","result":{"li'


@dataclass(slots=True)
class Fault:
    """Meets requests whose path begins with ``path`` and whose parameters equal ``match``.

    ``times``: how many it meets (None: all); ``skip``: how many it lets pass first; ``chance``:
    of meeting one at all. A parameter of ``match`` that ends in ``*`` is a beginning.
    """

    kind: Kind
    path: str = "/v5/"
    match: Mapping[str, str] = field(default_factory=dict)
    times: int | None = 1
    skip: int = 0
    chance: float = 1.0
    code: int = 10016
    message: str = "System error. Please try again later."
    status: int = 502
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    delay_ms: int = 0
    fraction: Decimal = HALF
    met: int = 0
    """Requests it has met."""

    def meets(self, path: str, parameters: Mapping[str, Any]) -> bool:
        if not path.startswith(self.path):
            return False
        for name, wanted in self.match.items():
            found = str(parameters.get(name, ""))
            if found != wanted and not (
                wanted.endswith("*") and found.startswith(wanted.removesuffix("*"))
            ):
                return False
        return True


class Faults:
    def __init__(self, seed: int = 0) -> None:
        self.listed: list[Fault] = []
        self._draw = random.Random(seed)

    def add(self, fault: Fault) -> Fault:
        self.listed.append(fault)
        return fault

    def clear(self) -> None:
        self.listed.clear()

    def take(
        self, kinds: tuple[Kind, ...], path: str, parameters: Mapping[str, Any]
    ) -> list[Fault]:
        """The faults of these kinds that strike now; each loses one of its times."""
        struck = []
        for fault in self.listed:
            if fault.kind not in kinds or not fault.meets(path, parameters):
                continue
            if fault.times is not None and fault.met >= fault.times:
                continue
            if fault.skip > 0:
                fault.skip -= 1
            elif fault.chance >= 1 or self._draw.random() < fault.chance:
                fault.met += 1
                struck.append(fault)
        return struck


def rate_limited(path: str = "/v5/", times: int | None = 1, reset_ms: int = 0) -> Fault:
    """10006 with the headers Bybit sends; ``reset_ms``: the exchange time at which it ends."""
    headers = {
        "X-Bapi-Limit": "10",
        "X-Bapi-Limit-Status": "0",
        "X-Bapi-Limit-Reset-Timestamp": str(reset_ms),
    }
    message = "Too many visits. Exceeded the API Rate Limit."
    return Fault(Kind.REFUSE, path, times=times, code=10006, message=message, headers=headers)


def too_many_requests(times: int | None = 1, retry_after_seconds: int = 1) -> Fault:
    headers = {"Retry-After": str(retry_after_seconds)}
    return Fault(Kind.HTTP, times=times, status=429, headers=headers, body="Too Many Requests")


def banned(times: int | None = 1) -> Fault:
    """What an address gets that asked more than 600 times in 5 seconds."""
    return Fault(Kind.HTTP, times=times, status=403, body="403, access too frequent")
