"""Every GET: what it answers, that it costs one question, and what it refuses."""

import csv
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from openapi_schema_validator import OAS31Validator

from actors.domain.tables import TRADE_COLUMNS
from actors.views.messages import (
    GetEquity,
    GetEvents,
    GetOpportunities,
    GetPosition,
    GetRateHistory,
    GetRatePrints,
    GetStatus,
    GetTrades,
    GetTradeSummary,
)
from tests.web.sample_data import TRADES
from tests.web.site import Site
from tests.web.stub_house import refusing, status
from web.downloads import ALL
from web.openapi import document
from web.routes import ROUTES, Route

DOCUMENT = document()
GETS = [route for route in ROUTES if route.method == "GET" and "{" not in route.path]
QUERIES = [route for route in GETS if route.media == "application/json"]


def schema_faults(route: Route, status: int, answer: Any) -> list[str]:
    responses = DOCUMENT["paths"][f"/api/v1{route.path}"][route.method.lower()]["responses"]
    schema = responses[str(status)]["content"]["application/json"]["schema"]
    whole = {**schema, "components": DOCUMENT["components"]}
    return [error.message for error in OAS31Validator(whole).iter_errors(answer)]


def by_name(route: Route) -> str:
    return route.name


@pytest.mark.parametrize("route", QUERIES, ids=by_name)
def test_answers_what_its_schema_says_after_one_question(site: Site, route: Route) -> None:
    needed = "&".join(f"{one.name}=BTC-USDT" for one in route.query if one.required)
    answer = site.get(f"{route.path.lstrip('/')}?{needed}")
    assert answer.status == 200
    assert schema_faults(route, 200, answer.json) == []
    assert len(site.house.letters) == (0 if route.name == "me" else 1)


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


def test_filters_become_the_question(site: Site) -> None:
    filters = "pair_key=BTC-USDT&since=2025-03-01T12:00:00Z&until=2025-04-01T12:00:00Z&result=loss"
    site.get(f"trades?{filters}&exit_reason=Stop&sort=-net")
    site.get(f"trades/summary?{filters}")
    march = (datetime(2025, 3, 1, 12, tzinfo=UTC), datetime(2025, 4, 1, 12, tzinfo=UTC))
    assert [message for _, message in site.house.letters] == [
        GetTrades(200, 0, "BTC-USDT", *march, "loss", "Stop", "-net"),
        GetTradeSummary("BTC-USDT", *march, "loss"),
    ]


def test_which_rates_become_the_question(site: Site) -> None:
    site.get("rate-history?pairs=BTC-USDT,ETH-USDT&since=2025-03-01T12:00:00Z&buckets=12")
    site.get("rate-history?by=liquidity&limit=5")
    site.get("rate-prints?pair_key=BTC-USDT&limit=3")
    site.get("opportunities?stage=net&limit=9&offset=18")
    site.get("opportunities?pair_key=BTC-USDT")
    assert [message for _, message in site.house.letters] == [
        GetRateHistory(
            ("BTC-USDT", "ETH-USDT"), since=datetime(2025, 3, 1, 12, tzinfo=UTC), buckets=12
        ),
        GetRateHistory(by="liquidity", limit=5),
        GetRatePrints("BTC-USDT", None, 3),
        GetOpportunities("net", None, 9, 18),
        GetOpportunities(pair_key="BTC-USDT"),
    ]


def test_rates_of_an_unknown_pair(site: Site) -> None:
    site.house.trouble = refusing("no_such_pair", "there is no pair X")
    assert site.get("rate-prints?pair_key=X").error == (404, "no_such_pair")
    assert site.get("rate-history?pairs=X").error == (404, "no_such_pair")


def test_the_life_of_a_position(site: Site) -> None:
    answer = site.get("positions/BTC-USDT%233")
    assert answer.status == 200
    route = next(route for route in ROUTES if route.name == "position")
    assert schema_faults(route, 200, answer.json) == []
    assert [message for _, message in site.house.letters] == [GetPosition("BTC-USDT#3")]
    assert answer.json["steps"][0]["fill"]["fee_usdt"] == "-9.99"
    site.house.trouble = refusing("no_such_position", "there is no position X")
    assert site.get("positions/X").error == (404, "no_such_position")


def test_trades_as_a_table(site: Site) -> None:
    answer = site.get("trades.csv?pair_key=SOL-USDT&result=win")
    assert [message for _, message in site.house.letters] == [
        GetTrades(ALL, 0, "SOL-USDT", result="win", sort="exit_at")
    ]
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "trades.csv" in answer.headers["Content-Disposition"]
    head, row = csv.reader(answer.body.decode().splitlines())
    trade = dict(zip(head, row, strict=True))
    assert tuple(head) == TRADE_COLUMNS
    assert (trade["pair"], trade["net"], trade["failed_open"]) == (
        "SOL-USDT",
        "33.45620000",
        "false",
    )
    assert trade["exit_ts"] == "2025-02-25T08:00:00Z"


def test_a_long_table_comes_whole_and_no_cell_is_a_formula(site: Site) -> None:
    trade = TRADES.trades[0]
    many = tuple(replace(trade, pair_key=f"=C{n}") for n in range(1_234))
    before = site.house.answers[GetTrades]
    site.house.answers[GetTrades] = replace(TRADES, trades=many)
    try:
        lines = site.get("trades.csv").body.decode().splitlines()
    finally:
        site.house.answers[GetTrades] = before
    assert [line.split(",")[0] for line in lines[1:]] == [f"'=C{n}" for n in range(1_234)]
    # A number may begin with a minus.
    assert ",-9.8,-5.4," in lines[1]


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
        "trades?result=draw",
        "trades?sort=luck",
        "trades?until=tomorrow",
        "trades/summary?points=1",
        "trades.csv?limit=5",
        "rate-prints",
        "rate-history?pairs=",
        "rate-history?pairs=BTC-USDT,,ETH-USDT",
        "rate-history?pairs=" + ",".join(["BTC-USDT"] * 101),
        "rate-history?by=luck",
        "rate-history?buckets=1001",
        "opportunities?stage=scanned",
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
