"""Who may talk to us: this machine's own programs, and pages that we have served ourselves.

A foreign page can make a browser send us requests. The Host check stops names that were pointed at
this machine (DNS rebinding); the Origin check stops forms, scripts and WebSockets of other sites.
"""

from aiohttp import web

from web.errors import ApiError, Handler
from web.keys import SETTINGS

_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self' ws://{host}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@web.middleware
async def only_ours(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuses foreign hosts and origins before anything else looks at the request."""
    ours = _our_hosts(request)
    if request.headers.get("Host", "").lower() not in ours:
        raise ApiError(
            421,
            "wrong_host",
            f"This server is {' or '.join(ours)}; the request was for another name.",
        )
    if request.method not in _SAFE_METHODS or request.path == "/ws":
        _check_origin(request, ours)
    return await handler(request)


async def add_security_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Goes with every answer; a signal, so that it holds for files and errors too."""
    response.headers.update(_HEADERS)
    host = request.headers.get("Host", "").lower()
    if host in _our_hosts(request):
        response.headers["Content-Security-Policy"] = _POLICY.format(host=host)
    else:
        response.headers["Content-Security-Policy"] = "default-src 'none'"
    fresh = "no-cache" if request.path.startswith("/static/") else "no-store"
    response.headers.setdefault("Cache-Control", fresh)
    response.headers["Server"] = "perpcarry"


def _check_origin(request: web.Request, ours: tuple[str, ...]) -> None:
    """Programs send no Origin; browsers always do where it matters."""
    origin = request.headers.get("Origin")
    if origin is not None:
        if origin.lower() not in [f"http://{host}" for host in ours]:
            raise ApiError(403, "foreign_origin", f"A page of {origin} may not do this.")
    elif request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
        raise ApiError(403, "foreign_origin", "A page of another site may not do this.")


def _our_hosts(request: web.Request) -> tuple[str, ...]:
    """Our names with the port that this very connection came in on."""
    transport = request.transport
    address = None if transport is None else transport.get_extra_info("sockname")
    if address is None:  # the connection is gone already
        return ()
    port = address[1]
    host = request.app[SETTINGS].host.strip("[]")
    names = dict.fromkeys(("127.0.0.1", "localhost", "[::1]", f"[{host}]" if ":" in host else host))
    hosts = [f"{name}:{port}" for name in names]
    return (*hosts, *names) if port == 80 else tuple(hosts)
