"""Whatever fits the OpenAPI document, or does not: never a 5xx, never an undocumented answer."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.web.auth.visitor import ACCESS, OPERATOR_TOKEN, VIEWER_TOKEN
from tests.web.site import Site
from web.openapi import document
from web.routes import PREFIX, ROUTES, Route

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")
checks = pytest.importorskip("schemathesis.specs.openapi.checks")

FIT = schemathesis.GenerationMode.POSITIVE
UNFIT = schemathesis.GenerationMode.NEGATIVE
PATHS = document()["paths"]
WAYS = [
    pytest.param(route, mode, id=f"{route.name}-{'fit' if mode is FIT else 'unfit'}")
    for route in ROUTES
    for mode in (FIT, UNFIT)
    if mode is FIT
    or "parameters" in PATHS[PREFIX + route.path][route.method.lower()]
    or route.has_body
]
FEW = 8
"""Cases for each way, in every run."""
SOAK = 10_000
"""Cases in all, and as many where a password is set."""
TOKENS = {"operator": OPERATOR_TOKEN, "viewer": VIEWER_TOKEN, "stranger": "pc_nobody_0000", "": ""}
"""Of those who ask; a viewer's commands are refused, and nobody else gets in."""

both_ways = pytest.mark.parametrize(("route", "mode"), WAYS)


@pytest.fixture(scope="module")
def api(shared_site: Site) -> Any:
    return schemathesis.openapi.from_url(f"{shared_site.url}api/v1/openapi.json")


@pytest.fixture(scope="module")
def locked() -> Iterator[Site]:
    made = Site(access=ACCESS)
    yield made
    made.stop()


@pytest.fixture(scope="module")
def locked_api(locked: Site) -> Any:
    whose = {"Authorization": f"Bearer {OPERATOR_TOKEN}"}
    return schemathesis.openapi.from_url(f"{locked.url}api/v1/openapi.json", headers=whose)


@both_ways
def test_requests(api: Any, route: Route, mode: Any) -> None:
    send_many(api, route, mode, FEW)


@pytest.mark.parametrize("who", TOKENS)
@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_requests_by_token(locked_api: Any, route: Route, who: str) -> None:
    send_many(locked_api, route, FIT, 2, who)


@pytest.mark.soak
@both_ways
def test_soak(api: Any, route: Route, mode: Any) -> None:
    send_many(api, route, mode, SOAK // len(WAYS) + 1, derandomized=False)


@pytest.mark.soak
@pytest.mark.parametrize("who", TOKENS)
@both_ways
def test_soak_by_token(locked_api: Any, route: Route, mode: Any, who: str) -> None:
    most = SOAK // len(WAYS) // len(TOKENS) + 1
    send_many(locked_api, route, mode, most, who, derandomized=False)


def send_many(
    api: Any,
    route: Route,
    mode: Any,
    most: int,
    who: str | None = None,
    *,
    derandomized: bool = True,
) -> None:
    """``who``: of TOKENS, where one is needed. Cases are the same in each run if derandomized."""
    operation = api[PREFIX + route.path][route.method]
    headers = {} if who is None else {"Authorization": f"Bearer {TOKENS[who]}" if who else ""}
    # Which settings there are does not stand in the document: only the config knows.
    left_out = [checks.positive_data_acceptance] if "/config" in route.path else []
    if route.name == "rate_history":  # in a URL, false is a list of one text like any other
        left_out.append(checks.negative_data_rejection)
    if who in ("", "stranger", "viewer"):  # what fits is refused too
        left_out.append(checks.positive_data_acceptance)
    if who in ("operator", "viewer"):  # it thinks that its own made-up token was sent
        left_out.append(checks.ignored_auth)

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=most,
        derandomize=derandomized,
        database=None,
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    def send(case: Any) -> None:
        answer = case.call_and_validate(headers=headers, excluded_checks=left_out)
        if who in ("", "stranger") and route.name != "health":
            assert answer.status_code in (400, 401, 413, 415, 421), answer.status_code
        if who == "viewer" and route.method != "GET":
            assert answer.status_code != route.status, "a viewer may command nothing"

    send()
