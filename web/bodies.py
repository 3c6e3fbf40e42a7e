"""Request bodies: small, JSON, and only where one is wanted."""

from typing import Any

import orjson
from aiohttp import web

from web.errors import ApiError

LIMIT = 64 * 1024
"""Bytes."""


async def read_object(request: web.Request) -> dict[str, Any]:
    """The body's JSON object. Raises ApiError 400, 413 or 415."""
    raw = await _read(request)
    if not raw:
        raise ApiError(400, "invalid_json", "A JSON object is needed as the body.")
    value = _parsed(request, raw)
    if not isinstance(value, dict):
        raise ApiError(400, "invalid_json", "The body has to be a JSON object.")
    return value


async def refuse_body(request: web.Request) -> None:
    """For requests that take none; an empty JSON object will do."""
    raw = await _read(request)
    if raw and _parsed(request, raw) != {}:
        raise ApiError(400, "unexpected_body", "This request takes no body.")


async def _read(request: web.Request) -> bytes:
    if not request.can_read_body:
        return b""
    if (request.content_length or 0) > LIMIT:
        raise web.HTTPRequestEntityTooLarge(LIMIT, request.content_length or 0)
    try:
        return await request.read()
    except web.RequestPayloadError as error:
        raise ApiError(400, "invalid_body", f"The body cannot be read: {error}.") from None


def _parsed(request: web.Request, raw: bytes) -> Any:
    # Also what keeps forms of other sites out: they cannot send this type without asking first.
    if request.content_type != "application/json":
        raise ApiError(415, "not_json", "The body has to be sent as application/json.")
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise ApiError(400, "invalid_json", f"The body is not JSON: {error}.") from None
