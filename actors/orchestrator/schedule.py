"""When the next cycle is due: on a fixed UTC grid, so that no delay adds up."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LONGEST_OFFSET = timedelta(seconds=30)


def next_due(now: datetime, interval: timedelta) -> datetime:
    """The first grid point after ``now``.

    The grid lies a little after the round times: a settlement on the hour is then published, and no
    order is sent across it.
    """
    offset = min(LONGEST_OFFSET, interval / 120)
    periods = (now - EPOCH - offset) // interval
    return EPOCH + offset + (periods + 1) * interval
