"""A web actor in a stub house, and a client that can say anything it likes."""

import http.client
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import orjson

from actors.runtime import ChildSpec
from tests.web.stub_house import House
from web.actor import WebActor
from web.settings import WebSettings


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)

    @property
    def error(self) -> tuple[int, str]:
        """Status and code; fails unless it is an error in the agreed form."""
        assert self.headers["Content-Type"].startswith("application/json")
        (body,) = self.json.values()
        assert set(self.json) == {"error"}
        assert {"code", "message"} <= set(body) <= {"code", "message", "fields"}
        assert body["message"]
        return self.status, body["code"]


class Site:
    """Serves until ``stop``; ``house`` is what stands behind it."""

    def __init__(
        self, update_seconds: float = 0.05, answer_seconds: float = 5.0, **more: Any
    ) -> None:
        """``more``: further fields of WebSettings."""
        self.house = House()
        self.urls: list[str] = []
        settings = WebSettings(
            port=0,
            update_interval=timedelta(seconds=update_seconds),
            answer_timeout=timedelta(seconds=answer_seconds),
            **more,
        )
        views, journal, config = map(self.house.address, ("views", "journal", "config"))
        self.house.start(
            ChildSpec("web", lambda: WebActor(views, journal, config, settings, self.urls.append))
        )

    @property
    def url(self) -> str:
        """With a slash at the end."""
        return self.urls[-1]

    @property
    def port(self) -> int:
        return int(self.url.rsplit(":", 1)[1].rstrip("/"))

    def stop(self) -> None:
        self.house.stop()

    def get(self, path: str, **headers: str) -> Answer:
        return self.request("GET", path, headers=_named(headers))

    def post(self, path: str, body: object = None, **headers: str) -> Answer:
        return self.send("POST", path, body, **headers)

    def send(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        """With a JSON body, if there is one."""
        if body is None:
            return self.request(method, path, headers=_named(headers))
        named = {"Content-Type": "application/json", **_named(headers)}
        return self.request(method, path, orjson.dumps(body), named)

    def request(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """``path`` below /api/v1 unless it begins with a slash."""
        full = path if path.startswith("/") else f"/api/v1/{path}"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, full, body, dict(headers or {}))
            response = connection.getresponse()
            return Answer(response.status, dict(response.headers), response.read())
        finally:
            connection.close()


def _named(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
