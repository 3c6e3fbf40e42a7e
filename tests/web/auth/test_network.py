"""Other machines, names and proxies."""

from collections.abc import Iterator

import pytest

from tests.web.site import Site
from web.settings import WebSettings

from .visitor import ACCESS, OPERATOR_PASSWORD, Visitor, fields_of

PUBLIC = "https://bot.example.org"


@pytest.fixture(scope="module")
def proxied() -> Iterator[Site]:
    made = Site(access=ACCESS, public_url=PUBLIC)
    yield made
    made.stop()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2", "example.org"])
def test_other_machines_need_a_password(host: str) -> None:
    with pytest.raises(ValueError, match="needs a password"):
        WebSettings(host=host)
    assert WebSettings(host=host, access=ACCESS).host == host


def test_names_that_were_allowed() -> None:
    site = Site(
        host="0.0.0.0", access=ACCESS, allowed_hosts=("bot.lan", "bot.lan:8443", "[fd00::1]")
    )
    try:
        port = site.port
        for host in (f"bot.lan:{port}", "bot.lan:8443", f"[fd00::1]:{port}", f"127.0.0.1:{port}"):
            assert site.get("health", Host=host).status == 200, host
            page = site.get("/login", Host=host)
            assert f"ws://{host}" in page.headers["Content-Security-Policy"]
        for host in (
            "bot.lan",
            "bot.lan:1",
            f"x.bot.lan:{port}",
            f"evil.example:{port}",
            f"bot.lan.:{port}",
        ):
            assert site.get("health", Host=host).error == (421, "wrong_host"), host
        visitor = Visitor(site, Host=f"bot.lan:{port}")
        hidden = fields_of(visitor.get("/login"))
        right = {**hidden, "name": "operator", "password": OPERATOR_PASSWORD}
        answer = visitor.form("/login", right, Origin=f"https://bot.lan:{port}")
        assert answer.error == (403, "foreign_origin")
        assert visitor.form("/login", right, Origin=f"http://bot.lan:{port}").status == 303
    finally:
        site.stop()


@pytest.mark.parametrize("passes_host_on", [True, False])
def test_behind_a_proxy_that_speaks_tls(proxied: Site, passes_host_on: bool) -> None:
    host = "bot.example.org" if passes_host_on else f"127.0.0.1:{proxied.port}"
    visitor = Visitor(proxied, Host=host)
    page = visitor.get("/login")
    assert "connect-src 'self' wss://bot.example.org;" in page.headers["Content-Security-Policy"]
    assert "ws://127" not in page.headers["Content-Security-Policy"]
    right = {**fields_of(page), "name": "operator", "password": OPERATOR_PASSWORD}
    assert visitor.form("/login", right, Origin=PUBLIC).status == 303
    for line in visitor.set_cookies:
        assert "Secure" in line
        assert "HttpOnly" in line
    assert any(line.startswith("__Host-perpcarry-") for line in visitor.set_cookies)
    csrf = visitor.csrf()
    assert visitor.command(X_CSRF_Token=csrf, Origin=PUBLIC).status == 202
    for origin in (
        "http://bot.example.org",
        "https://bot.example.org.evil.example",
        "https://bot.example.org:444",
        "https://evil.example",
    ):
        answer = visitor.command(X_CSRF_Token=csrf, Origin=origin)
        assert answer.error == (403, "foreign_origin"), origin


def test_the_cookie_of_a_form_page_is_bound_to_its_host_too(proxied: Site) -> None:
    """A name that begins with __Host- has Path=/, or browsers throw the cookie away."""
    visitor = Visitor(proxied, Host="bot.example.org")
    visitor.get("/login")
    for line in visitor.set_cookies:
        assert "Path=/;" in line + ";" or not line.startswith("__Host-"), line


@pytest.mark.parametrize(
    "header", ["X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-For", "Forwarded", "X-Real-IP"]
)
def test_what_proxies_say_is_not_believed(locked: Site, header: str) -> None:
    said = {header.replace("-", "_"): "evil.example"}
    answer = locked.get("health", Host=f"evil.example:{locked.port}", **said)
    assert answer.error == (421, "wrong_host")
    answer = Visitor(locked).get("/login", **{header.replace("-", "_"): "https"})
    assert "evil" not in str(answer.headers)
    assert "wss:" not in answer.headers["Content-Security-Policy"]
    assert "Secure" not in answer.headers["Set-Cookie"]
