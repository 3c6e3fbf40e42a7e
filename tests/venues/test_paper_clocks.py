"""The same paper venue under an event loop in real time, and stepped by hand in virtual time."""

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from actors.domain.orders import OrderReport, OrderRequest, OrderStatus, Side
from actors.runtime import (
    Actor,
    ChildSpec,
    Clock,
    Ok,
    Outcome,
    ScaledClock,
    SimulatedClock,
    SimulatedRuntime,
    SupervisorSpec,
)
from actors.venues.paper import MemoryVault, PaperRules, PaperVenue
from actors.venues.port import Venue
from actors.venues.replay import Recording, ReplayMarket
from tests.venues.exchange import drive

SAMPLE = Path(__file__).parents[2] / "actors/venues/sample"
START = datetime(2025, 3, 3, 7, 59, tzinfo=UTC)
ONE_LOT = Decimal("0.001")


@pytest.fixture(scope="module")
def recording() -> Recording:
    return Recording.load(SAMPLE)


def paper(recording: Recording, clock: Clock) -> Venue:
    """Typed as the port: what the rest of the house sees."""
    rules = PaperRules(latency=timedelta(seconds=20))
    return PaperVenue(ReplayMarket(recording, clock), clock, MemoryVault(), rules)


async def carry(venue: Venue, name: str) -> tuple[OrderReport, OrderReport]:
    """Both legs of one lot of BTC, one after the other."""
    legs = {one.symbol: one for one in await venue.instruments()}
    spot = OrderRequest(f"{name}-s", legs["BTC/USDT"], Side.BUY, ONE_LOT)
    perp = OrderRequest(f"{name}-p", legs["BTC/USDT:USDT"], Side.SELL, 2 * ONE_LOT)
    return await venue.place(spot), await venue.place(perp)


def test_under_an_event_loop_in_replayed_time(recording: Recording) -> None:
    clock = ScaledClock(START, speed=3600)
    venue = paper(recording, clock)

    async def both_at_once() -> list[tuple[OrderReport, OrderReport]]:
        return list(await asyncio.gather(carry(venue, "a"), carry(venue, "b")))

    reports = [one for pair in asyncio.run(both_at_once()) for one in pair]
    assert {one.status for one in reports} == {OrderStatus.FILLED}
    assert all(one.fills[0].at >= START + timedelta(seconds=20) for one in reports)
    state = asyncio.run(venue.account())
    assert state.perp_of("BTC/USDT:USDT") == -4 * ONE_LOT
    asyncio.run(venue.close())


class Trader(Actor):
    """Trades once through the runtime's I/O and keeps what came of it."""

    def __init__(self, venue: Venue, seen: list[Outcome[Any]]) -> None:
        self._venue = venue
        self._seen = seen

    def started(self) -> None:
        self.context.submit(carry(self._venue, "a"), lambda outcome: outcome)

    def receive(self, message: Any) -> None:
        self._seen.append(message)


@pytest.mark.parametrize("seed", range(3))
def test_in_a_simulation(recording: Recording, seed: int) -> None:
    clock = SimulatedClock(START)
    runtime = SimulatedRuntime(clock, seed)
    venue = paper(recording, clock)
    seen: list[Outcome[Any]] = []
    trader = ChildSpec("trader", lambda: Trader(venue, seen))
    runtime.start(SupervisorSpec("root", strategy="one_for_one", children=(trader,)))
    runtime.run_for(timedelta(hours=12))
    runtime.stop()
    (outcome,) = seen
    assert isinstance(outcome, Ok)
    spot, perp = outcome.value
    assert spot.fills[0].at == START + timedelta(seconds=20)
    # The short was opened in the instant of the settlement of 08:00, and so comes after it.
    assert perp.fills[0].at == START + timedelta(seconds=60)
    payments = drive(clock, venue.funding_payments_since(START))
    assert [one.at.hour for one in payments] == [16]
