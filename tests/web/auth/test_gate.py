"""Nothing but the way in is open; and each role may do what it may."""

import pytest

from tests.web.site import Answer, Site
from web.pages import PAGES
from web.routes import ROUTES, Route

from .visitor import OPERATOR_TOKEN, VIEWER_TOKEN, Visitor, asked, logged_in

SAFE = [route for route in ROUTES if route.method == "GET"]
UNSAFE = [route for route in ROUTES if route.method != "GET"]
CLOSED_TO_PROGRAMS = [
    *(("GET", path) for path in ("/metrics", "/ws", "openapi.json", "/api/v1/nothing", "/api/")),
]


def path_of(route: Route) -> str:
    return route.path.replace("{id}", "1").replace("{address}", "root/market").lstrip("/")


def by_name(route: Route) -> str:
    return route.name


def send(visitor: Visitor, route: Route, **headers: str) -> Answer:
    body = b'{"trading.policy": null}' if route.has_body else None
    if body:
        headers["Content_Type"] = "application/json"
    path = path_of(route).replace("{key}", "trading.policy")
    return visitor.request(route.method, path, body, **headers)


@pytest.mark.parametrize("route", ROUTES, ids=by_name)
def test_a_stranger_may_ask_nothing_and_command_nothing(locked: Site, route: Route) -> None:
    answer = send(Visitor(locked), route)
    if route.name == "health":
        assert answer.status == 200
        return
    assert answer.error == (401, "not_logged_in")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert asked(locked) == []


@pytest.mark.parametrize(("method", "path"), CLOSED_TO_PROGRAMS)
def test_what_is_not_a_page_is_closed_too(locked: Site, method: str, path: str) -> None:
    assert Visitor(locked).request(method, path).error == (401, "not_logged_in")
    assert asked(locked) == []


def test_a_websocket_is_refused_before_it_is_one(locked: Site) -> None:
    answer = Visitor(locked).get(
        "/ws",
        Connection="Upgrade",
        Upgrade="websocket",
        Sec_WebSocket_Version="13",
        Sec_WebSocket_Key="dGhlIHNhbXBsZSBub25jZQ==",
    )
    assert answer.error == (401, "not_logged_in")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_pages_lead_to_the_login(locked: Site, page: object) -> None:
    path = page.path  # type: ignore[attr-defined]
    answer = Visitor(locked).get(f"{path}?x=1%20y")
    assert answer.status == 303
    assert answer.headers["Location"] == f"/login?next={path}%3Fx%3D1%2520y"
    assert answer.body == b""


def test_whether_a_page_exists_is_not_told(locked: Site) -> None:
    assert Visitor(locked).get("/no-such-page").status == 303
    assert logged_in(locked).get("/no-such-page").status == 404


def test_the_way_in_is_open(locked: Site) -> None:
    stranger = Visitor(locked)
    assert stranger.get("/login").status == 200
    assert stranger.get("/static/css/bare.css").status == 200
    assert stranger.get("health").status == 200
    assert stranger.get("health", Authorization="Bearer pc_of_yesterday").status == 200


@pytest.mark.parametrize(
    "path",
    [
        "/static/../api/v1/status",
        "/static/%2e%2e/api/v1/status",
        "/login/../api/v1/status",
        "//api/v1/status",
        "/api/v1/health/../status",
        "/API/v1/status",
        "/api/v1/status/",
        "/api/v1/%73tatus",
    ],
)
def test_no_way_of_writing_a_path_gets_around(locked: Site, path: str) -> None:
    answer = Visitor(locked).get(path)
    assert answer.status in (303, 401, 404)
    assert asked(locked) == []


@pytest.mark.parametrize("route", SAFE, ids=by_name)
def test_a_viewer_sees_everything(locked: Site, route: Route) -> None:
    visitor = logged_in(locked, "viewer")
    assert send(visitor, route).status != 401
    assert send(visitor, route).status != 403


@pytest.mark.parametrize("route", UNSAFE, ids=by_name)
def test_a_viewer_commands_nothing(locked: Site, route: Route) -> None:
    visitor = logged_in(locked, "viewer")
    csrf = visitor.csrf()
    locked.house.forget_letters()
    assert send(visitor, route, X_CSRF_Token=csrf).error == (403, "not_allowed")
    bearer = Visitor(locked, Authorization=f"Bearer {VIEWER_TOKEN}")
    assert send(bearer, route).error == (403, "not_allowed")
    assert asked(locked) == []


@pytest.mark.parametrize("route", UNSAFE, ids=by_name)
def test_an_operator_commands_with_the_pages_token(locked: Site, route: Route) -> None:
    visitor, other = logged_in(locked), logged_in(locked)
    csrf, foreign = visitor.csrf(), other.csrf()
    locked.house.forget_letters()
    assert csrf != foreign
    assert send(visitor, route).error == (403, "csrf")
    assert send(visitor, route, X_CSRF_Token="").error == (403, "csrf")
    assert send(visitor, route, X_CSRF_Token="ü").error == (403, "csrf")
    assert send(visitor, route, X_CSRF_Token=foreign).error == (403, "csrf")
    assert asked(locked) == []
    assert send(visitor, route, X_CSRF_Token=csrf).status in (200, 202)


@pytest.mark.parametrize("route", UNSAFE, ids=by_name)
def test_an_operators_token_commands(locked: Site, route: Route) -> None:
    bearer = Visitor(locked, Authorization=f"Bearer {OPERATOR_TOKEN}")
    assert send(bearer, route).status in (200, 202)


@pytest.mark.parametrize(
    "header",
    [
        "Bearer pc_" + "A" * 43,
        "Bearer",
        "Bearer ",
        "Basic b3BlcmF0b3I6Y29ycmVjdCBob3JzZSBiYXR0ZXJ5",
        OPERATOR_TOKEN,
        f"Token {OPERATOR_TOKEN}",
        f"Bearer {OPERATOR_TOKEN}x",
        "Bearer \xff",
        "",
    ],
    # Named one by one: a token made anew in each process would tell xdist's workers apart.
    ids=["unknown", "bare", "blank", "basic", "no-scheme", "other", "longer", "latin", "none"],
)
def test_tokens_that_are_none(locked: Site, header: str) -> None:
    assert Visitor(locked, Authorization=header).get("status").error == (401, "invalid_token")
    # Who sends one means it: the cookie does not help out.
    visitor = logged_in(locked)
    answer = visitor.get("status", Authorization=header)
    assert answer.error == (401, "invalid_token")
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_tokens_that_are_right(locked: Site) -> None:
    for spelling in ("Bearer", "bearer"):
        bearer = Visitor(locked, Authorization=f"{spelling} {VIEWER_TOKEN}")
        assert bearer.get("status").status == 200
        assert bearer.get("/metrics").status == 200
        assert bearer.get("/").status == 200


def test_who_did_it_is_on_record(locked: Site) -> None:
    visitor = logged_in(locked)
    csrf = visitor.csrf()
    visitor.command("pause", X_CSRF_Token=csrf)
    Visitor(locked, Authorization=f"Bearer {OPERATOR_TOKEN}").command("resume")
    assert [one.who for one in locked.house.commands] == ["operator", "nightly"]
    visitor.request(
        "PATCH",
        "config",
        b'{"trading.policy": "carry"}',
        Content_Type="application/json",
        X_CSRF_Token=csrf,
    )
    visitor.request("DELETE", "config/trading.policy", X_CSRF_Token=csrf)
    assert [one.who for one in locked.house.told("config")] == ["operator", "operator"]


def test_without_a_password_everybody_is_operator(site: Site) -> None:
    visitor = Visitor(site)
    assert visitor.get("me").json == {
        "name": "web",
        "role": "operator",
        "login_required": False,
        "csrf_token": None,
        "session_ends_at": None,
    }
    assert visitor.command().status == 202
    assert site.house.commands[0].who == "web"
    for path in ("/login", "/logout", "/login?next=/settings"):
        assert visitor.get(path).status == 303
    assert visitor.form("/login", {"name": "operator", "password": "x"}).status == 303
    assert visitor.form("/logout", {}).error == (400, "no_session")
    assert visitor.cookies == {}


def test_foreign_pages_get_no_further_with_a_session(locked: Site) -> None:
    visitor = logged_in(locked)
    csrf = visitor.csrf()
    answer = visitor.command(X_CSRF_Token=csrf, Origin="http://evil.example")
    assert answer.error == (403, "foreign_origin")
    answer = visitor.command(X_CSRF_Token=csrf, Sec_Fetch_Site="cross-site")
    assert answer.error == (403, "foreign_origin")
