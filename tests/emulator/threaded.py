"""The emulator on a thread of its own, for tests whose bot has threads and loops of its own."""

import asyncio
import threading
from collections.abc import Callable
from typing import Self, TypeVar

from tests.emulator.control import Control
from tests.emulator.exchange import Exchange
from tests.emulator.server import Emulator

T = TypeVar("T")


class EmulatorThread:
    """``with EmulatorThread() as emulator``; `call` touches the exchange on its own thread."""

    def __init__(self, exchange: Exchange | None = None) -> None:
        self.emulator = Emulator(exchange)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    @property
    def url(self) -> str:
        return self.emulator.url

    def call(self, work: Callable[[Control], T]) -> T:
        async def run() -> T:
            return work(self.emulator.control)

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result(10)

    def restart(self) -> None:
        """Connections break; the port and all the exchange knows stay."""
        self.stop()
        self.start()

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self.emulator.stop(), self._loop).result(10)

    def start(self) -> None:
        asyncio.run_coroutine_threadsafe(self.emulator.start(), self._loop).result(10)

    def __enter__(self) -> Self:
        self._thread.start()
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()
