"""The actors and the dead letters. Nobody tells of them, so they are looked at."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from actors.runtime import ActorView, DeadLetter, ProcessUse
from actors.views.model import ReadModel, Topic

SECONDS_BETWEEN = 1.0
"""Real ones, at least, between the two looks that messages per second are taken from."""


class SystemWatch:
    """What was seen at the last look; a difference is a change of the read model."""

    def __init__(
        self,
        model: ReadModel,
        observe: Callable[[], Sequence[ActorView]],
        dead_letters: Callable[[], Sequence[DeadLetter]],
        process: Callable[[], ProcessUse] | None = None,
    ) -> None:
        self._model = model
        self._observe = observe
        self._dead_letters = dead_letters
        self._look_at_process = process
        self.actors: tuple[ActorView, ...] = ()
        self.letters_waiting = 0
        self.process: ProcessUse | None = None
        self._counted: dict[str, int] = {}
        """Messages dealt with, by address, when they were counted last."""
        self._counted_at = 0.0
        self._per_second: dict[str, float] = {}
        self._rows: dict[str, tuple[ActorView, ActorView]] = {}
        """What was seen of each actor, and the row made of it."""

    def look(self) -> None:
        actors, letters = tuple(self._observe()), len(self._dead_letters())
        if self._look_at_process is not None:
            self.process = self._look_at_process()
            self._count(actors, self.process.up_seconds)
        if actors != self.actors or letters != self.letters_waiting:
            before = (tuple(map(_standing, self.actors)), self.letters_waiting)
            self.actors, self.letters_waiting = actors, letters
            self._model.touch(Topic.SYSTEM)
            if before != (tuple(map(_standing, actors)), letters):
                self._model.touch(Topic.STATUS)

    def rows(self) -> tuple[ActorView, ...]:
        """The actors, with their messages per second."""
        before, self._rows = self._rows, {}
        for one in self.actors:
            rate = self._per_second.get(one.address)
            seen, row = before.get(one.address, (None, one))
            if seen != one or row.per_second != rate:
                row = replace(one, per_second=rate)
            self._rows[one.address] = (one, row)
        return tuple(row for _, row in self._rows.values())

    def dead_letters(self) -> Sequence[DeadLetter]:
        """Newest first."""
        return tuple(reversed(self._dead_letters()))

    def _count(self, actors: Sequence[ActorView], now: float) -> None:
        passed = now - self._counted_at
        if self._counted and passed < SECONDS_BETWEEN:
            return
        before = self._counted
        self._per_second = {
            one.address: round((one.handled - before[one.address]) / passed, 2)
            for one in actors
            if one.address in before
        }
        self._counted = {one.address: one.handled for one in actors}
        self._counted_at = now


def _standing(actor: ActorView) -> tuple[str, str, str | None]:
    return (actor.address, actor.state, actor.last_error)
