"""Settings from everywhere they may stand: the later a place is named here, the less it counts.

Command line, environment, ``.env``, files given by ``--config`` (the last one first),
``settings.yaml``, defaults. A setting is taken as a whole from the first place that has it.
"""

from collections import ChainMap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import PydanticBaseSettingsSource

from actors.config.problems import Conflicts, Problem, SettingsError
from actors.config.schema import holds_secret, known
from actors.config.settings import Settings
from actors.config.sources import (
    CommandLine,
    DotenvFile,
    Environment,
    Source,
    YamlFile,
    by_section,
)
from actors.config.texts import shown_input
from actors.config.yaml_file import Entry

SETTINGS_FILE = "settings.yaml"
DOTENV_FILE = ".env"


@dataclass(frozen=True, slots=True)
class Loaded:
    settings: Settings
    places: Mapping[str, str]
    """Where each setting that is not a default was found, by key."""


def load(
    config_files: Sequence[Path] = (),
    options: Mapping[str, object] | None = None,
    *,
    folder: Path | None = None,
    environ: Mapping[str, str] | None = None,
) -> Loaded:
    """The settings in force, with the place of each. Raises SettingsError: all that is wrong.

    ``options`` are the command line's, by key (``historical.speed``); None means not given.
    ``settings.yaml`` and ``.env`` are looked for in ``folder``, else in the working directory.
    """
    folder = Path() if folder is None else folder
    sources: tuple[Source, ...] = (
        CommandLine(Settings, options or {}),
        Environment(Settings, environ),
        *(DotenvFile(Settings, path) for path in [folder / DOTENV_FILE] if path.exists()),
        *(YamlFile(Settings, path) for path in reversed(config_files)),
        *(YamlFile(Settings, path) for path in [folder / SETTINGS_FILE] if path.exists()),
    )
    problems = [problem for source in sources for problem in source.problems]
    entries = ChainMap(*(source.entries for source in sources))
    try:
        settings = _explained(lambda: _read_from(sources), entries)
    except SettingsError as error:
        problems += error.problems
    else:
        if not problems:
            return Loaded(settings, {key: entry.place for key, entry in entries.items()})
    raise SettingsError(problems)


def settings_from(values: Mapping[str, object]) -> Settings:
    """Settings from values by key, defaults for the rest. Raises SettingsError."""
    entries = {key: Entry(key, value, "") for key, value in values.items()}
    return _explained(lambda: Settings.model_validate(by_section(values)), entries)


def _read_from(sources: tuple[Source, ...]) -> Settings:
    """What pydantic-settings makes of the sources; the first that has a setting counts."""

    class Read(Settings):  # it asks a class for its sources, so each reading has a class
        @classmethod
        def settings_customise_sources(
            cls, *_: object, **__: object
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            return sources

    return Settings(**dict(Read()))


def _explained(build: Callable[[], Settings], entries: Mapping[str, Entry]) -> Settings:
    try:
        return build()
    except ValidationError as error:
        found = [problem for part in error.errors() for problem in _problems(part, entries)]
        raise SettingsError(dict.fromkeys(found)) from None


def _problems(error: ErrorDetails, entries: Mapping[str, Entry]) -> list[Problem]:
    cause = error.get("ctx", {}).get("error")
    if isinstance(cause, Conflicts):
        return [replace(one, place=_entry(entries, one.key).place) for one in cause.problems]
    key = ".".join(str(part) for part in error["loc"][:2])
    entry, spec = _entry(entries, key), known().get(key)
    if spec is None:
        return [Problem(error["msg"], key, entry.place)]
    what = _WHAT.get(error["type"]) or (str(cause) if cause else "is not known")
    if holds_secret(key, entry.value):
        given = "the value given"
    elif entry.value is None:
        given, what = "an empty value", "is of no use"
    else:
        given = shown_input(entry.value)
    within = error["loc"][2:] if spec.kind in ("pairs", "pair_amounts", "list", "map") else ()
    if within:
        given = f"in {given}, {shown_input(error['input'])}"
    return [Problem(f"{given} {what}; right is {spec.right}", key, entry.place)]


def _entry(entries: Mapping[str, Entry], key: str) -> Entry:
    return entries.get(key, Entry(key, None, ""))


_WHAT = {
    "greater_than": "is too small",
    "greater_than_equal": "is too small",
    "less_than": "is too large",
    "less_than_equal": "is too large",
    "too_long": "holds too many",
    "finite_number": "is not a number",
    "decimal_parsing": "is not a number",
    "decimal_type": "is not a number",
    "float_parsing": "is not a number",
    "float_type": "is not a number",
    "int_parsing": "is not a whole number",
    "int_parsing_size": "is too large",
    "int_type": "is not a whole number",
    "int_from_float": "is not a whole number",
    "bool_parsing": "is neither true nor false",
    "bool_type": "is neither true nor false",
    "decimal_max_digits": "has too many digits",
    "decimal_max_places": "has too many decimal places",
    "decimal_whole_digits": "has too many digits",
}
