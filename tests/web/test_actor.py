"""The web actor's life: binding, stopping, dying, coming back."""

import asyncio
import socket
import time
from collections.abc import Callable, Iterator
from typing import ClassVar

import aiohttp
import pytest

from actors.runtime import (
    ActorView,
    Address,
    ChildSpec,
    LiveRuntime,
    Rejected,
    StartFailed,
    SupervisorSpec,
)
from tests.web.site import Site
from tests.web.stub_house import House
from web.actor import WebActor, _Died
from web.app import init_app
from web.server import Server
from web.settings import WebSettings


@pytest.fixture
def runtime() -> Iterator[LiveRuntime]:
    made = LiveRuntime(workers=1)
    yield made
    made.stop()


def web_spec(address: Address, port: int, host: str = "127.0.0.1") -> ChildSpec:
    settings = WebSettings(host=host, port=port)
    return ChildSpec("web", lambda: WebActor(address, address, address, settings))


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_a_port_that_is_taken_says_what_to_do(runtime: LiveRuntime, host: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as other:
        try:
            other.bind((host, 0))
        except OSError:
            pytest.skip(f"this machine has no {host}")
        other.listen()
        port = other.getsockname()[1]
        spec = web_spec(runtime.address("root/views"), port, host)
        with pytest.raises(StartFailed) as failed:
            runtime.start(SupervisorSpec("root", children=[spec], max_restarts=0))
    assert f"port {port} on {host} is taken" in str(failed.value)
    assert "dashboard.port" in str(failed.value)


def test_an_address_that_is_not_ours(runtime: LiveRuntime) -> None:
    settings = WebSettings()
    object.__setattr__(settings, "host", "192.0.2.1")  # as if other machines were let in
    address = runtime.address("root/views")
    spec = ChildSpec("web", lambda: WebActor(address, address, address, settings))
    with pytest.raises(StartFailed, match=r"cannot listen on port 8080 on 192\.0\.2\.1"):
        runtime.start(SupervisorSpec("root", children=[spec], max_restarts=0))


def test_a_stop_says_goodbye_and_lets_go_of_the_port() -> None:
    site = Site()
    port = site.port

    async def story() -> None:
        async with aiohttp.ClientSession() as session:
            page = await session.ws_connect(f"{site.url}ws")
            await page.receive_json()
            began = time.monotonic()
            stopping = asyncio.create_task(asyncio.to_thread(site.stop))
            async with asyncio.timeout(10):
                while not (await page.receive()).type.name.startswith("CLOS"):
                    pass
            assert page.close_code == aiohttp.WSCloseCode.GOING_AWAY
            await stopping
            assert time.monotonic() - began < 5

    asyncio.run(story())
    with socket.create_server(("127.0.0.1", port)):
        pass  # it is free again


def test_a_stop_does_not_wait_for_a_page_that_does_not_read() -> None:
    site = Site()
    with socket.create_connection(("127.0.0.1", site.port)) as deaf:
        deaf.sendall(
            f"GET /ws HTTP/1.1\r\nHost: 127.0.0.1:{site.port}\r\nConnection: Upgrade\r\n"
            "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
        )
        assert deaf.recv(12) == b"HTTP/1.1 101"
        began = time.monotonic()
        site.stop()
        assert time.monotonic() - began < 5


class MortalWeb(WebActor):
    """Dies of the first letter; the server of the first incarnation can be told to have died."""

    servers: ClassVar[list[Server]] = []

    def started(self) -> None:
        super().started()
        self.servers.append(self._server)

    def receive(self, message: object) -> None:
        if message == "die" and self.context.epoch == 1:
            raise ValueError("boom")
        super().receive(message)


@pytest.mark.parametrize("how", ["the actor", "the server"])
def test_it_comes_back_on_the_same_port(runtime: LiveRuntime, how: str) -> None:
    port = free_port()
    urls: list[str] = []
    address = runtime.address("root/views")
    settings = WebSettings(port=port)
    MortalWeb.servers.clear()
    spec = ChildSpec("web", lambda: MortalWeb(address, address, address, settings, urls.append))
    runtime.start(SupervisorSpec("root", children=[spec]))
    death = "die" if how == "the actor" else _Died(MortalWeb.servers[0], "told to")
    runtime.address("root/web").tell(death)
    wait_until(lambda: len(urls) == 2 and web_of(runtime).state == "running")
    assert urls[0] == urls[1]
    assert accepts(port)
    # The letter that killed the first is delivered again, and kills nobody any more.
    wait_until(lambda: web_of(runtime).depth == 0)
    assert web_of(runtime).restarts == 1
    runtime.stop()
    assert not accepts(port)


def test_a_server_that_dies_says_so() -> None:
    house = House()
    views, journal, config = map(house.address, ("views", "journal", "config"))
    last_words: list[str] = []

    def wanted() -> bool:
        raise ValueError("boom")

    app = init_app(views, journal, config, WebSettings(port=0))
    server = Server(app, "127.0.0.1", 0, wanted, last_words.append)
    server.start()
    wait_until(lambda: last_words == ["ValueError: boom"])
    server.stop()


def test_it_takes_no_letters(own_site: Site) -> None:
    with pytest.raises(Rejected, match="takes no str"):
        own_site.house.address("web").ask("hello").get(5)
    assert own_site.get("health").status == 200


def web_of(runtime: LiveRuntime) -> ActorView:
    return next(view for view in runtime.observe() if view.address == "root/web")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def accepts(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def wait_until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 15
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)
