"""The places settings come from, each as a list of entries."""

import os
import stat
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

from dotenv.parser import parse_stream

from actors.config.problems import Problem
from actors.config.schema import holds_secret, known, sections
from actors.config.yaml_file import Entry, read_yaml

Read = tuple[list[Entry], list[Problem]]


def from_file(path: Path) -> Read:
    """Of a YAML file; it must be its owner's alone if it holds a secret."""
    entries, problems = read_yaml(path)
    known_entries, unknown = _known(entries)
    return known_entries, [*problems, *unknown, *_exposed(path, known_entries)]


def from_dotenv(path: Path) -> Read:
    """Of a ``.env`` file. Variables that are not ours are left alone."""
    variables: dict[str, tuple[str, str]] = {}
    problems: list[Problem] = []
    try:
        with path.open(encoding="utf-8") as stream:
            for binding in parse_stream(stream):
                place = f"{path}, line {binding.original.line}"
                if binding.error:
                    problems.append(Problem("is not of the form NAME=value", place=place))
                elif binding.key is not None and binding.value is not None:
                    variables[binding.key] = (binding.value, f"{binding.key} in {place}")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text in UTF-8"
        return [], [Problem(f"cannot be read: {reason}", place=str(path))]
    entries, unknown = _from_variables(variables)
    return entries, [*problems, *unknown, *_exposed(path, entries)]


def from_environment(environ: Mapping[str, str] | None = None) -> Read:
    """Of the process's environment variables, as TRADING_SCAN_INTERVAL."""
    environ = os.environ if environ is None else environ
    return _from_variables(
        {name: (value, f"{name} in the environment") for name, value in environ.items()}
    )


def from_command_line(options: Mapping[str, object]) -> Read:
    """Of options by settings key; None stands for an option that was not given."""
    given = [
        Entry(key, value, "the command line") for key, value in options.items() if value is not None
    ]
    entries, problems = _known(given)
    problems += [
        Problem(
            "is a secret, and a command line can be read by others; use the environment or a file",
            entry.key,
            entry.place,
        )
        for entry in entries
        if holds_secret(entry.key, entry.value)
    ]
    return entries, problems


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


def _known(entries: Iterable[Entry]) -> Read:
    right, problems = [], []
    for entry in entries:
        if entry.key in known():
            right.append(entry)
        else:
            problems.append(unknown_key(entry.key, entry.place))
    return right, problems


def _from_variables(variables: Mapping[str, tuple[str, str]]) -> Read:
    """Empty ones count as not given. One that looks like a slip of the pen is a problem."""
    keys = {spec.variable: key for key, spec in known().items()}
    entries, problems = [], []
    for name, (value, place) in sorted(variables.items()):
        if name.upper() in keys:
            if value:
                entries.append(Entry(keys[name.upper()], value, place))
        elif name.upper().startswith(tuple(f"{one}_".upper() for one in sections())):
            nearest = get_close_matches(name.upper(), keys, 1, 0.85)
            # Other programs' variables may begin like ours; only a near miss is meant for us.
            if nearest:
                what = f"there is no such setting; did you mean {nearest[0]}?"
                problems.append(Problem(what, place=place))
    return entries, problems


def _exposed(path: Path, entries: Sequence[Entry]) -> list[Problem]:
    secrets = [entry.key for entry in entries if holds_secret(entry.key, entry.value)]
    if not secrets or os.name != "posix":
        return []
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError:
        mode = 0o777
    if not mode & 0o077:
        return []
    what = f"holds {', '.join(secrets)} and others may read it ({mode:04o}); chmod 600 {path}"
    return [Problem(what, place=str(path))]
