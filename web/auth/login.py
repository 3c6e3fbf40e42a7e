"""The pages to log in and out. They work without any script."""

import math
import secrets
from dataclasses import dataclass

import aiohttp_jinja2
from aiohttp import web
from aiohttp_session import get_session, new_session

from web.auth.audit import Audit
from web.auth.csrf import FIELD, HEADER, csrf_token, is_token_of
from web.auth.gate import LOGIN
from web.auth.identity import ACCESS, identity_of
from web.auth.local_path import HOME, local_path
from web.auth.passwords import Busy, Passwords
from web.auth.session_storage import ROLE
from web.auth.throttle import Throttle
from web.errors import ApiError
from web.keys import SETTINGS

AUDIT = web.AppKey("audit", Audit)
PASSWORDS = web.AppKey("passwords", Passwords)
THROTTLE = web.AppKey("throttle", Throttle)

_BUSY_SECONDS = 2.0
_FORM_TYPE = "application/x-www-form-urlencoded"
_FORM_SECONDS = 3600
_LONGEST_SECRET = 100


@dataclass(frozen=True, slots=True)
class _Form:
    """What was typed. Its password must not be shown, so it is not kept here."""

    name: str = ""
    next: str = HOME
    problem: str = ""


async def login_page(request: web.Request) -> web.Response:
    wanted = local_path(request.query.get("next"))
    if not request.app[ACCESS].login_required or identity_of(request) is not None:
        raise web.HTTPSeeOther(wanted)
    return _page(request, _Form(next=wanted))


async def log_in(request: web.Request) -> web.Response:
    """Checks the form; says only that the two do not fit together, not which of them is wrong."""
    if not request.app[ACCESS].login_required:
        raise web.HTTPSeeOther(HOME)
    fields = await _fields(request)
    form = _Form(fields.get("name", "")[:40], local_path(fields.get("next")))
    secret = request.cookies.get(_cookie_name(request), "")
    if not secret or not is_token_of(secret, fields.get(FIELD, "")):
        return _page(request, form, 403, "This form is an old one. Please try again.")
    throttle, audit, address = request.app[THROTTLE], request.app[AUDIT], request.remote or "?"
    wait = throttle.wait_seconds(address)
    if wait > 0:
        audit.refused(address)
        return _later(request, form, wait)
    try:
        role = await request.app[PASSWORDS].role_of(form.name, fields.get("password", ""))
    except Busy:
        throttle.was_none(address)
        return _later(request, form, _BUSY_SECONDS)
    if role is None:
        audit.refused(address)
        return _page(request, form, 401, "Name and password do not fit together.")
    throttle.was_right(address)
    audit.logged_in(role, address)
    session = await new_session(request)
    session[ROLE] = role.value
    answer = web.Response(status=303, headers={"Location": form.next})
    _set_form_cookie(request, answer, "")
    return answer


async def logout_page(request: web.Request) -> web.Response:
    if not request.app[ACCESS].login_required:
        raise web.HTTPSeeOther(HOME)
    return aiohttp_jinja2.render_template("logout.html", request, {})


async def log_out(request: web.Request) -> web.Response:
    """Ends the session; its open pages are closed. By the form, or by a script with the header."""
    identity = identity_of(request)
    if identity is None or identity.login is None:
        raise ApiError(400, "no_session", "Only a session can be logged out of.")
    given = request.headers.get(HEADER) or (await _fields(request)).get(FIELD, "")
    session = await get_session(request)
    if not is_token_of(str(session.identity), given):
        raise ApiError(403, "csrf", "The page's token is missing: load the page again.")
    session.invalidate()
    request.app[AUDIT].logged_out(identity.role, request.remote or "?")
    return web.Response(status=303, headers={"Location": LOGIN})


def _page(request: web.Request, form: _Form, status: int = 200, problem: str = "") -> web.Response:
    name = _cookie_name(request)
    secret = request.cookies.get(name, "")
    if not 20 <= len(secret) <= _LONGEST_SECRET:
        secret = secrets.token_urlsafe(32)
    answer = aiohttp_jinja2.render_template(
        "login.html",
        request,
        {
            "form_token": csrf_token(secret),
            "name": form.name,
            "next": form.next,
            "problem": problem,
            # A link on another site: the browser has kept the cookie back, and may be logged in.
            "from_elsewhere": request.headers.get("Sec-Fetch-Site") == "cross-site",
        },
        status=status,
    )
    if status == 401:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="perpcarry"'
    _set_form_cookie(request, answer, secret)
    return answer


def _set_form_cookie(request: web.Request, answer: web.Response, secret: str) -> None:
    answer.set_cookie(
        _cookie_name(request),
        secret,
        path="/",
        max_age=_FORM_SECONDS if secret else 0,
        httponly=True,
        samesite="Strict",
        secure=request.app[SETTINGS].is_https,
    )


def _later(request: web.Request, form: _Form, seconds: float) -> web.Response:
    whole = max(1, math.ceil(seconds))
    answer = _page(request, form, 429, f"Too many logins failed. Please wait {whole} s.")
    answer.headers["Retry-After"] = str(whole)
    return answer


async def _fields(request: web.Request) -> dict[str, str]:
    """The form's texts. Raises ApiError 415 for anything but a plain form."""
    if not request.can_read_body:
        return {}
    if request.content_type != _FORM_TYPE:
        raise ApiError(415, "not_a_form", f"The body has to be sent as {_FORM_TYPE}.")
    try:
        return {name: str(value) for name, value in (await request.post()).items()}
    except (ValueError, LookupError, web.RequestPayloadError):
        raise ApiError(400, "invalid_body", "The form cannot be read.") from None


def _cookie_name(request: web.Request) -> str:
    return f"{request.app[SETTINGS].cookie_name}-login"
