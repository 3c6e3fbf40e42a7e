"""The bot as it is, in a process that also measures: run with the arguments of ``perpcarry``.

Beside the bot, in the same process, serves a bare aiohttp handler (its port: BARE_PORT), and how
long each cycle took goes to a file (CYCLES), a line each: when it ended, and its seconds.
"""

import asyncio
import os
import threading
import time
from pathlib import Path
from typing import Any

from aiohttp import web

from actors.cli.app import main
from actors.orchestrator.cycling import Cycling

BODY = b'{"answer": "' + b"x" * 1000 + b'"}'


def watch_cycles(path: str) -> None:
    begin, end = Cycling.begin, Cycling._end
    file = Path(path).open("w", buffering=1)  # noqa: SIM115 - for as long as the process
    began = 0.0

    def begun(self: Cycling, number: int) -> None:
        nonlocal began
        began = time.perf_counter()
        begin(self, number)

    def ended(self: Cycling, cycle: Any) -> None:
        now = time.perf_counter()
        file.write(f"{time.time():.6f} {now - began:.6f}\n")
        end(self, cycle)

    Cycling.begin = begun  # type: ignore[method-assign]
    Cycling._end = ended  # type: ignore[method-assign]


def serve_bare(port: int) -> None:
    async def handle(_: web.Request) -> web.Response:
        return web.Response(body=BODY, content_type="application/json")

    async def serve() -> None:
        app = web.Application()
        app.router.add_get("/", handle)
        runner = web.AppRunner(app, handle_signals=False, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        await asyncio.Event().wait()

    threading.Thread(target=lambda: asyncio.run(serve()), daemon=True).start()


if __name__ == "__main__":
    watch_cycles(os.environ["CYCLES"])
    serve_bare(int(os.environ["BARE_PORT"]))
    main()
