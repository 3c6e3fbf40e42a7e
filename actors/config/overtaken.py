"""Whether somebody else has changed the same settings meanwhile."""

from collections.abc import Iterable

from actors.config.problems import Problem
from actors.config.record import Changes


def overtaken(keys: Iterable[str], based_on: int, newest: int, changes: Changes) -> list[Problem]:
    """Those of ``keys`` that were changed after version ``based_on``: by whom, when, to what."""
    if based_on > newest:
        what = f"version {based_on} is not known here, the newest is {newest}; load them anew"
        return [Problem(what)]
    later = (changes.last_of_key.get(key) for key in keys)
    return [
        Problem(
            f"{one.who} changed it to {one.after or 'what the settings say'} at "
            f"{one.at:%Y-%m-%d %H:%M:%S} UTC (version {one.version})",
            one.key,
        )
        for one in later
        if one is not None and one.version > based_on
    ]
