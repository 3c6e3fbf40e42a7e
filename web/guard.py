"""Who may talk to us: programs that know our name, and pages that we have served ourselves.

A foreign page can make a browser send us requests. The Host check stops names that were pointed at
this machine (DNS rebinding); the Origin check stops forms, scripts and WebSockets of other sites.
What a proxy says about the request (X-Forwarded-...) is not believed: anybody can say that.
"""

from aiohttp import web

from web.auth.gate import LOGIN, LOGOUT, SAFE_METHODS
from web.errors import ApiError, Handler
from web.keys import SETTINGS
from web.settings import WebSettings

_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self' {sockets}; base-uri 'none'; form-action {forms}; frame-ancestors 'none'"
)
_FORM_PAGES = (LOGIN, LOGOUT)


@web.middleware
async def only_ours(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuses foreign hosts and origins before anything else looks at the request."""
    ours = _our_hosts(request)
    if request.headers.get("Host", "").lower() not in ours:
        raise ApiError(
            421,
            "wrong_host",
            "The request was for a name that is not this server's; it answers to "
            f"{', '.join(ours)}. dashboard.allowed_hosts names more.",
        )
    if request.method not in SAFE_METHODS or request.path == "/ws":
        _check_origin(request, ours)
    return await handler(request)


async def add_security_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Goes with every answer; a signal, so that it holds for files and errors too."""
    response.headers.update(_HEADERS)
    response.headers["Content-Security-Policy"] = _policy(request)
    if request.path in _FORM_PAGES:
        # Without any referrer, browsers send a form's Origin as null.
        response.headers["Referrer-Policy"] = "same-origin"
    fresh = "no-cache" if request.path.startswith("/static/") else "no-store"
    response.headers.setdefault("Cache-Control", fresh)
    response.headers["Server"] = "perpcarry"


def _policy(request: web.Request) -> str:
    host = request.headers.get("Host", "").lower()
    if host not in _our_hosts(request):
        return "default-src 'none'"
    settings = request.app[SETTINGS]
    # Some browsers do not take 'self' to mean WebSockets too.
    sockets = f"ws://{host}"
    if settings.public_url:
        sockets = f"{'wss' if settings.is_https else 'ws'}://{settings.public_host}"
    forms = "'self'" if request.path in _FORM_PAGES else "'none'"
    return _POLICY.format(sockets=sockets, forms=forms)


def _check_origin(request: web.Request, ours: tuple[str, ...]) -> None:
    """Programs send no Origin; browsers always do where it matters."""
    origin = request.headers.get("Origin")
    if origin is not None:
        if origin.lower() not in _our_origins(request.app[SETTINGS], ours):
            raise ApiError(403, "foreign_origin", f"A page of {origin[:200]} may not do this.")
    elif request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
        raise ApiError(403, "foreign_origin", "A page of another site may not do this.")


def _our_origins(settings: WebSettings, ours: tuple[str, ...]) -> list[str]:
    """Behind a proxy pages come from its address, or from this machine; not past it."""
    if not settings.public_url:
        return [f"http://{host}" for host in ours]
    local = [f"http://{host}" for host in ours if host.rpartition(":")[0] in _LOOPBACK]
    return [settings.public_url, *local]


def _our_hosts(request: web.Request) -> tuple[str, ...]:
    """Our names with the port that this very connection came in on."""
    transport = request.transport
    address = None if transport is None else transport.get_extra_info("sockname")
    if address is None:  # the connection is gone already
        return ()
    settings, port = request.app[SETTINGS], address[1]
    host = settings.host.strip("[]")
    names = (*_LOOPBACK, f"[{host}]" if ":" in host else host, *settings.allowed_hosts)
    hosts = dict.fromkeys(_with_port(name, port) for name in names)
    if port == 80:
        hosts |= dict.fromkeys(names)
    if settings.public_host:
        hosts[settings.public_host] = None
    return tuple(hosts)


def _with_port(name: str, port: int) -> str:
    return name if name.rpartition("]")[2].count(":") else f"{name}:{port}"
