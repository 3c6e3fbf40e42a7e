"""Settings from everywhere they may stand: the later a place is named here, the less it counts.

Command line, environment, ``.env``, files given by ``--config`` (the last one first),
``settings.yaml``, defaults. A setting is taken as a whole from the first place that has it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from actors.config.layers import from_command_line, from_dotenv, from_environment, from_file
from actors.config.problems import Conflicts, Problem, SettingsError
from actors.config.schema import holds_secret, known
from actors.config.settings import Settings
from actors.config.texts import shown_input

SETTINGS_FILE = "settings.yaml"
DOTENV_FILE = ".env"


@dataclass(frozen=True, slots=True)
class Loaded:
    settings: Settings
    places: Mapping[str, str]
    """Where each setting that is not a default was found, by key."""


def load_settings(
    config_files: Sequence[Path] = (),
    options: Mapping[str, object] | None = None,
    *,
    folder: Path | None = None,
    environ: Mapping[str, str] | None = None,
) -> Settings:
    """The settings in force. Raises SettingsError, which lists all that is wrong."""
    return load(config_files, options, folder=folder, environ=environ).settings


def load(
    config_files: Sequence[Path] = (),
    options: Mapping[str, object] | None = None,
    *,
    folder: Path | None = None,
    environ: Mapping[str, str] | None = None,
) -> Loaded:
    """As :func:`load_settings`, with the place of each.

    ``options`` are the command line's, by key (``historical.speed``); None means not given.
    ``settings.yaml`` and ``.env`` are looked for in ``folder``, else in the working directory.
    """
    folder = Path() if folder is None else folder
    layers = [from_command_line(options or {}), from_environment(environ)]
    if (folder / DOTENV_FILE).exists():
        layers.append(from_dotenv(folder / DOTENV_FILE))
    layers += [from_file(path) for path in reversed(config_files)]
    if (folder / SETTINGS_FILE).exists():
        layers.append(from_file(folder / SETTINGS_FILE))
    problems = [problem for _, found in layers for problem in found]
    values: dict[str, object] = {}
    places: dict[str, str] = {}
    for entries, _ in layers:
        for entry in entries:
            if entry.key not in values:
                values[entry.key] = entry.value
                places[entry.key] = entry.place
    try:
        settings = settings_from(values, places)
    except SettingsError as error:
        problems += error.problems
    else:
        if not problems:
            return Loaded(settings, places)
    raise SettingsError(problems)


def settings_from(
    values: Mapping[str, object], places: Mapping[str, str] | None = None
) -> Settings:
    """Settings from values by key, defaults for the rest. Raises SettingsError."""
    nested: dict[str, dict[str, object]] = {}
    for key, value in values.items():
        section, _, name = key.partition(".")
        nested.setdefault(section, {})[name] = value
    try:
        return Settings.model_validate(nested)
    except ValidationError as error:
        found = [one for part in error.errors() for one in _problems(part, values, places or {})]
        raise SettingsError(dict.fromkeys(found)) from None


def _problems(
    error: ErrorDetails, values: Mapping[str, object], places: Mapping[str, str]
) -> list[Problem]:
    cause = error.get("ctx", {}).get("error")
    if isinstance(cause, Conflicts):
        return [replace(one, place=places.get(one.key, "")) for one in cause.problems]
    key = ".".join(str(part) for part in error["loc"][:2])
    spec = known().get(key)
    if spec is None:
        return [Problem(error["msg"], key, places.get(key, ""))]
    what = _WHAT.get(error["type"]) or (str(cause) if cause else "is not known")
    value = values.get(key)
    if holds_secret(key, value):
        given = "the value given"
    elif value is None:
        given, what = "an empty value", "is of no use"
    else:
        given = shown_input(value)
    within = error["loc"][2:] if spec.kind in ("list", "map") else ()
    if within:
        given = f"in {given}, {shown_input(error['input'])}"
    return [Problem(f"{given} {what}; right is {spec.right}", key, places.get(key, ""))]


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
