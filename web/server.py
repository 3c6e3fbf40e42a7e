"""A thread with an event loop of its own that serves one application."""

import asyncio
import errno
import logging
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress

from aiohttp import web

from web.parameters import LONGEST_TEXT, MOST_TEXTS

logger = logging.getLogger(__name__)

START_SECONDS = 10.0
STOP_SECONDS = 5.0
GRACE_SECONDS = 1.0
"""How long requests in flight may still take when the server stops."""
_LOOK_SECONDS = 0.25
_SWITCH_SECONDS = 0.001
"""How long a busy thread may keep the interpreter while another one wants it.

Each write to a connection gives the interpreter away. By Python's default of five milliseconds, a
bot at work would keep it so long each time, and five hundred pages would be told in seconds.
"""
LONGEST_LINE = 8190 + 12 * LONGEST_TEXT * MOST_TEXTS
"""Bytes of a request's first line: whatever the API's document allows fits, percent-encoded."""


class CannotListen(Exception):
    """The address cannot be had; says what is in the way and what to do."""


class PortTaken(CannotListen):
    """Somebody else listens there."""


class Server:
    """Runs from ``start`` until ``stop``, or until it is not ``wanted`` any more.

    ``died`` is called from the server's thread, with the reason, if it ends by itself.
    """

    def __init__(
        self,
        app: web.Application,
        host: str,
        port: int,
        wanted: Callable[[], bool],
        died: Callable[[str], None],
    ) -> None:
        self._app = app
        self._host = host
        self._port = port
        self._wanted = wanted
        self._died = died
        self._listening: Future[str] = Future()
        self._stop: Callable[[], None] = lambda: None
        self._thread = threading.Thread(target=self._run, name="web server", daemon=True)

    def start(self) -> str:
        """Listen; the address to open in a browser. Raises CannotListen, and PortTaken."""
        self._thread.start()
        return self._listening.result(START_SECONDS)

    def stop(self) -> None:
        """Close every connection and let go of the port."""
        self._stop()
        if self._thread.is_alive():
            self._thread.join(STOP_SECONDS)

    def _run(self) -> None:
        sys.setswitchinterval(_SWITCH_SECONDS)
        try:
            asyncio.run(self._serve())
        except Exception as error:
            if not self._listening.done():
                self._listening.set_exception(self._explained(error))
                return
            logger.exception("the web server died")
            self._died(f"{type(error).__name__}: {error}")

    async def _serve(self) -> None:
        loop, stop = asyncio.get_running_loop(), asyncio.Event()
        self._stop = lambda: _tell(loop, stop)
        runner = web.AppRunner(
            self._app,
            handle_signals=False,
            access_log=None,
            shutdown_timeout=GRACE_SECONDS,
            max_line_size=LONGEST_LINE,
        )
        await runner.setup()
        try:
            site = web.TCPSite(runner, self._host, self._port)
            await site.start()
            port = runner.addresses[0][1]
            host = f"[{self._host}]" if ":" in self._host else self._host
            self._listening.set_result(f"http://{host}:{port}/")
            while self._wanted() and not stop.is_set():
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), _LOOK_SECONDS)
        finally:
            await runner.cleanup()

    def _explained(self, error: Exception) -> Exception:
        if not isinstance(error, OSError):
            return error
        where = f"port {self._port} on {self._host}"
        other = "choose another one with dashboard.port in settings.yaml or DASHBOARD_PORT"
        if error.errno == errno.EADDRINUSE:
            return PortTaken(f"{where} is taken by another program: stop that one, or {other}")
        if error.errno == errno.EACCES:
            return CannotListen(f"{where} may not be used without special rights: {other}")
        reason = error.strerror or str(error)
        return CannotListen(f"cannot listen on {where} ({reason}): check dashboard.host")


def _tell(loop: asyncio.AbstractEventLoop, event: asyncio.Event) -> None:
    with suppress(RuntimeError):  # the loop has ended by itself
        loop.call_soon_threadsafe(event.set)
