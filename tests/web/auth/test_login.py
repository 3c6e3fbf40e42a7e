"""Logging in and out over HTTP: the form, its refusals, the cookie."""

import time
from itertools import pairwise
from urllib.parse import urlencode

import pytest
from argon2 import PasswordHasher

from tests.web.site import Site
from web.auth.access import Access

from .visitor import ACCESS, OPERATOR_PASSWORD, VIEWER_PASSWORD, Visitor, fields_of, logged_in

FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize("name", ["operator", "viewer"])
def test_logging_in(locked: Site, name: str) -> None:
    visitor = Visitor(locked)
    answer = visitor.log_in(name)
    assert answer.status == 303
    assert answer.headers["Location"] == "/"
    me = visitor.get("me").json
    assert (me["name"], me["role"], me["login_required"]) == (name, name, True)
    assert len(me["csrf_token"]) >= 40
    assert me["session_ends_at"].endswith("Z")
    page = visitor.get("/")
    assert page.status == 200
    assert f'<meta name="csrf-token" content="{me["csrf_token"]}">' in page.body.decode()


def test_the_cookie_is_for_nobody_else(locked: Site) -> None:
    visitor = logged_in(locked)
    line = next(one for one in visitor.set_cookies if visitor.session in one)
    attributes = {part.strip().lower() for part in line.split(";")[1:]}
    assert {"httponly", "samesite=strict", "path=/", "max-age=604800"} <= attributes
    assert not any(part.startswith(("domain", "secure")) for part in attributes)
    assert visitor.get("me").headers.get("Set-Cookie") is None
    assert len(visitor.session) >= 43


def test_the_name_may_be_written_large(locked: Site) -> None:
    assert Visitor(locked).log_in(" Operator ", OPERATOR_PASSWORD).status == 303


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("operator", "wrong"),
        ("operator", ""),
        ("operator", VIEWER_PASSWORD),
        ("viewer", OPERATOR_PASSWORD),
        ("admin", OPERATOR_PASSWORD),
        ("", OPERATOR_PASSWORD),
        ("operator", OPERATOR_PASSWORD.upper()),
        ("operator", OPERATOR_PASSWORD + "\n"),
        ("operator", "x" * 5000),
        ("<script>", "'\"><script>"),
    ],
)
def test_what_does_not_fit_is_told_alike(own_locked: Site, name: str, password: str) -> None:
    visitor = Visitor(own_locked)
    answer = visitor.log_in(name, password)
    assert answer.status == 401
    text = answer.body.decode()
    assert "Name and password do not fit together." in text
    assert 'role="alert"' in text
    assert "<script" not in text
    assert visitor.session == ""
    assert visitor.get("status").error == (401, "not_logged_in")


def test_without_a_viewer_nobody_is_one() -> None:
    site = Site(access=Access(operator_hash=ACCESS.operator_hash))
    try:
        assert Visitor(site).log_in("viewer", VIEWER_PASSWORD).status == 401
        assert Visitor(site).log_in("viewer", OPERATOR_PASSWORD).status == 401
    finally:
        site.stop()


def test_an_unknown_name_takes_as_long() -> None:
    slow = PasswordHasher(time_cost=4, memory_cost=32 * 1024, parallelism=1)
    site = Site(access=Access(operator_hash=slow.hash(OPERATOR_PASSWORD)))
    took: dict[str, list[float]] = {"operator": [], "nobody": []}
    try:
        visitor = Visitor(site)
        hidden = fields_of(visitor.get("/login"))
        for name in ("operator", "nobody", "operator", "nobody"):  # four are free of delay
            began = time.perf_counter()
            answer = visitor.form("/login", {**hidden, "name": name, "password": "wrong one"})
            took[name].append(time.perf_counter() - began)
            assert answer.status == 401
    finally:
        site.stop()
    known, unknown = min(took["operator"]), min(took["nobody"])
    assert unknown > known / 2, took
    assert known > 0.02, took


@pytest.mark.parametrize(
    ("wanted", "led_to"),
    [
        ("/settings", "/settings"),
        ("/rates?sort=apr&x=%20", "/rates?sort=apr&x=%20"),
        ("//evil.example", "/"),
        ("///evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/a\\..\\evil.example", "/"),
        ("\\\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/\t/evil.example", "/"),
        ("\t//evil.example", "/"),
        ("/\n/evil.example", "/"),
        ("/x\r\nSet-Cookie: a=b", "/"),
        ("evil.example", "/"),
        ("", "/"),
        ("/login?next=/login", "/"),
        ("/logout", "/"),
        ("/api/v1/status", "/"),
        ("/" + "a" * 3000, "/"),
        ("/ü", "/"),
    ],
)
def test_afterwards_one_is_on_a_page_of_ours(locked: Site, wanted: str, led_to: str) -> None:
    visitor = Visitor(locked)
    answer = visitor.log_in(wanted=wanted)
    assert answer.status == 303
    assert answer.headers["Location"].replace("&amp;", "&") == led_to
    # Also where the form was not made by us, and where somebody is logged in already.
    again = visitor.get("/login?" + urlencode({"next": wanted}))
    assert (again.status, again.headers["Location"]) == (303, led_to)


def test_the_login_form_has_a_token_of_its_own(own_locked: Site) -> None:
    right = {"name": "operator", "password": OPERATOR_PASSWORD}
    stranger = Visitor(own_locked)
    assert stranger.form("/login", right).status == 403  # neither cookie nor field
    hidden = fields_of(stranger.get("/login"))
    assert stranger.form("/login", right).status == 403  # no field
    assert stranger.form("/login", {**right, "csrf_token": "x"}).status == 403
    other = Visitor(own_locked)
    assert other.form("/login", {**right, **hidden}).status == 403  # another one's field
    answer = stranger.form("/login", {**right, **hidden}, Origin="http://evil.example")
    assert answer.error == (403, "foreign_origin")
    assert stranger.form("/login", {**right, **hidden}, Origin="null").status == 403
    assert stranger.session == ""
    # None of it counted as a guess; two forms open at once both work.
    fields_of(stranger.get("/login"))
    assert stranger.form("/login", {**right, **hidden}).status == 303


def test_a_form_that_is_refused_says_what_to_do(locked: Site) -> None:
    answer = Visitor(locked).form("/login", {"name": "operator", "password": "x"})
    assert answer.status == 403
    assert "Please try again" in answer.body.decode()
    assert fields_of(answer)["csrf_token"]


def test_bodies_that_are_no_form(locked: Site) -> None:
    visitor = Visitor(locked)
    for kind in ("application/json", "multipart/form-data; boundary=x", "text/plain"):
        answer = visitor.request("POST", "/login", b"{}", Content_Type=kind)
        assert answer.error == (415, "not_a_form")
    huge = visitor.request("POST", "/login", b"a=" + b"b" * 100_000, Content_Type=FORM)
    assert huge.error == (413, "too_large")
    for body in (b"", b"%ff%fe=%00", b"&&&===", b"\xff\xfe", b"name&password"):
        assert visitor.request("POST", "/login", body, Content_Type=FORM).status in (400, 403)
    strange = visitor.request("POST", "/login", b"a=b", Content_Type=f"{FORM}; charset=nonsense")
    assert strange.error == (400, "invalid_body")


def test_a_session_given_from_outside_is_not_taken_up(locked: Site) -> None:
    victim = logged_in(locked)
    name = next(name for name in victim.cookies if not name.endswith("-login"))
    planted = Visitor(locked)
    planted.cookies[name] = "planted-by-somebody"
    assert planted.get("status").status == 401
    planted.log_in()
    assert planted.cookies[name] != "planted-by-somebody"


def test_logging_in_again_ends_the_session_before(locked: Site) -> None:
    visitor = Visitor(locked)
    hidden = fields_of(visitor.get("/login"))  # in a second tab
    form_cookie = dict(visitor.cookies)
    visitor.log_in()
    before = Visitor(locked)
    before.cookies.update(visitor.cookies)
    visitor.cookies.update(form_cookie)
    fields = {**hidden, "name": "viewer", "password": VIEWER_PASSWORD}
    assert visitor.form("/login", fields).status == 303
    assert visitor.session != before.session
    assert visitor.get("me").json["role"] == "viewer"
    assert before.get("status").status == 401


def test_logging_out_by_the_form(locked: Site) -> None:
    visitor = logged_in(locked)
    thief = Visitor(locked)
    thief.cookies.update(visitor.cookies)
    assert thief.get("status").status == 200
    page = visitor.get("/logout")
    assert page.status == 200
    assert visitor.form("/logout", {}).error == (403, "csrf")
    assert visitor.form("/logout", {"csrf_token": "x"}).error == (403, "csrf")
    assert visitor.get("status").status == 200
    answer = visitor.form("/logout", fields_of(page))
    assert (answer.status, answer.headers["Location"]) == (303, "/login")
    assert visitor.session == ""
    assert thief.get("status").error == (401, "not_logged_in")


def test_logging_out_by_a_script(locked: Site) -> None:
    visitor = logged_in(locked, "viewer")
    answer = visitor.command("/logout", X_CSRF_Token=visitor.csrf())
    assert answer.status == 303
    assert visitor.get("status").status == 401


def test_only_a_session_is_logged_out_of(locked: Site) -> None:
    assert Visitor(locked).command("/logout").error == (401, "not_logged_in")
    assert Visitor(locked).get("/logout").status == 303


def test_other_peoples_sessions_go_on(locked: Site) -> None:
    one, other = logged_in(locked), logged_in(locked)
    one.command("/logout", X_CSRF_Token=one.csrf())
    assert other.get("status").status == 200


def test_guessing_gets_slower(own_locked: Site) -> None:
    visitor = Visitor(own_locked)
    hidden = fields_of(visitor.get("/login"))

    def guess(password: str) -> tuple[int, str | None]:
        fields = {**hidden, "name": "operator", "password": password}
        answer = visitor.form("/login", fields, X_Forwarded_For="203.0.113.9")
        return answer.status, answer.headers.get("Retry-After")

    assert [guess("wrong")[0] for _ in range(4)] == [401] * 4
    status, wait = guess("wrong")
    assert status == 429
    assert wait == "1"
    # Not even the right one, or waiting would tell that the others were wrong.
    assert guess(OPERATOR_PASSWORD)[0] == 429
    page = visitor.form("/login", {**hidden, "name": "operator", "password": "x"}).body.decode()
    assert "Please wait" in page
    # Whoever is in stays in, and tokens work.
    assert visitor.get("health").status == 200


def test_the_pages_say_where_they_may_send_forms(locked: Site) -> None:
    visitor = logged_in(locked)
    for path, forms, referrer in (
        ("/logout", "'self'", "same-origin"),
        ("/", "'none'", "no-referrer"),
        ("status", "'none'", "no-referrer"),
    ):
        headers = visitor.get(path).headers
        assert f"form-action {forms};" in headers["Content-Security-Policy"]
        assert headers["Referrer-Policy"] == referrer
        assert headers["Cache-Control"] == "no-store"
    headers = Visitor(locked).get("/login").headers
    assert "form-action 'self';" in headers["Content-Security-Policy"]
    assert "'unsafe" not in headers["Content-Security-Policy"]


def test_a_link_from_elsewhere_gets_a_way_on(locked: Site) -> None:
    visitor = Visitor(locked)
    assert b"another site" not in visitor.get("/login").body
    page = visitor.get("/login?next=/rates", Sec_Fetch_Site="cross-site").body.decode()
    assert '<a href="/rates">go on</a>' in page


def test_each_visitor_has_a_number_nobody_else_has(locked: Site) -> None:
    sessions = sorted(logged_in(locked).session for _ in range(20))
    assert all(one != other for one, other in pairwise(sessions))
