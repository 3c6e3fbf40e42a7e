"""Whatever fits the OpenAPI document, or does not: never a 5xx, never an undocumented answer."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from tests.web.site import Site
from web.openapi import document
from web.routes import PREFIX, ROUTES, Route

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")
checks = pytest.importorskip("schemathesis.specs.openapi.checks")

CASES = 8
"""For each route and each way."""
PATHS = document()["paths"]
CAN_BE_WRONG = [
    route
    for route in ROUTES
    if "parameters" in PATHS[PREFIX + route.path][route.method.lower()] or route.has_body
]


@pytest.fixture(scope="module")
def api(shared_site: Site) -> Any:
    return schemathesis.openapi.from_url(f"{shared_site.url}api/v1/openapi.json")


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_requests_that_fit(api: Any, route: Route) -> None:
    send_many(api, route, schemathesis.GenerationMode.POSITIVE)


@pytest.mark.parametrize("route", CAN_BE_WRONG, ids=lambda route: route.name)
def test_requests_that_do_not_fit(api: Any, route: Route) -> None:
    send_many(api, route, schemathesis.GenerationMode.NEGATIVE)


def send_many(api: Any, route: Route, mode: Any) -> None:
    operation = api[PREFIX + route.path][route.method]
    # Which settings there are does not stand in the document: only the config knows.
    unfit = [checks.positive_data_acceptance] if "/config" in route.path else []

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=CASES, suppress_health_check=list(HealthCheck))
    def send(case: Any) -> None:
        case.call_and_validate(excluded_checks=unfit)

    send()
