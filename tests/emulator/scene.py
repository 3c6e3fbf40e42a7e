"""The set of a test: an exchange on a still clock, and an unmodified ccxt that looks at it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

import ccxt.pro

from tests.emulator.client import ccxt_config
from tests.emulator.clock import Clock
from tests.emulator.exchange import Exchange
from tests.emulator.server import Emulator
from tests.emulator.signing import ApiKey

D = Decimal
START_MS = 1_740_790_800_000  # 2025-03-01 01:00
HOUR = 3_600
PERP, SPOT = "BTC/USDT:USDT", "BTC/USDT"
Scene = Callable[[Emulator, Any], Awaitable[None]]


@asynccontextmanager
async def opened(key: ApiKey | None = None) -> AsyncIterator[tuple[Emulator, Any]]:
    """An emulator and a ccxt exchange that has its markets, public if there is no key."""
    exchange = Exchange(Clock.at(START_MS))
    async with Emulator(exchange) as emulator, client(emulator, key) as bybit:
        yield emulator, bybit


@asynccontextmanager
async def client(emulator: Emulator, key: ApiKey | None = None) -> AsyncIterator[Any]:
    bybit = ccxt.pro.bybit(ccxt_config(emulator.url, key))
    try:
        # With a key, load_markets signs its first request before it asks for the time itself.
        await bybit.load_time_difference()
        await bybit.load_markets()
        yield bybit
    finally:
        await bybit.close()


def play(scene: Scene, key: ApiKey | None = None) -> None:
    """Run the scene; more than ten seconds fail it."""

    async def main() -> None:
        async with opened(key) as (emulator, bybit):
            await asyncio.wait_for(scene(emulator, bybit), 10)

    asyncio.run(main())


def trade_scene(scene: Scene) -> None:
    """With the usual key."""
    play(scene, ApiKey())
