"""A browser without a screen: keeps cookies, fills in the login form."""

import http.client
import re
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

import orjson
from argon2 import PasswordHasher

from actors.journal.messages import RecordEvent
from tests.web.site import Answer, Site
from web.auth.access import Access, Role
from web.auth.tokens import new_token

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
OPERATOR_PASSWORD = "correct horse battery"
VIEWER_PASSWORD = "only looking around"
PASSWORDS = {"operator": OPERATOR_PASSWORD, "viewer": VIEWER_PASSWORD}
OPERATOR_TOKEN, _OPERATOR = new_token("nightly", Role.OPERATOR)
VIEWER_TOKEN, _VIEWER = new_token("grafana", Role.VIEWER)
ACCESS = Access(CHEAP.hash(OPERATOR_PASSWORD), CHEAP.hash(VIEWER_PASSWORD), (_OPERATOR, _VIEWER))


class Visitor:
    """Has a cookie jar, and knows the name it goes by."""

    def __init__(self, site: Site, **headers: str) -> None:
        self.site = site
        self.cookies: dict[str, str] = {}
        self.set_cookies: list[str] = []
        """As they came, all of them."""
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}

    @property
    def session(self) -> str:
        """The session's cookie; empty without one."""
        return next(
            (value for name, value in self.cookies.items() if not name.endswith("-login")), ""
        )

    def request(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """``path`` below /api/v1 unless it begins with a slash."""
        full = path if path.startswith("/") else f"/api/v1/{path}"
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookies:
            given["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=20)
        try:
            connection.request(method, full, body, {**self.headers, **given})
            response = connection.getresponse()
            for line in response.msg.get_all("Set-Cookie") or ():
                self._keep(line)
            return Answer(response.status, dict(response.headers), response.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Answer:
        return self.request("GET", path, None, **headers)

    def command(self, path: str = "start", **headers: str) -> Answer:
        return self.request("POST", path, None, **headers)

    def form(self, path: str, fields: dict[str, str], **headers: str) -> Answer:
        given = {"Content_Type": "application/x-www-form-urlencoded", **headers}
        return self.request("POST", path, urlencode(fields).encode(), **given)

    def log_in(
        self, name: str = "operator", password: str | None = None, wanted: str | None = None
    ) -> Answer:
        """Loads the form, fills it in and sends it."""
        query = "" if wanted is None else "?" + urlencode({"next": wanted})
        hidden = fields_of(self.get(f"/login{query}"))
        typed = PASSWORDS[name] if password is None else password
        return self.form("/login", {**hidden, "name": name, "password": typed})

    def csrf(self) -> str:
        token: str = self.get("me").json["csrf_token"]
        return token

    def _keep(self, line: str) -> None:
        self.set_cookies.append(line)
        for name, morsel in SimpleCookie(line).items():
            if morsel["max-age"] == "0":
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = morsel.value


def fields_of(page: Answer) -> dict[str, str]:
    """The hidden fields of the page's form."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.body.decode())
    return dict(found)


def asked(site: Site) -> list[Any]:
    """What reached the house, beside the record of logins, which comes when it comes."""
    letters = list(site.house.letters)
    return [message for _, message in letters if not isinstance(message, RecordEvent)]


def logged_in(site: Site, name: str = "operator") -> Visitor:
    visitor = Visitor(site)
    assert visitor.log_in(name).status == 303
    return visitor


def patch(changes: dict[str, object]) -> bytes:
    return orjson.dumps(changes)
