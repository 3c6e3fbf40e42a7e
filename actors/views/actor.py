"""The views' actor: folds what it is told, answers what it is asked, asks anew after a restart."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

from actors.config.messages import GetSettings, SettingsView
from actors.execution.messages import ListPairs, PairsListed
from actors.journal.messages import EventsRead, GetStoreHealth, ReadEvents
from actors.orchestrator.messages import GetLastCycle, GetState, LastCycle, StateChanged
from actors.pnl.messages import Book, GetBook, PositionRecord
from actors.runtime import Actor, ActorView, Address, DeadLetter, ProcessUse, Refused
from actors.views.health import HealthInquiry
from actors.views.lives import Lives
from actors.views.messages import GetPosition, ModeInfo
from actors.views.model import EVENTS_KEPT, Fact, ReadModel
from actors.views.queries import Pages, Query

ASK_AGAIN = timedelta(seconds=10)
_FACTS = get_args(Fact)
_QUERIES = get_args(Query)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class _AskAgain:
    """A question of the start may have been lost."""


class ViewsActor(Actor):
    """Holds the read model: nothing of it is durable, all of it can be asked for again."""

    def __init__(
        self,
        observe: Callable[[], Sequence[ActorView]],
        dead_letters: Callable[[], Sequence[DeadLetter]],
        mode: ModeInfo,
        version: str,
        pnl: Address,
        config: Address,
        execution: Address,
        orchestrator: Address,
        journal: Address,
        ask_again: timedelta = ASK_AGAIN,
        gateways: Sequence[Address] = (),
        process: Callable[[], ProcessUse] | None = None,
        versions: tuple[tuple[str, str], ...] = (),
    ) -> None:
        """``versions``: of what runs here, by name; ``process``: a look at what it takes."""
        self._observe = observe
        self._dead_letters = dead_letters
        self._mode = mode
        self._version = version
        self._ask_again = ask_again
        self._pnl = pnl
        self._journal = journal
        self._gateways = gateways
        self._process = process
        self._versions = versions
        self._unanswered: dict[type, tuple[Address, object]] = {
            Book: (pnl, GetBook()),
            SettingsView: (config, GetSettings()),
            PairsListed: (execution, ListPairs()),
            StateChanged: (orchestrator, GetState()),
            LastCycle: (orchestrator, GetLastCycle()),
            EventsRead: (journal, ReadEvents(limit=EVENTS_KEPT)),
        }
        """The kind of answer, whom to ask, and what."""

    def started(self) -> None:
        self._model = ReadModel(first_revision(self.context.now(), self.context.epoch))
        self._pages = Pages(
            self._model,
            self._mode,
            self._version,
            self._observe,
            self._dead_letters,
            self._process,
            self._versions,
        )
        self._health = HealthInquiry(self.context.address, self._journal, self._gateways)
        self._lives = Lives(self.context, self._model, self._pnl)
        self._ask()

    def receive(self, message: Any) -> None:
        if isinstance(message, _QUERIES):
            self._health.someone_asks(message, self.context.now())
            self.context.reply(self._pages.answer(message, self.context.now()))
        elif isinstance(message, GetPosition):
            self._lives.ask(message.position_id)
        elif isinstance(message, PositionRecord):
            self._lives.answered(message)
        elif isinstance(message, Refused) and self._lives.refused(message):
            pass
        elif isinstance(message, Refused) and isinstance(message.message, GetStoreHealth):
            if message.code != "superseded":  # by a later question of ours: the keeper is busy
                self._model.store_is_silent(f"{message.code}: {message.reason}")
        elif isinstance(message, _FACTS):
            self._unanswered.pop(type(message), None)
            self._model.fold(message)
        elif isinstance(message, _AskAgain):
            self._ask()
        elif not isinstance(message, Refused):  # a refused question is asked again by the timer
            raise TypeError(f"the views know no {type(message).__name__}")

    def _ask(self) -> None:
        for address, question in self._unanswered.values():
            key = f"views {type(question).__name__}"
            address.tell(question, reply_to=self.context.address, conflate=key)
        if self._unanswered:
            self.context.after("ask", self._ask_again, _AskAgain())


def first_revision(now: datetime, epoch: int) -> int:
    """Above all revisions of the lives before, so that a page from then gets everything anew.

    Microseconds since 1970, and a million for each life in the same process: no life changes a
    million times a second. Fits into the integers that JavaScript knows exactly.
    """
    return (now - _EPOCH) // timedelta(microseconds=1) + epoch * 1_000_000
