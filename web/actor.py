"""The web actor: keeps the front end's server running."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from actors.runtime import Actor, Address, Rejected
from web.app import init_app
from web.server import PortTaken, Server
from web.settings import WebSettings

logger = logging.getLogger(__name__)

_PREDECESSOR_SECONDS = 3.0
"""How long an incarnation that was replaced may take to let go of the port."""


class WebServerDied(Exception):
    """The server ended by itself."""


@dataclass(frozen=True, slots=True)
class _Died:
    server: Server
    reason: str


class WebActor(Actor):
    """Serves while it lives. ``on_listening`` is told the address to open in a browser."""

    def __init__(
        self,
        views: Address,
        journal: Address,
        config: Address,
        settings: WebSettings,
        on_listening: Callable[[str], None] | None = None,
    ) -> None:
        self._views = views
        self._journal = journal
        self._config = config
        self._settings = settings
        self._on_listening = on_listening

    def started(self) -> None:
        """Raises CannotListen, which says what to do."""
        self._server, url = self._start()
        logger.info("dashboard at %s", url)
        if self._on_listening is not None:
            self._on_listening(url)

    def receive(self, message: Any) -> None:
        if isinstance(message, _Died):
            if message.server is self._server:  # not a letter that killed the one before
                raise WebServerDied(message.reason)
            return
        raise Rejected("unknown_message", f"the web takes no {type(message).__name__}")

    def stopped(self) -> None:
        self._server.stop()

    def _start(self) -> tuple[Server, str]:
        give_up_at = time.monotonic() + _PREDECESSOR_SECONDS
        while True:
            server = self._make_server()
            try:
                return server, server.start()
            except PortTaken:
                if self.context.epoch == 1 or time.monotonic() > give_up_at:
                    raise
                time.sleep(0.1)

    def _make_server(self) -> Server:
        address, fence, now = self.context.address, self.context.fence, self.context.now
        server = Server(
            init_app(self._views, self._journal, self._config, self._settings, now),
            self._settings.host.strip("[]"),
            self._settings.port,
            # A replaced incarnation is not told to stop: its server sees for itself.
            wanted=fence.is_valid,
            died=lambda reason: address.tell(_Died(server, reason)),
        )
        return server
