"""Turns, pauses and the breaker, on a clock that only the test moves."""

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Any

import pytest

from actors.venues.ccxt.circuit import FAILURES, LONGEST_SECONDS, Circuit
from actors.venues.ccxt.pacing import (
    BAN_PAUSE_SECONDS,
    BLIND_PAUSE_SECONDS,
    LONGEST_PAUSE_SECONDS,
    Pacer,
    Paused,
    Priority,
    pause_after,
)

AT = datetime(2025, 3, 1, 12, tzinfo=UTC)


class VirtualClock:
    """Seconds that pass only while somebody sleeps."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)  # whoever else wants a turn may ask for it first
        self.seconds += seconds


def paced(seconds_per_cost: float = 1.0) -> tuple[Pacer, VirtualClock]:
    clock = VirtualClock()
    return Pacer(seconds_per_cost, clock.now, clock.sleep), clock


def played(scene: Coroutine[Any, Any, None]) -> None:
    asyncio.run(scene)


def test_calls_go_out_as_fast_as_the_limit_allows() -> None:
    async def scene() -> None:
        pacer, clock = paced(0.5)
        went = []
        for cost in (1.0, 4.0, 1.0):
            await pacer.turn(cost, Priority.QUERY)
            went.append(clock.now())
        assert went == [0.0, 0.5, 2.5]

    played(scene())


def test_a_cancel_overtakes_a_create_and_a_create_a_query() -> None:
    async def scene() -> None:
        pacer, _ = paced()
        went: list[str] = []

        async def call(name: str, priority: Priority) -> None:
            await pacer.turn(1.0, priority)
            went.append(name)

        await pacer.turn(1.0, Priority.QUERY)  # the next has to wait for its turn
        await asyncio.gather(
            call("query 1", Priority.QUERY),
            call("query 2", Priority.QUERY),
            call("create", Priority.CREATE),
            call("cancel", Priority.CANCEL),
        )
        assert went == ["cancel", "create", "query 1", "query 2"]

    played(scene())


def test_whoever_gave_up_waiting_costs_nothing() -> None:
    async def scene() -> None:
        pacer, clock = paced()
        await pacer.turn(1.0, Priority.QUERY)
        given_up = asyncio.create_task(pacer.turn(100.0, Priority.QUERY))
        after = asyncio.create_task(pacer.turn(1.0, Priority.QUERY))
        await asyncio.sleep(0)
        given_up.cancel()
        await after
        assert clock.now() == 1.0

    played(scene())


def test_a_short_pause_is_waited_for_and_a_long_one_is_not() -> None:
    async def scene() -> None:
        pacer, clock = paced()
        pacer.pause(5.0, "bybit asked for a pause")
        await pacer.turn(1.0, Priority.QUERY)
        assert clock.now() == 5.0
        pacer.pause(300.0, "bybit asked for a pause")
        with pytest.raises(Paused, match="bybit asked for a pause; nothing is asked for another"):
            await pacer.turn(1.0, Priority.CANCEL)
        clock.seconds += 300
        await pacer.turn(1.0, Priority.QUERY)

    played(scene())


def test_those_in_the_queue_are_told_of_a_long_pause_too() -> None:
    async def scene() -> None:
        pacer, _ = paced()
        await pacer.turn(1.0, Priority.QUERY)
        waiting = asyncio.create_task(pacer.turn(1.0, Priority.QUERY))
        await asyncio.sleep(0)
        pacer.pause(300.0, "banned")
        with pytest.raises(Paused):
            await waiting

    played(scene())


def test_no_pause_is_longer_than_a_person_would_leave_it() -> None:
    pacer, _ = paced()
    pacer.pause(1e9, "nonsense")
    assert pacer.paused_seconds == LONGEST_PAUSE_SECONDS
    pacer.pause(1.0, "a shorter one")
    assert pacer.paused_seconds == LONGEST_PAUSE_SECONDS


RESET_MS = str(round(AT.timestamp() * 1000) + 2_500)


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [
        (200, {}, None),
        (200, {"X-Bapi-Limit-Status": "9", "X-Bapi-Limit-Reset-Timestamp": RESET_MS}, None),
        (200, {"X-Bapi-Limit-Status": "0", "X-Bapi-Limit-Reset-Timestamp": RESET_MS}, 2.5),
        (429, {"retry-after": "7"}, 7.0),
        (429, {"Retry-After": "Sat, 01 Mar 2025 12:00:30 GMT"}, 30.0),
        (429, {"Retry-After": "soon"}, BLIND_PAUSE_SECONDS),
        (429, {}, BLIND_PAUSE_SECONDS),
        (403, {}, BAN_PAUSE_SECONDS),
        (418, {"Retry-After": "120"}, 120.0),
        (500, {}, None),
    ],
)
def test_the_pause_is_the_one_the_exchange_asks_for(
    status: int, headers: dict[str, str], seconds: float | None
) -> None:
    assert pause_after(status, headers, AT) == seconds


def test_the_breaker_opens_after_failures_in_a_row_and_lets_one_through_to_see() -> None:
    clock = VirtualClock()
    circuit = Circuit(clock.now)
    for _ in range(FAILURES - 1):
        circuit.failed("no answer")
    assert circuit.lets_through()
    circuit.failed("no answer at all")
    assert not circuit.lets_through()
    assert circuit.state.is_open
    assert circuit.state.last_failure == "no answer at all"
    clock.seconds += circuit.state.seconds_left
    assert circuit.lets_through()
    assert not circuit.lets_through()  # the others wait for what becomes of it
    circuit.answered()
    assert circuit.lets_through()
    assert not circuit.state.is_open


def test_the_breakers_pause_grows_to_a_limit() -> None:
    clock = VirtualClock()
    circuit = Circuit(clock.now)
    pauses = []
    for _ in range(FAILURES + 9):
        circuit.failed("no answer")
        pauses.append(circuit.state.seconds_left)
        clock.seconds += circuit.state.seconds_left
    assert pauses[FAILURES - 2 : FAILURES + 2] == [0.0, 1.0, 2.0, 4.0]
    assert pauses[-1] == LONGEST_SECONDS
