"""A small house around the journal: someone who does what is commanded, and someone who watches."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from actors.journal.actor import JournalActor, Target
from actors.journal.messages import EventRecorded, SubmitCommand
from actors.runtime import (
    Actor,
    Address,
    ChildSpec,
    DeadLetter,
    FaultPlan,
    Rejected,
    SimulatedClock,
    SimulatedRuntime,
    SupervisorSpec,
)
from actors.store import CommandRecord, Store

START = datetime(2025, 1, 1, tzinfo=UTC)
DONE_BY_DOER = ("start", "stop", "pause", "resume", "restart", "close-position")


@dataclass(frozen=True, slots=True)
class Order:
    name: str
    argument: str
    command_id: int


@dataclass(frozen=True, slots=True)
class OrderAnswer:
    command_id: int
    text: str


def order(name: str, command_id: int, argument: str) -> Order:
    return Order(name, argument, command_id)


class Doer(Actor):
    def __init__(self, house: "House") -> None:
        self.house = house

    def receive(self, message: Any) -> None:
        match message:
            case Order(name, argument, command_id):
                self.house.done.append(message)
                if argument == "nowhere":
                    raise Rejected("no_such_position", "there is none")
                if argument == "poison":
                    raise ValueError("cannot bear it")
                self.context.reply(OrderAnswer(command_id, f"{name}: as you wish"))


class Watcher(Actor):
    def __init__(self, house: "House") -> None:
        self.house = house

    def receive(self, message: Any) -> None:
        if isinstance(message, EventRecorded):
            self.house.seen.append(message)


class House:
    """One store; each process that is started on it has its own runtime."""

    def __init__(self, seed: int = 1, faults: FaultPlan | None = None) -> None:
        self.store = Store.open("sqlite://")
        self.clock = SimulatedClock(START)
        self.seed = seed
        self.faults = faults
        self.done: list[Order] = []
        self.buried: list[DeadLetter] = []
        """By processes that were lost."""
        self.seen: list[EventRecorded] = []
        self.start()

    def start(self) -> None:
        """A new process, at the time that it is."""
        self.runtime = SimulatedRuntime(self.clock, self.seed)
        at = self.runtime.address
        targets = {name: Target(at("root/doer"), partial(order, name)) for name in DONE_BY_DOER}
        targets["emergency-stop"] = Target(at("root/gone"), lambda id, _: Order("halt", "", id))

        def journal() -> JournalActor:
            return JournalActor(
                self.store,
                views=at("root/watcher"),
                targets=targets,
                supervisor_of=self.supervisor_of,
                letters=self.runtime.dead_letters,
            )

        self.runtime.start(
            SupervisorSpec(
                "root",
                max_restarts=1_000_000,
                children=[
                    ChildSpec("journal", journal),
                    ChildSpec("doer", lambda: Doer(self)),
                    ChildSpec("watcher", lambda: Watcher(self)),
                    SupervisorSpec("rooms", children=[ChildSpec("cellar", lambda: Watcher(self))]),
                ],
            )
        )

        # The start itself is to succeed; from here on anything may happen.
        self.runtime.faults = self.faults

    def supervisor_of(self, name: str) -> Address | None:
        if name == "root/rooms/attic":  # gone since somebody looked
            return self.runtime.address("root/rooms")
        for view in self.runtime.observe():
            if view.address == name and view.parent is not None:
                return self.runtime.address(view.parent)
        return None

    def ask(self, message: object) -> Any:
        return self.runtime.ask("root/journal", message, timedelta(hours=1))

    def tell(self, message: object) -> None:
        self.runtime.address("root/journal").tell(message)

    def submit(self, name: str, argument: str = "", key: str = "k1") -> Any:
        answer = self.ask(SubmitCommand(key, name, argument, "anna"))
        self.runtime.run_until_idle()
        return answer

    def command(self, id: int = 1) -> CommandRecord:
        with self.store.reading() as tx:
            record = tx.commands.get(id)
        assert record is not None
        return record

    def lose_process(self) -> None:
        self.buried += self.runtime.dead_letters.list()
        self.runtime.lose_process()
        self.start()
