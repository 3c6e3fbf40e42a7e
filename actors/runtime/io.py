"""Input and output: coroutines that an actor submits and does not wait for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Ok(Generic[T_co]):
    """The operation returned `value`."""

    value: T_co


@dataclass(frozen=True, slots=True)
class Failed:
    """The operation raised `error`."""

    error: Exception


Outcome: TypeAlias = Ok[T] | Failed


@dataclass(frozen=True, slots=True)
class Broken:
    """The function that was to make the letter raised; the actor that passed it crashes of it."""

    error: BaseException
