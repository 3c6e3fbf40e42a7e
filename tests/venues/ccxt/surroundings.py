"""An exchange on a loopback port in a thread of its own, and the bot's eyes on it."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from actors.runtime import Clock as BotClock
from actors.runtime import SystemClock
from actors.venues.ccxt import CcxtMarket, Connection, Exchange
from tests.emulator import Clock, Emulator
from tests.emulator import Exchange as Bybit

START = datetime(2025, 3, 1, 1, tzinfo=UTC)


class StandingClock(SystemClock):
    """Stands at the emulator's start: what it is asked for is answered as of then."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def pass_by(self, span: timedelta) -> None:
        self.at += span


def ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def bybit(at: datetime = START) -> Emulator:
    """Its time stands still."""
    return Emulator(Bybit(Clock.at(ms(at))))


def config(url: str) -> dict[str, Any]:
    """What a person would write into exchange.ccxt_config to go there, and no waiting."""
    return {
        "urls": {"api": dict.fromkeys(("spot", "futures", "v2", "public", "private"), url)},
        "rateLimit": 1,
    }


def connection(url: str, **fields: Any) -> Connection:
    return Connection("bybit", ccxt_config=config(url), **fields)


def looking(
    scene: Callable[[Emulator, CcxtMarket, StandingClock], Awaitable[None]],
    cache_folder: Path | None = None,
) -> None:
    """Play a scene in which the bot's public side looks at an emulated Bybit."""

    async def main() -> None:
        async with bybit() as emulator:
            chosen = connection(emulator.url, cache_folder=cache_folder)
            clock = StandingClock()
            market = CcxtMarket(Exchange(chosen), clock, chosen)
            try:
                await asyncio.wait_for(scene(emulator, market, clock), 20)
            finally:
                await market.close()

    asyncio.run(main())


class Following(Clock):
    """The emulator's clock, where it runs with the bot's."""

    def __init__(self, clock: BotClock) -> None:
        super().__init__()
        self._clock = clock

    def now_ms(self) -> int:
        return ms(self._clock.now())


@contextmanager
def served(emulator: Emulator) -> Iterator[Emulator]:
    """The emulator up and running beside the test, for a bot that has threads of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(emulator.start(), loop).result(10)
        yield emulator
    finally:
        asyncio.run_coroutine_threadsafe(emulator.stop(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
