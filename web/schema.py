"""JSON Schema from the dataclasses that the API answers with."""

from dataclasses import is_dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from web.shape import is_map, parts_of

Schema = dict[str, Any]

_SIMPLE: dict[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    NoneType: {"type": "null"},
    Decimal: {"type": "string", "format": "decimal", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"},
    datetime: {"type": "string", "format": "date-time", "pattern": "Z$"},
    timedelta: {"type": "number", "description": "Seconds."},
}


class Schemas:
    """Collects the named schemas that others refer to."""

    def __init__(self) -> None:
        self.components: dict[str, Schema] = {}
        self._kinds: dict[str, type] = {}

    def of(self, hint: Any) -> Schema:
        """The schema of a type. Raises TypeError for one without a form in JSON."""
        if hint in _SIMPLE:
            return dict(_SIMPLE[hint])
        if is_map(hint):
            _, value = get_args(get_args(hint)[0])
            return {"type": "object", "additionalProperties": self.of(value)}
        origin, items = get_origin(hint), get_args(hint)
        if origin in (Union, UnionType):
            return {"anyOf": [self.of(item) for item in items]}
        if origin is Literal:
            return {"type": "string", "enum": list(items)}
        if origin is tuple and len(items) == 2 and items[1] is Ellipsis:
            return {"type": "array", "items": self.of(items[0])}
        if isinstance(hint, type) and issubclass(hint, Enum):
            return {"type": "string", "enum": [member.value for member in hint]}
        if is_dataclass(hint) and isinstance(hint, type):
            return self._reference(hint)
        raise TypeError(f"{hint} has no form in JSON")

    def _reference(self, kind: type) -> Schema:
        name = kind.__name__
        if self._kinds.setdefault(name, kind) is not kind:
            raise TypeError(f"two dataclasses are called {name}")
        if name not in self.components:
            self.components[name] = {}  # before its parts, which may refer to it
            self.components[name] = self._object(kind)
        return {"$ref": f"#/components/schemas/{name}"}

    def _object(self, kind: type) -> Schema:
        parts = parts_of(kind)
        properties: dict[str, Schema] = {}
        for part in parts:
            properties[part.name] = self.of(part.hint)
            if part.description:
                properties[part.name]["description"] = part.description
        schema: Schema = {
            "type": "object",
            "properties": properties,
            "required": [part.name for part in parts],
            "additionalProperties": False,
        }
        if kind.__doc__ and not kind.__doc__.startswith(f"{kind.__name__}("):
            schema["description"] = " ".join(kind.__doc__.split())
        return schema
