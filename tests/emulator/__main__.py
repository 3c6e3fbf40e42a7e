"""The exchange as a process of its own: ``python -m tests.emulator --port 8700 --state FILE``."""

import argparse
import asyncio
from functools import partial
from pathlib import Path

from tests.emulator.clock import Clock
from tests.emulator.exchange import Exchange
from tests.emulator.instruments import listed, many
from tests.emulator.server import Emulator
from tests.emulator.state import load, save


async def serve(options: argparse.Namespace) -> None:
    """Prints its address once it answers, then runs until it is killed."""
    path: Path | None = options.state
    exchange = (load(path) if path else None) or _new(options)
    exchange.restarted()
    emulator = Emulator(
        exchange,
        options.port,
        saved=partial(save, path=path) if path else None,
        enforce_limits=options.limits,
    )
    async with emulator:
        print(emulator.url, flush=True)
        while True:
            await asyncio.sleep(options.tick)
            if options.walk:
                emulator.control.walk()
            else:
                emulator.control.advance(0)
            emulator.keep()


def _new(options: argparse.Namespace) -> Exchange:
    clock = Clock() if options.start_ms is None else Clock.at(options.start_ms, frozen=False)
    return Exchange(clock, options.seed, [*listed(), *many(options.more_pairs)])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.emulator")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--state", type=Path, help="file that the exchange is kept in")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--start-ms", type=int, help="exchange time at the start; else now")
    parser.add_argument("--more-pairs", type=int, default=0, help="coins beside the usual eight")
    parser.add_argument("--walk", action="store_true", help="prices move by themselves")
    parser.add_argument("--tick", type=float, default=0.1, help="seconds between two steps")
    parser.add_argument("--limits", action="store_true", help="refuse what exceeds the rate limits")
    return parser.parse_args()


if __name__ == "__main__":
    asyncio.run(serve(_options()))
