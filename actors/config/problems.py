"""What is wrong with settings, in words: all of it at once."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend."""

    what: str
    key: str = ""
    """Dotted key, e.g. ``risk.max_spread_bp``; empty where no single setting is meant."""
    place: str = ""
    """``settings.yaml, line 12`` or ``TRADING_LEVERAGE in the environment``; empty if unknown."""
    other_key: str = ""
    """Where two settings don't fit together: the other one."""

    def __str__(self) -> str:
        return ": ".join(part for part in (self.place, self.key, self.what) if part)


def by_key(problems: Iterable[Problem]) -> tuple[tuple[str, str], ...]:
    """What to say at each setting; two that don't fit together are both told of it."""
    found: dict[str, list[str]] = {}
    for one in problems:
        if one.key:
            found.setdefault(one.key, []).append(one.what)
        if one.other_key:
            found.setdefault(one.other_key, []).append(f"{one.key}: {one.what}")
    return tuple((key, "; ".join(texts)) for key, texts in found.items())


class SettingsError(Exception):
    """Settings that cannot be used. ``str()`` is a readable list, without any secret."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class Conflicts(ValueError):
    """Settings that are fine one by one, but not together."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(str(problem) for problem in self.problems))
