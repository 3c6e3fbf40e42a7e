"""What is said of names that no setting has: which one may have been meant."""

from difflib import get_close_matches

from actors.config.problems import Problem
from actors.config.schema import known, sections


def unknown_key(key: str, place: str = "") -> Problem:
    """That there is no such setting, and which one may have been meant."""
    section, dot, name = key.partition(".")
    if section not in sections():
        nearest = [one for one in get_close_matches(key, known(), 1, 0.7) if dot]
        nearest = nearest or get_close_matches(section, sections(), 1, 0.5)
        known_names = f"; the sections are {', '.join(sections())}"
    else:
        in_section = [spec.name for spec in known().values() if spec.section == section]
        nearest = [f"{section}.{one}" for one in get_close_matches(name, in_section, 1, 0.5)]
        nearest = nearest or get_close_matches(name, known(), 1, 0.5)
        known_names = f"; {section} has {', '.join(in_section)}"
    meant = f"; did you mean {nearest[0]}?" if nearest else known_names
    return Problem(f"there is no such setting{meant}", key, place)


def misspelt_variable(name: str, place: str) -> Problem | None:
    """That a variable looks like a slip of the pen; None where it is some other program's.

    Other programs' variables may begin like ours; only a near miss is meant for us.
    """
    if not name.upper().startswith(tuple(f"{one}_".upper() for one in sections())):
        return None
    variables = [spec.variable for spec in known().values()]
    nearest = get_close_matches(name.upper(), variables, 1, 0.85)
    if not nearest:
        return None
    what = f"there is no such setting; did you mean {nearest[0]}?"
    return Problem(what, place=place)
