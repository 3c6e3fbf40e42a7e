"""No secret is served or logged; logins are on record."""

import asyncio
import logging
from datetime import UTC, datetime
from typing import cast

import pytest

from actors.journal.messages import Event, RecordEvent, Severity
from actors.runtime import Address
from tests.web.site import Site
from web.auth.access import Role
from web.auth.audit import Audit
from web.pages import PAGES
from web.routes import ROUTES

from .test_gate import path_of
from .visitor import (
    ACCESS,
    OPERATOR_PASSWORD,
    OPERATOR_TOKEN,
    VIEWER_PASSWORD,
    VIEWER_TOKEN,
    Visitor,
    fields_of,
    logged_in,
)


def test_nothing_served_or_logged_holds_a_secret(
    own_locked: Site, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    operator, viewer = logged_in(own_locked), logged_in(own_locked, "viewer")
    typed = "typed into the wrong field"
    bearer = Visitor(own_locked, Authorization=f"Bearer {OPERATOR_TOKEN}")
    wrong = Visitor(own_locked, Authorization=f"Bearer {VIEWER_TOKEN}x")
    paths = [path_of(route) for route in ROUTES if route.method == "GET"]
    paths += [page.path for page in PAGES]
    paths += ["openapi.json", "/metrics", "/login", "/logout", "/nothing", "/ws"]
    served = []
    for visitor in (operator, viewer, bearer, wrong, Visitor(own_locked)):
        served += [visitor.get(path) for path in paths]
        served += [visitor.command(path) for path in ("start", "/nothing", "/logout")]
    served.append(Visitor(own_locked).log_in("operator", typed))
    served.append(Visitor(own_locked).log_in(typed, OPERATOR_PASSWORD))
    hidden = fields_of(Visitor(own_locked).get("/login"))
    served.append(Visitor(own_locked).form("/login", {**hidden, "password": OPERATOR_PASSWORD}))
    secrets = [OPERATOR_PASSWORD, VIEWER_PASSWORD, OPERATOR_TOKEN, VIEWER_TOKEN, "$argon2"]
    secrets += [operator.session, viewer.session, *(token.digest for token in ACCESS.tokens)]
    out, err = capfd.readouterr()
    logged = [caplog.text, out, err, repr(ACCESS), repr(own_locked.house.letters)]
    for secret in secrets:
        for answer in served:
            assert secret.encode() not in answer.body, answer
            assert secret not in str(dict(answer.headers)), answer
        for text in logged:
            assert secret not in text, text
    assert not any(typed in text for text in logged)


def test_logins_are_on_record(own_locked: Site) -> None:
    visitor = logged_in(own_locked, "viewer")
    visitor.command("/logout", X_CSRF_Token=visitor.csrf())
    Visitor(own_locked).log_in("operator", "wrong one")
    Visitor(own_locked).log_in("nobody", "wrong one")
    house = own_locked.house
    house.address("web").ask("are you there?")
    own_locked.stop()  # what was counted until then is told
    events = [one.event for one in house.told("journal", RecordEvent)]
    assert [(event.kind, event.severity, event.text) for event in events] == [
        ("access.login", Severity.INFO, "viewer logged in from 127.0.0.1"),
        ("access.logout", Severity.INFO, "viewer logged out from 127.0.0.1"),
        ("access.login_failed", Severity.WARNING, "2 logins from 127.0.0.1 failed"),
    ]
    assert {event.address for event in events} == {"root/web"}


class Journal:
    def __init__(self) -> None:
        self.events: list[Event] = []
        self.told = asyncio.Event()

    def tell(self, message: RecordEvent) -> None:
        self.events.append(message.event)
        self.told.set()


def test_failures_are_counted_not_told_one_by_one() -> None:
    journal = Journal()
    at = datetime(2026, 3, 1, tzinfo=UTC)

    async def story() -> None:
        audit = Audit(cast(Address, journal), lambda: at, count_seconds=0.05)
        for number in range(1000):
            audit.refused(f"192.0.2.{number % 3}")
        await asyncio.wait_for(journal.told.wait(), 10)
        audit.sum_up()
        audit.refused("192.0.2.9")
        audit.sum_up()
        audit.logged_in(Role.OPERATOR, "::1")

    asyncio.run(story())
    assert [event.text for event in journal.events] == [
        "1000 logins from 3 addresses failed",
        "1 login from 192.0.2.9 failed",
        "operator logged in from ::1",
    ]
    assert {event.at for event in journal.events} == {at}
