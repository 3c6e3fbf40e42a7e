"""The OpenAPI 3.1 document, made from the route table and the dataclasses it names."""

import re
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from actors import __version__
from web.auth.csrf import HEADER as CSRF_HEADER
from web.auth.gate import OPEN
from web.bodies import LIMIT
from web.handlers import KEY_HEADER
from web.parameters import LARGEST_ID, LONGEST_TEXT, MOST_TEXTS, Parameter
from web.routes import PREFIX, ROUTES, Route
from web.schema import Schema, Schemas
from web.settings import WebSettings

_ABOUT = """\
Decimals are strings with every digit; times are ISO-8601 in UTC; spans are seconds; what is not
known is null, never 0. Commands are answered with 202 once they are on disk: ask `commands/{id}`
what became of them.

Where a password is set, all but `health` needs a session (log in at `/login`) or an API token. With
a session every command also needs the header `X-CSRF-Token`, whose value `me` tells. A viewer may
ask everything and command nothing."""
_ERROR: Schema = {
    "type": "object",
    "properties": {
        "error": {
            "type": "object",
            "properties": {
                "code": {"type": "string"},
                "message": {"type": "string", "description": "For a person."},
                "fields": {
                    "type": "object",
                    "additionalProperties": {"type": "string"},
                    "description": "What is wrong with each single setting.",
                },
            },
            "required": ["code", "message"],
            "additionalProperties": False,
        }
    },
    "required": ["error"],
    "additionalProperties": False,
}
_ERRORS = {
    400: "A parameter or the body cannot be understood.",
    401: "Nobody is logged in, or the API token is not known.",
    403: "A viewer may not do it, the page's token is missing, or a page of another site asks.",
    404: "There is nothing of that name.",
    409: "Refused: it does not fit the present state, somebody else has changed the same settings "
    "meanwhile (`fields` says who and when), or the Idempotency-Key was used before.",
    413: f"The body is larger than {LIMIT // 1024} kB.",
    415: "The body is not sent as application/json.",
    421: "The request was meant for another host.",
    422: "Settings that cannot be used; `fields` says why.",
    429: "Too many requests wait already.",
    500: "A fault of the server.",
    503: "The actor asked did not answer in time.",
}
_ALWAYS = (400, 413, 415, 421, 429, 500, 503)


def document(
    settings: WebSettings | None = None, routes: Iterable[Route] = ROUTES
) -> dict[str, Any]:
    """The whole document, ready to be written as JSON."""
    settings = settings or WebSettings()
    schemas = Schemas()
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        operations = paths.setdefault(PREFIX + route.path, {})
        operations[route.method.lower()] = _operation(route, schemas, settings)
    return {
        "openapi": "3.1.0",
        "info": {"title": "perpcarry", "version": __version__, "description": _ABOUT},
        "paths": paths,
        "components": {
            "schemas": {**schemas.components, "Error": _ERROR},
            "securitySchemes": _schemes(settings),
        },
    }


def _schemes(settings: WebSettings) -> dict[str, Any]:
    return {
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": settings.cookie_name,
            "description": f"Given by /login. Commands also need the header {CSRF_HEADER}.",
        },
        "token": {
            "type": "http",
            "scheme": "bearer",
            "description": "An API token, made by `perpcarry new-token`.",
        },
    }


def _operation(route: Route, schemas: Schemas, settings: WebSettings) -> dict[str, Any]:
    errors = {*_ALWAYS, *route.errors}
    is_open = PREFIX + route.path in OPEN
    if not is_open:
        errors.add(401)
    if route.method != "GET":
        errors.add(403)
    if "{" in route.path:
        errors.add(404)
    responses: dict[str, Any] = {str(route.status): _answer(route, schemas)}
    for status in sorted(errors):
        responses[str(status)] = {
            "description": _ERRORS[status],
            "content": _json({"$ref": "#/components/schemas/Error"}),
        }
    operation: dict[str, Any] = {
        "operationId": route.name,
        "summary": route.summary,
        "responses": responses,
    }
    if settings.access.login_required:
        operation["security"] = [] if is_open else [{"session": []}, {"token": []}]
    if parameters := [*_path(route), *map(_query, route.query), *_header(route)]:
        operation["parameters"] = parameters
    if route.has_body:
        operation["requestBody"] = {"required": True, "content": _json(_CHANGES)}
    return operation


def _answer(route: Route, schemas: Schemas) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "description": HTTPStatus(route.status).phrase,
        "content": {route.media: {"schema": schemas.of(route.answer)}},
    }
    if route.status == HTTPStatus.ACCEPTED:
        answer["headers"] = {
            "Location": {
                "description": "Where to ask what became of it.",
                "schema": {"type": "string"},
            }
        }
    return answer


def _path(route: Route) -> Iterable[Schema]:
    for name in re.findall(r"{(\w+)}", route.path):
        schema: Schema = {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT}
        if route.numbered:
            schema = {"type": "integer", "minimum": 1, "maximum": LARGEST_ID}
        yield {"name": name, "in": "path", "required": True, "schema": schema}


def _query(parameter: Parameter) -> Schema:
    schema: Schema
    match parameter.kind:
        case "integer":
            schema = {"type": "integer", "minimum": parameter.minimum, "maximum": parameter.maximum}
        case "time":
            schema = {"type": "string", "format": "date-time"}
        case "word":
            schema = {"type": "string", "enum": list(parameter.words)}
        case "text":
            schema = {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT}
        case "texts":
            one = {"type": "string", "pattern": "^[^,]+$", "maxLength": LONGEST_TEXT}
            schema = {"type": "array", "items": one, "minItems": 1, "maxItems": MOST_TEXTS}
    if parameter.default not in (None, ()):
        schema["default"] = parameter.default
    described: Schema = {
        "name": parameter.name,
        "in": "query",
        "description": parameter.description,
        "required": parameter.required,
        "schema": schema,
    }
    if parameter.kind == "texts":
        described["explode"] = False
    return described


def _header(route: Route) -> Iterable[Schema]:
    if route.keyed:
        yield {
            "name": KEY_HEADER,
            "in": "header",
            "description": "The same key again does nothing twice; the first answer is repeated.",
            "schema": {"type": "string", "pattern": "^[!-~]{1,128}$"},
        }


def _json(schema: Schema) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


_CHANGES: Schema = {
    "type": "object",
    "minProperties": 1,
    "description": "Dotted key to value; null goes back to the settings file's value.",
    "examples": [{"trading.min_funding_rate": "0.0004", "trading.policy": None}],
}
