"""Who a request comes from."""

from dataclasses import dataclass
from enum import Enum

from aiohttp import web

from web.auth.access import Access, Role
from web.auth.csrf import csrf_token
from web.auth.sessions import Login, Sessions

ANYBODY = "web"
"""Who it was where no password is set, so that nobody can know."""


class Proof(Enum):
    """How we know."""

    NONE = "no password is set"
    SESSION = "a session's cookie"
    TOKEN = "an API token"


@dataclass(frozen=True, slots=True)
class Identity:
    name: str
    """What commands, changes and events are recorded under."""
    role: Role
    proof: Proof
    login: Login | None = None
    csrf_token: str = ""
    """What unsafe requests of this session must bring along."""


ACCESS = web.AppKey("access", Access)
SESSIONS = web.AppKey("sessions", Sessions)
IDENTITY = web.RequestKey("identity", Identity)


def identity_of(request: web.Request) -> Identity | None:
    """None for those who have not said who they are, where that is needed."""
    return request.get(IDENTITY)


def who(request: web.Request) -> str:
    """The name to record. Raises RuntimeError where nobody should have got to."""
    identity = identity_of(request)
    if identity is None:
        raise RuntimeError(f"{request.method} {request.path} is done by nobody")
    return identity.name


def anybody() -> Identity:
    return Identity(ANYBODY, Role.OPERATOR, Proof.NONE)


def by_session(session_id: str, login: Login) -> Identity:
    return Identity(login.role.value, login.role, Proof.SESSION, login, csrf_token(session_id))
