"""How lists are asked for: spans of time with Bybit's defaults, and pages."""

from collections.abc import Iterable

from tests.emulator.answers import Refused, page
from tests.emulator.numbers import Json
from tests.emulator.routing import Query

DAY_MS = 86_400_000
WEEK_MS = 7 * DAY_MS


def span(query: Query, now_ms: int, default_ms: int) -> tuple[int, int]:
    """First and last moment asked for; one that is missing lies ``default_ms`` from the other.

    Raises `Refused` for more than seven days.
    """
    start, end = query.get("startTime"), query.get("endTime")
    if start and end:
        first, last = int(start), int(end)
    elif start:
        first, last = int(start), int(start) + default_ms
    else:
        last = int(end) if end else now_ms
        first = last - default_ms
    if last - first > WEEK_MS:
        message = "The time range between startTime and endTime cannot exceed 7 days"
        raise Refused(10001, message)
    return first, last


def listing_of(rows: Iterable[Json], query: Query, default: int, most: int) -> Json:
    """One page of rows that come newest first."""
    shown, cursor = page(list(rows), query, default, most)
    return {"list": shown, "nextPageCursor": cursor, "category": query.get("category", "")}
