"""The OpenAPI document says what one needs, and what one is told without it."""

from openapi_spec_validator import validate

from tests.web.site import Site
from web.openapi import document
from web.routes import PREFIX, ROUTES
from web.settings import WebSettings

from .visitor import ACCESS, logged_in


def test_what_each_route_needs(locked: Site) -> None:
    served = logged_in(locked).get("openapi.json").json
    validate(served)
    schemes = served["components"]["securitySchemes"]
    assert schemes["session"]["in"] == "cookie"
    assert schemes["session"]["name"] == f"perpcarry-{WebSettings(port=0).port}"
    assert (schemes["token"]["type"], schemes["token"]["scheme"]) == ("http", "bearer")
    for route in ROUTES:
        operation = served["paths"][PREFIX + route.path][route.method.lower()]
        if route.name == "health":
            assert operation["security"] == []
            assert "401" not in operation["responses"]
            continue
        assert operation["security"] == [{"session": []}, {"token": []}], route
        assert "401" in operation["responses"], route
        assert ("403" in operation["responses"]) == (route.method != "GET"), route


def test_the_cookies_name_is_the_one_behind_tls() -> None:
    settings = WebSettings(access=ACCESS, public_url="https://bot.example.org")
    scheme = document(settings)["components"]["securitySchemes"]["session"]
    assert scheme["name"] == "__Host-perpcarry-8080"


def test_nothing_is_needed_where_no_password_is_set() -> None:
    for operations in document()["paths"].values():
        for operation in operations.values():
            assert "security" not in operation
