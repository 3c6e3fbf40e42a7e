"""Pages that depend on one topic alone: put together once per change of it, and kept."""

from collections.abc import Callable
from typing import Any, TypeVar

from actors.views.model import ReadModel, Topic

T = TypeVar("T")


class KeptPages:
    """One page a topic."""

    def __init__(self, model: ReadModel) -> None:
        self._model = model
        self._kept: dict[Topic, tuple[int, Any]] = {}

    def page(self, topic: Topic, make: Callable[[], T]) -> T:
        """The topic's page; ``make`` is called where the topic changed since the last time."""
        revision = self._model.changed[topic]
        kept = self._kept.get(topic)
        if kept is None or kept[0] != revision:
            kept = self._kept[topic] = (revision, make())
        page: T = kept[1]
        return page
