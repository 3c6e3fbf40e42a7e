"""The places that settings stand in, as sources of pydantic-settings.

Each knows, beside the values, where every one of them stands and what is wrong with the place.
"""

import os
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from dotenv.parser import parse_stream
from pydantic_settings import BaseSettings, EnvSettingsSource, InitSettingsSource

from actors.config.nearest import misspelt_variable, unknown_key
from actors.config.problems import Problem
from actors.config.schema import holds_secret, known
from actors.config.yaml_file import Entry, read_yaml


class Place(InitSettingsSource):
    """Settings that were read as entries. Names that no setting has are problems."""

    def __init__(
        self,
        settings_cls: type[BaseSettings],
        entries: Iterable[Entry],
        problems: Iterable[Problem] = (),
    ) -> None:
        found = list(entries)
        self.entries = {entry.key: entry for entry in found if entry.key in known()}
        unknown = [unknown_key(one.key, one.place) for one in found if one.key not in known()]
        self.problems = [*problems, *unknown]
        values = {key: entry.value for key, entry in self.entries.items()}
        super().__init__(settings_cls, by_section(values))

    def __call__(self) -> dict[str, Any]:
        """Without what a place before this one has said: else maps would be merged."""
        return {
            section: {
                name: value
                for name, value in values.items()
                if name not in self.current_state.get(section, {})
            }
            for section, values in super().__call__().items()
        }


class CommandLine(Place):
    """Options by settings key; None stands for an option that was not given."""

    def __init__(self, settings_cls: type[BaseSettings], options: Mapping[str, object]) -> None:
        given = {key: value for key, value in options.items() if value is not None}
        entries = [Entry(key, value, "the command line") for key, value in given.items()]
        super().__init__(settings_cls, entries)
        self.problems += [
            Problem(
                "is a secret, and a command line can be read by others; use the environment or a "
                "file",
                entry.key,
                entry.place,
            )
            for entry in self.entries.values()
            if holds_secret(entry.key, entry.value)
        ]


class YamlFile(Place):
    """A YAML file; it must be its owner's alone if it holds a secret."""

    def __init__(self, settings_cls: type[BaseSettings], path: Path) -> None:
        super().__init__(settings_cls, *read_yaml(path))
        self.problems += _exposed(path, self.entries)


class Variables(EnvSettingsSource):
    """Variables named like TRADING_SCAN_INTERVAL. Those that are not ours are left alone."""

    def __init__(
        self, settings_cls: type[BaseSettings], variables: Mapping[str, tuple[str, str]]
    ) -> None:
        """``variables``: by name, the value and the place. Empty ones count as not given."""
        super().__init__(settings_cls)
        keys = {spec.variable: key for key, spec in known().items()}
        self.entries: dict[str, Entry] = {}
        self.problems: list[Problem] = []
        for name, (value, place) in sorted(variables.items()):
            key = keys.get(name.upper())
            if key is None:
                problem = misspelt_variable(name, place)
                self.problems += [problem] if problem else []
            elif value:
                self.entries.setdefault(key, Entry(key, value, place))
        # Ours alone: pydantic-settings would complain of other programs' STORE_PATH or SIGNAL_X.
        self.env_vars = {
            known()[key].variable.lower(): str(entry.value) for key, entry in self.entries.items()
        }


class Environment(Variables):
    """The process's environment."""

    def __init__(
        self, settings_cls: type[BaseSettings], environ: Mapping[str, str] | None = None
    ) -> None:
        environ = os.environ if environ is None else environ
        variables = {name: (value, f"{name} in the environment") for name, value in environ.items()}
        super().__init__(settings_cls, variables)


class DotenvFile(Variables):
    """A ``.env`` file; it must be its owner's alone if it holds a secret."""

    def __init__(self, settings_cls: type[BaseSettings], path: Path) -> None:
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
            variables, problems = {}, [Problem(f"cannot be read: {reason}", place=str(path))]
        super().__init__(settings_cls, variables)
        self.problems = [*problems, *self.problems, *_exposed(path, self.entries)]


Source = Place | Variables


def by_section(values: Mapping[str, object]) -> dict[str, dict[str, object]]:
    """Values by dotted key as the settings are nested."""
    nested: dict[str, dict[str, object]] = {}
    for key, value in values.items():
        section, _, name = key.partition(".")
        nested.setdefault(section, {})[name] = value
    return nested


def _exposed(path: Path, entries: Mapping[str, Entry]) -> list[Problem]:
    secrets = [key for key, entry in entries.items() if holds_secret(key, entry.value)]
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
