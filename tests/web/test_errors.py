"""Rubbish in, and actors that do not answer: each a clear answer, nothing stopped."""

import json
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import pytest

from actors.runtime import Actor, Address, MailboxFull
from tests.web.site import Answer, Site
from tests.web.stub_house import crashing, refusing, silent
from web.parameters import LONGEST_TEXT, MOST_TEXTS
from web.routes import ROUTES, Route

MEGABYTES_10 = b"x" * 10_000_000
JSON = {"Content-Type": "application/json"}


def example(route: Route) -> str:
    path = (
        route.path.replace("{id}", "1")
        .replace("{address}", "root/market")
        .replace("{key}", "trading.policy")
        .lstrip("/")
    )
    required = "&".join(f"{one.name}=BTC-USDT" for one in route.query if one.required)
    return f"{path}?{required}" if required else path


def by_name(route: Route) -> str:
    return route.name


def test_the_longest_question_that_fits_the_document_is_answered(site: Site) -> None:
    pairs = ",".join(quote("\U0001f680" * LONGEST_TEXT) for _ in range(MOST_TEXTS))
    assert site.get(f"rate-history?pairs={pairs}").status == 200


each_route = pytest.mark.parametrize("route", ROUTES, ids=by_name)


@each_route
@pytest.mark.parametrize(
    ("body", "headers", "expected"),
    [
        (b"\x00\xff{garbage", JSON, (400, "invalid_json")),
        (b"[" * 60_000, JSON, (400, "invalid_json")),
        (b'{"a": NaN}', JSON, (400, "invalid_json")),
        (b"{}{}", JSON, (400, "invalid_json")),
        (b'{"a": 1}', {"Content-Type": "text/plain"}, (415, "not_json")),
        (b"a=1", {"Content-Type": "application/x-www-form-urlencoded"}, (415, "not_json")),
        (b"\x00" * 65_537, JSON, (413, "too_large")),
    ],
    ids=["garbage", "deep", "nan", "two", "text", "form", "large"],
)
def test_garbage_bodies(
    site: Site, route: Route, body: bytes, headers: dict[str, str], expected: tuple[int, str]
) -> None:
    assert site.request(route.method, example(route), body, headers).error == expected
    assert site.house.letters == []


@each_route
def test_ten_megabytes_are_refused_at_once(site: Site, route: Route) -> None:
    began = time.monotonic()
    try:
        answer = site.request(route.method, example(route), MEGABYTES_10, JSON)
    except ConnectionError:
        pass  # it hung up while we were still sending, which is as clear
    else:
        assert answer.error == (413, "too_large")
    assert time.monotonic() - began < 2
    assert site.house.letters == []
    assert site.get("health").status == 200


def test_a_body_that_does_not_say_how_long_it_is(site: Site) -> None:
    pieces = (b"x" * 8192 for _ in range(20))
    answer = site.request("POST", "start", pieces, JSON)  # type: ignore[arg-type]
    assert answer.error == (413, "too_large")


@pytest.mark.parametrize("route", [r for r in ROUTES if not r.has_body], ids=by_name)
def test_bodies_nobody_wants(site: Site, route: Route) -> None:
    answer = site.request(route.method, example(route), b'{"a": 1}', JSON)
    assert answer.error == (400, "unexpected_body")
    assert site.request(route.method, example(route), b"{}", JSON).status in (200, 202, 404)


def test_damaged_compression(site: Site) -> None:
    answer = site.request("PATCH", "config", b"not gzip", {**JSON, "Content-Encoding": "gzip"})
    assert answer.status == 400


def test_a_small_body_that_unpacks_to_a_large_one(site: Site) -> None:
    packed = zlib.compress(json.dumps({"trading.policy": "x" * 5_000_000}).encode())
    answer = site.request("PATCH", "config", packed, {**JSON, "Content-Encoding": "deflate"})
    assert answer.status in (400, 413)
    assert site.house.letters == []


@pytest.mark.parametrize("path", ["/nothing", "nothing", "/api/v2/status", "/static/../actor.py"])
def test_nothing_there(site: Site, path: str) -> None:
    assert site.get(path).error == (404, "not_found")


@each_route
def test_wrong_methods_are_told_the_right_ones(site: Site, route: Route) -> None:
    answer = site.request("PUT", example(route))
    assert answer.error == (405, "method_not_allowed")
    assert route.method in answer.headers["Allow"]


def test_no_such_file(site: Site) -> None:
    assert site.get("/static/none.js").status == 404
    assert site.get("/static/").status == 403


def test_actors_that_do_not_answer(own_site: Site) -> None:
    own_site.house.trouble = silent

    def ask(route: Route) -> Answer:
        body, headers = (b'{"trading.policy": "carry"}', JSON) if route.has_body else (None, {})
        return own_site.request(route.method, example(route), body, headers)

    asking = [route for route in ROUTES if route.name != "me"]  # which the server knows itself
    with ThreadPoolExecutor(len(asking)) as clients:
        answers = list(clients.map(ask, asking))
    assert [answer.error for answer in answers] == [(503, "not_answering")] * len(asking)
    assert {answer.headers["Retry-After"] for answer in answers} == {"1"}


def test_an_actor_that_dies_of_the_question(own_site: Site) -> None:
    own_site.house.trouble = crashing
    assert own_site.get("status").error == (503, "not_answering")
    own_site.house.trouble = lambda actor, message: False
    assert own_site.get("status").status == 200


def test_an_actor_that_says_nothing(site: Site) -> None:
    site.house.trouble = lambda actor, message: True
    assert site.get("status").error == (503, "not_answering")


def test_a_full_mailbox(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Address, message: object) -> None:
        raise MailboxFull("no room")

    monkeypatch.setattr(Address, "ask", full)
    answer = site.get("status")
    assert answer.error == (429, "too_many_requests")
    assert answer.headers["Retry-After"] == "1"


@pytest.mark.parametrize(
    ("code", "status"),
    [("invalid_query", 400), ("no_such_position", 404), ("not_flat", 409), ("lost", 503)],
)
def test_refusals(site: Site, code: str, status: int) -> None:
    site.house.trouble = refusing(code)
    assert site.get("status").status == status


def test_a_fault_of_our_own_hides_its_trace(site: Site) -> None:
    def nonsense(actor: Actor, message: object) -> bool:
        actor.context.reply(object())
        return True

    site.house.trouble = nonsense
    answer = site.get("status")
    assert answer.error == (500, "internal")
    assert b"Traceback" not in answer.body
