"""The gate: every request passes it, and is let through, sent to the login, or turned away."""

import hmac
from urllib.parse import quote

from aiohttp import web
from aiohttp.web_urldispatcher import StaticResource
from aiohttp_session import get_session

from web.auth.access import Role
from web.auth.csrf import HEADER
from web.auth.identity import (
    ACCESS,
    IDENTITY,
    SESSIONS,
    Identity,
    Proof,
    anybody,
    by_session,
)
from web.auth.local_path import HOME, local_path
from web.auth.tokens import digest_of
from web.errors import ApiError, Handler

LOGIN, LOGOUT = "/login", "/logout"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
OPEN = frozenset({LOGIN, "/api/v1/health"})
_FOR_PROGRAMS = ("/api/", "/ws", "/metrics")
_SCHEME = 'Bearer realm="perpcarry"'


@web.middleware
async def gate(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Finds out who asks, and whether they may."""
    needed = needed_role(request)
    try:
        identity = await _identity(request)
    except ApiError:
        if needed is not None:
            raise
        identity = None  # what is open to all is open to who shows a token of yesterday
    if identity is not None:
        request[IDENTITY] = identity
    if needed is not None:
        if identity is None:
            return _to_login(request)
        if not identity.role.includes(needed):
            raise ApiError(
                403, "not_allowed", f"A {identity.role.value} may look at everything, not do this."
            )
        _check_csrf(request, identity)
    return await handler(request)


def needed_role(request: web.Request) -> Role | None:
    """The least role that this takes; None = open to all."""
    resource = _resource(request)
    if resource in OPEN or isinstance(request.match_info.route.resource, StaticResource):
        return None
    if request.method in SAFE_METHODS or resource == LOGOUT:
        return Role.VIEWER
    return Role.OPERATOR


def _resource(request: web.Request) -> str:
    """What will answer, however the path is written."""
    resource = request.match_info.route.resource
    return "" if resource is None else resource.canonical


async def _identity(request: web.Request) -> Identity | None:
    """Raises ApiError 401 for a token that is not, or no more, right."""
    access = request.app[ACCESS]
    if not access.login_required:
        return anybody()
    if "Authorization" in request.headers:
        return _by_token(request)
    session = await get_session(request)
    if session.new or session.identity is None:
        return None
    session_id = str(session.identity)
    # A page that is merely open comes back by itself after each pause: nobody need sit there.
    login = request.app[SESSIONS].find(session_id, seen=request.path != "/ws")
    return None if login is None else by_session(session_id, login)


def _by_token(request: web.Request) -> Identity:
    scheme, _, text = request.headers["Authorization"].partition(" ")
    token = (
        request.app[ACCESS].token(digest_of(text.strip())) if scheme.lower() == "bearer" else None
    )
    if token is None:
        raise ApiError(
            401,
            "invalid_token",
            "The Authorization header has to be: Bearer, and an API token that is known here.",
            headers={"WWW-Authenticate": f'{_SCHEME}, error="invalid_token"'},
        )
    return Identity(token.name, token.role, Proof.TOKEN)


def _to_login(request: web.Request) -> web.Response:
    for_program = request.path.startswith(_FOR_PROGRAMS) or request.method not in SAFE_METHODS
    if for_program:
        raise ApiError(
            401,
            "not_logged_in",
            f"Log in at {LOGIN}, or send an API token: Authorization: Bearer pc_...",
            headers={"WWW-Authenticate": _SCHEME},
        )
    wanted = local_path(request.rel_url.raw_path_qs)
    query = "" if wanted == HOME else f"?next={quote(wanted, safe='/')}"
    return web.Response(status=303, headers={"Location": LOGIN + query})


def _check_csrf(request: web.Request, identity: Identity) -> None:
    """A browser sends the cookie along whoever asks it to; the token only our own pages know."""
    if identity.proof is not Proof.SESSION or request.method in SAFE_METHODS:
        return
    if _resource(request) == LOGOUT:
        return  # a form, which looks at its field itself
    given = request.headers.get(HEADER, "").encode(errors="replace")
    if not hmac.compare_digest(identity.csrf_token.encode(), given):
        raise ApiError(
            403,
            "csrf",
            f"The page's token is missing in {HEADER}, or is an old one: load the page again.",
        )
