"""Events and dead letters: chosen by what they are about, and in pages."""

from collections.abc import Iterable
from itertools import islice

from actors.journal.messages import EventRecorded, Severity
from actors.runtime import DeadLetter
from actors.views.check import at_least
from actors.views.messages import DeadLetters, Events, GetDeadLetters, GetEvents

_GRAVITY: dict[str, int] = {severity: gravity for gravity, severity in enumerate(Severity)}


def events(newest_first: Iterable[EventRecorded], query: GetEvents) -> Events:
    """Raises Rejected (code ``invalid_query``) for a limit below 0."""
    at_least(0, limit=query.limit)
    chosen = (one for one in newest_first if _is_wanted(one, query))
    return Events(tuple(islice(chosen, query.limit)))


def dead_letters(newest_first: Iterable[DeadLetter], query: GetDeadLetters) -> DeadLetters:
    """Raises Rejected (code ``invalid_query``) for a limit or an offset below 0."""
    at_least(0, limit=query.limit, offset=query.offset)
    chosen = [
        one
        for one in newest_first
        if _is_below(query.address, one.address, "/")
        and _says(query.text, one.address, one.message, one.error, one.trace)
    ]
    page = chosen[query.offset : query.offset + query.limit]
    return DeadLetters(tuple(page), len(chosen))


def _is_wanted(one: EventRecorded, query: GetEvents) -> bool:
    event = one.event
    return (
        (query.before_seq is None or one.seq < query.before_seq)
        and (query.severity is None or _GRAVITY[event.severity] >= _GRAVITY[query.severity])
        and _is_below(query.kind, event.kind, ".")
        and _is_below(query.address, event.address, "/")
        and _says(query.text, event.text, event.kind, event.address, event.detail)
    )


def _is_below(wanted: str | None, name: str, separator: str) -> bool:
    return wanted is None or name == wanted or name.startswith(wanted + separator)


def _says(wanted: str | None, *texts: str) -> bool:
    if wanted is None:
        return True
    wanted = wanted.casefold()
    return any(wanted in text.casefold() for text in texts)
