"""A table of paths and what answers them, apart from HTTP."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.emulator.numbers import Json

Query = dict[str, str]
"""Parameters of a request, from its query or from its JSON body, as text."""
Handler = Callable[..., Json]
"""A function of what it works on and the parameters, giving the result."""


@dataclass(slots=True)
class Routes:
    table: dict[tuple[str, str], Handler] = field(default_factory=dict)
    """Method and path to handler."""

    def get(self, path: str) -> Callable[[Handler], Handler]:
        return self._add("GET", path)

    def post(self, path: str) -> Callable[[Handler], Handler]:
        return self._add("POST", path)

    def _add(self, method: str, path: str) -> Callable[[Handler], Handler]:
        def keep(handler: Handler) -> Handler:
            self.table[(method, path)] = handler
            return handler

        return keep


def as_query(document: Mapping[str, object]) -> Query:
    """The members of a JSON body as text."""
    return {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in document.items()
    }
