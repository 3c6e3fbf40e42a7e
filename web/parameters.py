"""Parameters of a request: read from the fields of the question they become."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import UTC, datetime
from typing import Any, Literal, get_args, get_origin, get_type_hints

from aiohttp import web

from web.errors import ApiError

Kind = Literal["integer", "time", "text", "texts", "word"]

LARGEST_ID = 2**63 - 1
LONGEST_TEXT = 200
MOST_TEXTS = 100
_BOUNDS = {
    "limit": (1, 1000),
    "offset": (0, 1_000_000_000),
    "points": (2, 10_000),
    "buckets": (1, 1_000),
    "before_seq": (1, LARGEST_ID),
}
_DESCRIPTIONS = {
    "limit": "How many at most.",
    "offset": "How many of the newest to leave out.",
    "points": "How many points at most; the extremes are kept.",
    "since": "Only what is at or after this time, e.g. 2025-03-01T12:00:00Z.",
    "pairs": "Only these pairs, separated by commas.",
    "by": "Which pairs come first where none are named: the highest rates or the most liquid.",
    "buckets": "How many stretches of time at most.",
    "stage": "Only pairs that did not pass this stage; with granted, those held or let in.",
    "before_seq": "Only what came before the event of this number.",
    "until": "Only what is before this time.",
    "pair_key": "Only this pair, e.g. BTC-USDT.",
    "result": "Only those that won, or that lost.",
    "exit_reason": "Only those left for a reason with these words in it; also: failed open.",
    "severity": "Only what is at least so grave.",
    "kind": "Only this kind and what is below: actor stands for actor.crashed, too.",
    "address": "Only this actor and those below it, e.g. root/gateways.",
    "text": "Only where these words stand, in any case.",
    "sort": "By what to sort; with - the largest or newest first.",
}


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    kind: Kind
    default: Any = None
    minimum: int | None = None
    maximum: int | None = None
    description: str = ""
    words: tuple[str, ...] = ()
    """The only ones allowed, of a word."""
    required: bool = False


def parameters_of(question: type) -> tuple[Parameter, ...]:
    """One query parameter for each field of a question; optional where the field has a default."""
    hints = get_type_hints(question)
    found = []
    for field in fields(question):
        minimum, maximum = _BOUNDS.get(field.name, (None, None))
        default = None if field.default is MISSING else field.default
        description = _DESCRIPTIONS[field.name]
        kind = _kind(hints[field.name])
        words = _words(hints[field.name])
        required = field.default is MISSING
        found.append(
            Parameter(field.name, kind, default, minimum, maximum, description, words, required)
        )
    return tuple(found)


def read_query(request: web.Request, known: tuple[Parameter, ...]) -> Mapping[str, Any]:
    """The parameters given, as values. Raises ApiError 400 that names what is wrong and known."""
    by_name = {parameter.name: parameter for parameter in known}
    values: dict[str, Any] = {}
    for name, text in request.query.items():
        if name not in by_name:
            names = ", ".join(by_name) or "none"
            raise _invalid(f"There is no parameter {name!r} here; known: {names}.")
        if name in values:
            raise _invalid(f"{name} is given twice.")
        values[name] = _value(by_name[name], text)
    for parameter in known:
        if parameter.required and parameter.name not in values:
            raise _invalid(f"{parameter.name} has to be given.")
    return values


def _words(hint: Any) -> tuple[str, ...]:
    literals = (one for one in (hint, *get_args(hint)) if get_origin(one) is Literal)
    return get_args(next(literals, None))


def _kind(hint: Any) -> Kind:
    if _words(hint):
        return "word"
    if get_origin(hint) is tuple:
        return "texts"
    kinds: dict[Any, Kind] = {int: "integer", datetime: "time", str: "text"}
    return next(kinds[one] for one in (hint, *get_args(hint)) if one in kinds)


def _value(parameter: Parameter, text: str) -> int | datetime | str | tuple[str, ...]:
    match parameter.kind:
        case "integer":
            return _integer(parameter, text)
        case "time":
            return _time(parameter, text)
        case "word":
            if text not in parameter.words:
                raise _invalid(f"{parameter.name} has to be one of {', '.join(parameter.words)}.")
            return text
        case "text":
            return _text(parameter, text)
        case "texts":
            texts = text.split(",", MOST_TEXTS)
            if len(texts) > MOST_TEXTS:
                raise _invalid(f"{parameter.name} may name {MOST_TEXTS} at most.")
            return tuple(_text(parameter, one) for one in texts)


def _text(parameter: Parameter, text: str) -> str:
    if not 0 < len(text) <= LONGEST_TEXT:
        raise _invalid(f"{parameter.name} has to be 1 to {LONGEST_TEXT} characters long.")
    return text


def _integer(parameter: Parameter, text: str) -> int:
    low, high = parameter.minimum, parameter.maximum
    plain = text.isascii() and text.isdigit() and len(text) <= 19
    value = int(text) if plain else -1
    if not plain or (low is not None and value < low) or (high is not None and value > high):
        raise _invalid(f"{parameter.name} has to be a whole number from {low} to {high}.")
    return value


def _time(parameter: Parameter, text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text.upper())
        if at.tzinfo is None:
            raise ValueError("no time zone")
        return at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise _invalid(
            f"{parameter.name} has to be a time with its zone, such as 2025-03-01T12:00:00Z."
        ) from None


def _invalid(message: str) -> ApiError:
    return ApiError(400, "invalid_query", message)
