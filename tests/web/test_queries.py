"""Every GET: what it answers, that it costs one question, and what it refuses."""

from datetime import UTC, datetime
from typing import Any

import pytest
from openapi_schema_validator import OAS31Validator

from actors.views.messages import GetEquity, GetEvents, GetStatus, GetTrades
from tests.web.site import Site
from tests.web.stub_house import status
from web.openapi import document
from web.routes import ROUTES, Route

DOCUMENT = document()
QUERIES = [route for route in ROUTES if route.method == "GET" and "{" not in route.path]


def schema_faults(route: Route, status: int, answer: Any) -> list[str]:
    responses = DOCUMENT["paths"][f"/api/v1{route.path}"][route.method.lower()]["responses"]
    schema = responses[str(status)]["content"]["application/json"]["schema"]
    whole = {**schema, "components": DOCUMENT["components"]}
    return [error.message for error in OAS31Validator(whole).iter_errors(answer)]


def by_name(route: Route) -> str:
    return route.name


@pytest.mark.parametrize("route", QUERIES, ids=by_name)
def test_answers_what_its_schema_says_after_one_question(site: Site, route: Route) -> None:
    answer = site.get(route.path.lstrip("/"))
    assert answer.status == 200
    assert schema_faults(route, 200, answer.json) == []
    assert len(site.house.letters) == 1


def test_the_schemas_do_notice() -> None:
    route = next(route for route in QUERIES if route.name == "health")
    assert schema_faults(route, 200, {"status": "splendid"})


@pytest.mark.parametrize("route", QUERIES, ids=by_name)
def test_unknown_parameters_are_refused_and_the_known_ones_named(site: Site, route: Route) -> None:
    answer = site.get(f"{route.path.lstrip('/')}?bogus=1")
    assert answer.error == (400, "invalid_query")
    for parameter in route.query:
        assert parameter.name in answer.json["error"]["message"]
    assert site.house.letters == []


def test_parameters_become_the_question(site: Site) -> None:
    site.get("trades?limit=7&offset=3&pair_key=BTC-USDT")
    site.get("equity?since=2025-03-01T13:00:00%2B01:00&points=50")
    site.get("events?before_seq=12")
    assert [message for _, message in site.house.letters] == [
        GetTrades(7, 3, "BTC-USDT"),
        GetEquity(datetime(2025, 3, 1, 12, tzinfo=UTC), 50),
        GetEvents(12, 200),
    ]


@pytest.mark.parametrize(
    "query",
    [
        "trades?limit=0",
        "trades?limit=1001",
        "trades?limit=-1",
        "trades?limit=1e3",
        "trades?limit=%C2%B2",
        "trades?limit=",
        "trades?limit=" + "9" * 5000,
        "trades?limit=1&limit=2",
        "trades?pair_key=",
        "trades?pair_key=" + "x" * 201,
        "equity?points=1",
        "equity?since=yesterday",
        "equity?since=2025-03-01T12:00:00",
        "equity?since=0001-01-01T00:00:00%2B23:00",
        "events?before_seq=0",
        "events?before_seq=99999999999999999999",
        "status?limit=5",
    ],
)
def test_parameters_that_make_no_sense(site: Site, query: str) -> None:
    assert site.get(query).error == (400, "invalid_query")
    assert site.house.letters == []


def test_health_says_that_a_person_should_look(site: Site) -> None:
    assert site.get("health").json["status"] == "alarm"
    before = site.house.answers[GetStatus]
    site.house.answers[GetStatus] = status(alarms=(), bot=None)
    try:
        healthy = site.get("health").json
    finally:
        site.house.answers[GetStatus] = before
    assert (healthy["status"], healthy["bot"]) == ("ok", None)


def test_head_is_a_get_without_its_body(site: Site) -> None:
    answer = site.request("HEAD", "status")
    assert (answer.status, answer.body) == (200, b"")


def test_answers_are_never_kept(site: Site) -> None:
    assert site.get("status").headers["Cache-Control"] == "no-store"
