"""The levers by HTTP: POST /emulator/<name of a method of Control> with its arguments as JSON."""

from collections.abc import Mapping
from typing import Any

from tests.emulator.control import Control
from tests.emulator.faults import Kind
from tests.emulator.numbers import D, Json

DECIMALS = frozenset(
    {"price", "basis_bp", "level_usdt", "rate", "fraction", "quantity", "amount", "leverage"}
)
"""Arguments that are numbers written as strings."""


def run(control: Control, name: str, arguments: Mapping[str, Any]) -> Json:
    """Raises LookupError for an unknown lever, TypeError and ValueError for arguments it lacks."""
    method = getattr(control, name, None)
    if name.startswith("_") or not callable(method):
        raise LookupError(name)
    given: dict[str, Any] = {
        key: D(str(value)) if key in DECIMALS and value is not None else value
        for key, value in arguments.items()
    }
    if "kind" in given:
        given["kind"] = Kind(given["kind"])
    result = method(**given)
    return result if isinstance(result, dict) else {}
