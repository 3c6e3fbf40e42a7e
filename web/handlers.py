"""What the API does: a question to the views, a command to the journal, a change of settings."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, Literal, cast
from uuid import uuid4

import orjson
from aiohttp import web

from actors.config.messages import ChangeSettings, CheckSettings, FieldChange
from actors.journal.messages import GetCommand, SubmitCommand
from actors.orchestrator.messages import BotState
from actors.runtime import Address
from actors.views.messages import GetStatus, Status
from web.asking import ask
from web.auth.identity import who
from web.bodies import read_object, refuse_body
from web.errors import ApiError, Handler, json_response, written_response
from web.keys import CONFIG, JOURNAL, SETTINGS, VIEWS, WRITTEN
from web.parameters import LARGEST_ID, LONGEST_TEXT, Parameter, parameters_of, read_query

KEY_HEADER = "Idempotency-Key"
BASED_ON = Parameter(
    "based_on",
    "integer",
    minimum=0,
    maximum=LARGEST_ID,
    description="The version of the settings that the change was made on: 409 where one of the "
    "same settings has been changed since.",
)
_KEY = re.compile(r"[\x21-\x7e]{1,128}")


@dataclass(frozen=True, slots=True)
class Health:
    """The process serves and its read model answers."""

    status: Literal["ok", "alarm"]
    """alarm: it runs, and a person should look at it."""
    at: datetime
    version: str
    bot: BotState | None
    """None until the bot has spoken."""
    alarms: int


def query(question: type) -> Handler:
    """Answers with what the views say: one question for one request."""
    known = parameters_of(question)

    async def handle(request: web.Request) -> web.Response:
        values = read_query(request, known)
        await refuse_body(request)
        return await _answered(request, question(**values))

    return handle


def about(name: str, question: Callable[[str], object]) -> Handler:
    """As :func:`query`, about what the path names."""

    async def handle(request: web.Request) -> web.Response:
        read_query(request, ())
        await refuse_body(request)
        return await _answered(request, question(text(name)(request)))

    return handle


async def ask_views(request: web.Request, question: object) -> Any:
    """The views' answer. Raises ApiError where there is none."""
    return await _ask(request, VIEWS, question)


async def _answered(request: web.Request, question: object) -> web.Response:
    answer = await ask_views(request, question)
    return written_response(request.app[WRITTEN].json(question, answer))


async def health(request: web.Request) -> web.Response:
    read_query(request, ())
    await refuse_body(request)
    status = cast(Status, await _ask(request, VIEWS, GetStatus()))
    return json_response(
        Health(
            "alarm" if status.alarms else "ok",
            status.at,
            status.version,
            None if status.bot is None else status.bot.state,
            len(status.alarms),
        )
    )


def command(name: str, argument_of: Callable[[web.Request], str] = lambda _: "") -> Handler:
    """Hands a person's command to the journal; 202 once it is on disk."""

    async def handle(request: web.Request) -> web.Response:
        read_query(request, ())
        key = _idempotency_key(request)
        argument = argument_of(request)
        await refuse_body(request)
        accepted = await _ask(request, JOURNAL, SubmitCommand(key, name, argument, who(request)))
        location = {"Location": f"/api/v1/commands/{accepted.command_id}"}
        return json_response(accepted, HTTPStatus.ACCEPTED, location)

    return handle


async def get_command(request: web.Request) -> web.Response:
    read_query(request, ())
    await refuse_body(request)
    return json_response(await _ask(request, JOURNAL, GetCommand(int(number(request)))))


async def change_settings(request: web.Request) -> web.Response:
    """The body: setting to value; null goes back to the settings file's value."""
    based_on = read_query(request, (BASED_ON,)).get(BASED_ON.name)
    key = _idempotency_key(request)
    changes = ChangeSettings(await _changes(request), who(request), key, based_on)
    return json_response(await _ask(request, CONFIG, changes))


async def check_settings(request: web.Request) -> web.Response:
    """What change_settings would do with the same body; nothing is changed."""
    based_on = read_query(request, (BASED_ON,)).get(BASED_ON.name)
    changes = CheckSettings(await _changes(request), based_on)
    return json_response(await _ask(request, CONFIG, changes))


async def reset_setting(request: web.Request) -> web.Response:
    read_query(request, ())
    key = _idempotency_key(request)
    await refuse_body(request)
    change = FieldChange(text("key")(request), None)
    return json_response(await _ask(request, CONFIG, ChangeSettings((change,), who(request), key)))


def number(request: web.Request) -> str:
    """The path's ``id``, which is a number. Raises ApiError 404 where none can have it."""
    given = request.match_info["id"]
    if given.isascii() and given.isdigit() and len(given) <= 19 and 0 < int(given) <= LARGEST_ID:
        return given
    raise ApiError(404, "not_found", f"{given[:LONGEST_TEXT]!r} is not the number of anything.")


def text(name: str) -> Callable[[web.Request], str]:
    """Reads a text out of the path. Raises ApiError 404 where nothing can be called that."""

    def read(request: web.Request) -> str:
        given = request.match_info[name]
        if len(given) > LONGEST_TEXT or not given.isprintable():
            raise ApiError(404, "not_found", f"No {name} is called {given[:LONGEST_TEXT]!r}.")
        return given

    return read


async def _changes(request: web.Request) -> tuple[FieldChange, ...]:
    values = await read_object(request)
    if not values:
        raise ApiError(400, "nothing_to_change", "The body names no setting.")
    return tuple(
        FieldChange(name, None if value is None else orjson.dumps(value).decode())
        for name, value in values.items()
    )


def _idempotency_key(request: web.Request) -> str:
    """The key given, or a new one: then a repeated request is another command."""
    given = request.headers.get(KEY_HEADER)
    if given is None:
        return uuid4().hex
    if not _KEY.fullmatch(given):
        raise ApiError(
            400, "invalid_idempotency_key", f"{KEY_HEADER} is 1 to 128 visible ASCII characters."
        )
    return given


async def _ask(request: web.Request, key: web.AppKey[Address], message: object) -> Any:
    timeout = request.app[SETTINGS].answer_timeout.total_seconds()
    return await ask(request.app[key], message, timeout)
