"""The OpenAPI document: valid, complete, and true."""

from openapi_spec_validator import validate

from tests.web.site import Site
from web.app import init_app
from web.openapi import document
from web.routes import PREFIX, ROUTES
from web.settings import WebSettings

DESIGNED = """
GET /health
GET /me
GET /status
GET /positions
GET /trades
GET /positions/{id}
GET /trades/summary
GET /trades.csv
GET /pnl
GET /equity
GET /funding-rates
GET /rate-history
GET /rate-prints
GET /opportunities
GET /balance
GET /analytics
GET /config
GET /system
GET /dead-letters
GET /events
GET /commands/{id}
POST /start
POST /stop
POST /restart
POST /pause
POST /resume
POST /emergency-stop
POST /clear-emergency
POST /positions/{id}/close
POST /system/{address}/restart
POST /dead-letters/{id}/resend
POST /dead-letters/{id}/drop
PATCH /config
POST /config/check
DELETE /config/{key}
"""


def test_the_document_is_valid_and_served(site: Site) -> None:
    answer = site.get("openapi.json")
    assert answer.status == 200
    assert answer.json["openapi"].startswith("3.1")
    validate(answer.json)


def test_every_route_of_the_design_is_there() -> None:
    assert [f"{route.method} {route.path}" for route in ROUTES] == DESIGNED.split("\n")[1:-1]


def test_what_is_served_is_what_is_described(site: Site) -> None:
    house = site.house
    views, journal, config = map(house.address, ("views", "journal", "config"))
    app = init_app(views, journal, config, WebSettings())
    served = {
        (route.method, route.resource.canonical)
        for route in app.router.routes()
        if route.resource is not None
        and route.resource.canonical.startswith(PREFIX)
        and route.method != "HEAD"
    }
    described = {
        (method.upper(), path)
        for path, operations in document()["paths"].items()
        for method in operations
    }
    assert served == described | {("GET", f"{PREFIX}/openapi.json")}


def test_units_and_signs_are_told() -> None:
    schemas = document()["components"]["schemas"]
    assert "negative = short" in str(schemas["OpenPositionPnl"]).lower()
    assert "Costs are negative" in schemas["PnlSplit"]["description"]
    assert {"price", "fees", "net"} <= set(schemas["PnlSplit"]["required"])


def test_names_are_unique() -> None:
    names = [route.name for route in ROUTES]
    assert len(set(names)) == len(names)
