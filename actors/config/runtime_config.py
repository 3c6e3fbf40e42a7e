"""The overlay: what was changed while running, on top of the settings."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from types import MappingProxyType

from actors.config.loading import settings_from
from actors.config.messages import FieldChange
from actors.config.nearest import unknown_key
from actors.config.problems import Problem, SettingsError
from actors.config.schema import known, value_of
from actors.config.settings import Settings
from actors.config.texts import text_of

NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class RuntimeConfig:
    """One version of the overlay. Changing it gives the next one; neither is ever half valid."""

    configured: Settings
    """What files, environment and command line said at the start."""
    overrides: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    """Key to the value as text, for what is not left to ``configured``."""
    version: int = 0
    set_aside: tuple[Problem, ...] = ()
    """Overrides on record that ``configured`` no longer bears; they have no effect."""
    effective: Settings = field(init=False)
    """Both together. Building an overlay that does not fit raises SettingsError."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "effective", _overlaid(self.configured, self.overrides))

    def changed(self, changes: Iterable[FieldChange]) -> "RuntimeConfig":
        """The overlay with all changes, or itself where they change nothing.

        Raises SettingsError, with every reason, if one of them is not acceptable or the whole no
        longer fits together.
        """
        given: dict[str, object] = {}
        problems: list[Problem] = []
        for change in changes:
            if problem := _not_editable(change.key):
                problems.append(problem)
                continue
            try:
                given[change.key] = _parsed(change.value)
            except ValueError as error:
                problems.append(Problem(str(error), change.key))
        overrides = {key: text for key, text in self.overrides.items() if key not in given}
        values = {key: value for key, value in given.items() if value is not None}
        try:
            fitting = _overlaid(self.configured, overrides | values)
        except SettingsError as error:
            problems += error.problems
        else:
            # Written the one way that texts.py writes, whatever way they were given in.
            overrides |= {key: text_of(value_of(fitting, key)) for key in values}
        if problems:
            raise SettingsError(problems)
        set_aside = tuple(one for one in self.set_aside if one.key not in given)
        if overrides == dict(self.overrides) and set_aside == self.set_aside:
            return self
        return replace(self, overrides=overrides, version=self.version + 1, set_aside=set_aside)

    def different_from(self, before: "RuntimeConfig") -> tuple[str, ...]:
        """Keys whose override is another, and those set aside that were now dealt with; sorted."""
        keys = before.overrides.keys() | self.overrides.keys()
        changed = {key for key in keys if before.overrides.get(key) != self.overrides.get(key)}
        changed |= {one.key for one in before.set_aside} - {one.key for one in self.set_aside}
        return tuple(sorted(changed))


def restored(configured: Settings, overrides: Mapping[str, str], version: int) -> RuntimeConfig:
    """The overlay that is on record. What no longer fits is set aside, the rest stays in force."""
    kept = dict(sorted(overrides.items()))
    set_aside = [problem for key in kept if (problem := _not_editable(key))]
    for one in set_aside:
        del kept[one.key]
    while True:
        try:
            return RuntimeConfig(configured, kept, version, tuple(set_aside))
        except SettingsError as error:
            for one in error.problems:
                at_fault = one.key if one.key in kept else one.other_key
                if kept.pop(at_fault, None) is not None:
                    set_aside.append(replace(one, key=at_fault))


def _overlaid(configured: Settings, overrides: Mapping[str, object]) -> Settings:
    if not overrides:
        return configured
    values = {key: value_of(configured, key) for key in known()}
    return settings_from(values | dict(overrides))


def _not_editable(key: str) -> Problem | None:
    spec = known().get(key)
    if spec is None:
        return unknown_key(key)
    if not spec.editable:
        return Problem("takes effect at the next start only; set it in settings.yaml", key)
    return None


def _parsed(text: str | None) -> object:
    """The value in a JSON text, numbers exact. None, and null, mean: back to the settings."""
    if text is None:
        return None
    try:
        value: object = json.loads(text, parse_float=Decimal, parse_constant=Decimal)
    except (ValueError, RecursionError):
        raise ValueError("the value is not valid JSON") from None
    return value
