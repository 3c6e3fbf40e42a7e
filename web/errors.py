"""Everything that can go wrong, as ``{"error": {"code", "message"}}``."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus

from aiohttp import web

from web.serialise import to_json

logger = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class ApiError(Exception):
    """An answer that is not the one asked for.

    ``fields``: what is wrong with each single setting, where that is known.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        fields: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.fields = fields or {}
        self.headers = headers or {}


def json_response(
    value: object, status: int = 200, headers: Mapping[str, str] | None = None
) -> web.Response:
    return written_response(to_json(value), status, headers)


def written_response(
    body: bytes, status: int = 200, headers: Mapping[str, str] | None = None
) -> web.Response:
    """``body`` is JSON already."""
    return web.Response(body=body, status=status, headers=headers, content_type="application/json")


@web.middleware
async def errors_as_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The outermost layer: whatever is raised below becomes an answer that says what to do."""
    try:
        return await handler(request)
    except ApiError as error:
        return _answer(error)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return _answer(_explained(request, error))
    except Exception:
        logger.exception("%s %s failed", request.method, request.path)
        return _answer(
            ApiError(500, "internal", "The server failed to answer; its log says where and why.")
        )


def _answer(error: ApiError) -> web.Response:
    body: dict[str, object] = {"code": error.code, "message": error.message}
    if error.fields:
        body["fields"] = error.fields
    response = json_response({"error": body}, error.status, error.headers)
    if error.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        response.force_close()  # what is still being sent is not worth reading
    return response


def _explained(request: web.Request, error: web.HTTPException) -> ApiError:
    match error:
        case web.HTTPMethodNotAllowed():
            allowed = ", ".join(sorted(error.allowed_methods))
            message = f"{request.path} takes {allowed}, not {request.method}."
            return ApiError(405, "method_not_allowed", message, headers={"Allow": allowed})
        case web.HTTPNotFound():
            return ApiError(404, "not_found", f"There is nothing at {request.path}.")
        case web.HTTPRequestEntityTooLarge():
            return ApiError(413, "too_large", "The body is larger than 64 kB.")
        case _:
            code = HTTPStatus(error.status).name.lower()
            return ApiError(error.status, code, error.text or error.reason)
