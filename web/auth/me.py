"""``GET /api/v1/me``: who one is, as far as this server can tell."""

from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from web.auth.access import Role
from web.auth.identity import ACCESS, SESSIONS, identity_of, who
from web.bodies import refuse_body
from web.errors import json_response
from web.parameters import read_query


@dataclass(frozen=True, slots=True)
class Me:
    name: str
    """What commands and changes are recorded under; "web" where no password is set."""
    role: Role
    login_required: bool
    csrf_token: str | None
    """For X-CSRF-Token; null where none is needed: without a password, and with an API token."""
    session_ends_at: datetime | None
    """Unless it is used before; null without a session."""


async def me(request: web.Request) -> web.Response:
    read_query(request, ())
    await refuse_body(request)
    identity = identity_of(request)
    assert identity is not None, who(request)
    login = identity.login
    return json_response(
        Me(
            identity.name,
            identity.role,
            request.app[ACCESS].login_required,
            identity.csrf_token or None,
            None if login is None else request.app[SESSIONS].ends_at(login),
        )
    )
