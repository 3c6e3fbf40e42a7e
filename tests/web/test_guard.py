"""Pages of other sites, and names that were pointed at this machine, get nothing."""

import pytest

from tests.web.site import Site
from web.routes import ROUTES
from web.settings import WebSettings, is_loopback

UNSAFE = [
    (route.method, route.path.replace("{id}", "1").replace("{address}", "root/market").lstrip("/"))
    for route in ROUTES
    if route.method != "GET"
]


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"])
def test_our_own_names(site: Site, name: str) -> None:
    assert site.get("health", Host=f"{name}:{site.port}").status == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "", "localhost.:{port}"],
)
@pytest.mark.parametrize("path", ["health", "/", "/ws", "/metrics", "/static/main.js", "nothing"])
def test_other_names(site: Site, host: str, path: str) -> None:
    answer = site.get(path, Host=host.format(port=site.port))
    assert answer.error == (421, "wrong_host")
    assert site.house.letters == []


@pytest.mark.parametrize(("method", "path"), UNSAFE)
@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", "https://127.0.0.1:{port}", "http://127.0.0.1:1", "http://["],
)
def test_pages_of_others_may_change_nothing(
    site: Site, method: str, path: str, origin: str
) -> None:
    answer = site.send(method, path, Origin=origin.format(port=site.port))
    assert answer.error == (403, "foreign_origin")
    assert site.house.letters == []


def test_a_browser_that_hides_the_origin_still_says_it_is_another_site(site: Site) -> None:
    assert site.post("start", Sec_Fetch_Site="cross-site").error == (403, "foreign_origin")
    assert site.post("start", Sec_Fetch_Site="same-origin").status == 202


def test_our_own_page_and_programs_may(site: Site) -> None:
    assert site.post("start", Origin=f"http://127.0.0.1:{site.port}").status == 202
    assert site.post("start", Origin=f"http://localhost:{site.port}").status == 202
    assert site.post("start").status == 202


def test_foreign_pages_may_not_listen(site: Site) -> None:
    answer = site.get(
        "/ws",
        Origin="http://evil.example",
        Connection="Upgrade",
        Upgrade="websocket",
        Sec_WebSocket_Version="13",
        Sec_WebSocket_Key="dGhlIHNhbXBsZSBub25jZQ==",
    )
    assert answer.error == (403, "foreign_origin")


@pytest.mark.parametrize("path", ["/", "status", "nothing", "/static/main.js", "/metrics"])
def test_security_headers_on_everything(site: Site, path: str) -> None:
    headers = site.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "Access-Control-Allow-Origin" not in headers


def test_no_other_site_is_asked_for_anything(site: Site) -> None:
    page = site.get("/")
    assert page.status == 200
    assert b"//" not in page.body.replace(b"<!doctype html>", b"")
    assert b" style=" not in page.body
    assert b"<script>" not in page.body


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "localhost", "::1", "[::1]"])
def test_this_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "192.168.1.2", "example.org", "127.0.0.1.x"])
def test_other_machines_are_kept_out(host: str) -> None:
    with pytest.raises(ValueError, match="needs a password"):
        WebSettings(host=host)
