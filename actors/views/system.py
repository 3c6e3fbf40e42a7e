"""The actors and the dead letters. Nobody tells of them, so they are looked at."""

from collections.abc import Callable, Sequence

from actors.runtime import ActorView, DeadLetter
from actors.views.model import ReadModel, Topic


class SystemWatch:
    """What was seen at the last look; a difference is a change of the read model."""

    def __init__(
        self,
        model: ReadModel,
        observe: Callable[[], Sequence[ActorView]],
        dead_letters: Callable[[], Sequence[DeadLetter]],
    ) -> None:
        self._model = model
        self._observe = observe
        self._dead_letters = dead_letters
        self.actors: tuple[ActorView, ...] = ()
        self.letters_waiting = 0

    def look(self) -> None:
        actors, letters = tuple(self._observe()), len(self._dead_letters())
        if actors != self.actors or letters != self.letters_waiting:
            before = (tuple(map(_standing, self.actors)), self.letters_waiting)
            self.actors, self.letters_waiting = actors, letters
            self._model.touch(Topic.SYSTEM)
            if before != (tuple(map(_standing, actors)), letters):
                self._model.touch(Topic.STATUS)

    def dead_letters(self) -> tuple[DeadLetter, ...]:
        return tuple(self._dead_letters())


def _standing(actor: ActorView) -> tuple[str, str, str | None]:
    return (actor.address, actor.state, actor.last_error)
