"""Actors at their pace, the log by what it is about, and how store and venues fare."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from actors.execution.messages import ListPairs
from actors.gateway.messages import GetVenueHealth, VenueHealth
from actors.journal.messages import EventRecorded, EventsRead, GetStoreHealth, Severity
from actors.runtime import (
    Actor,
    ActorView,
    ChildSpec,
    DeadLetter,
    ProcessUse,
    Rejected,
    SimulatedRuntime,
    SupervisorSpec,
)
from actors.store import StoreHealth
from actors.views import messages as ask
from actors.views.actor import ViewsActor
from actors.views.health import EVERY
from actors.views.model import ReadModel
from actors.views.queries import Pages
from actors.views.system import SystemWatch
from tests.builders import NOON
from tests.views import facts
from tests.views.test_pages import MODE, Front, actor

STORE = StoreHealth("SQLite 3.40.1", "books.db", 4_096, "0001", 7, 0, None)
VENUE = VenueHealth("alpha", 3, NOON, 0, None, None, 0.1, 0.2, 0, 0)


class Watched:
    """Actors whose counts a test sets, and a process whose seconds it lets pass."""

    def __init__(self) -> None:
        self.handled = {"root/market": 0, "root/web": 0}
        self.up = 100.0
        self.watch = SystemWatch(ReadModel(), self.observe, tuple, self.process)
        self.watch.look()

    def observe(self) -> Sequence[ActorView]:
        return [actor(name, handled=count) for name, count in self.handled.items()]

    def process(self) -> ProcessUse:
        return ProcessUse(self.up, 1, None, 1)

    def later(self, seconds: float, **handled: int) -> dict[str, float | None]:
        self.up += seconds
        for name, count in handled.items():
            self.handled[f"root/{name}"] += count
        self.watch.look()
        return {row.address: row.per_second for row in self.watch.rows()}


def test_messages_per_second_come_from_two_looks() -> None:
    watched = Watched()
    assert {row.per_second for row in watched.watch.rows()} == {None}
    assert watched.later(2.0, market=10) == {"root/market": 5.0, "root/web": 0.0}
    soon = watched.later(0.1, market=1_000)
    assert soon == {"root/market": 5.0, "root/web": 0.0}, "too soon for another"
    assert watched.later(0.9, web=3) == {"root/market": 1_000.0, "root/web": 3.0}


def test_an_actor_that_is_new_has_no_rate_yet() -> None:
    watched = Watched()
    watched.handled["root/late"] = 50
    assert watched.later(5.0)["root/late"] is None
    assert watched.later(5.0)["root/late"] == 0.0


def test_a_row_that_did_not_change_is_the_same_one() -> None:
    watched = Watched()
    watched.later(1.0)
    before = {row.address: row for row in watched.watch.rows()}
    watched.later(1.0, market=5)
    after = {row.address: row for row in watched.watch.rows()}
    assert after["root/web"] is before["root/web"]
    assert after["root/market"] != before["root/market"]


def test_the_page_says_what_runs_and_what_it_takes() -> None:
    process = ProcessUse(5.0, 1_000_000, 0.5, 9)
    pages = Pages(ReadModel(), MODE, "1.0", list, list, lambda: process, (("Python", "3.13"),))
    page: Any = pages.answer(ask.GetSystem(), NOON)
    assert (page.process, page.versions) == (process, (("Python", "3.13"),))
    assert (page.store, page.venues) == (None, ()), "nobody has said yet"


def recorded(seq: int, severity: Severity, kind: str, address: str, text: str) -> EventRecorded:
    plain = facts.event(seq, severity)
    event = replace(plain.event, kind=kind, address=address, text=text, detail="Trace of it")
    return replace(plain, event=event)


EVENTS = (
    recorded(1, Severity.INFO, "actor.restarted", "root/market", "market is back"),
    recorded(2, Severity.WARNING, "actor.crashed", "root/gateways/alpha", "ValueError: Boom"),
    recorded(3, Severity.ALARM, "actorless", "root/gatewaysmith", "something else"),
)


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ({}, [3, 2, 1]),
        ({"severity": "warning"}, [3, 2]),
        ({"severity": "alarm"}, [3]),
        ({"kind": "actor"}, [2, 1]),
        ({"kind": "actor.crashed"}, [2]),
        ({"address": "root/gateways"}, [2]),
        ({"text": "BOOM"}, [2]),
        ({"text": "trace of"}, [3, 2, 1]),
        ({"text": "market"}, [1]),
        ({"kind": "actor", "limit": 1}, [2]),
        ({"kind": "actor", "before_seq": 2}, [1]),
        ({"severity": "alarm", "kind": "actor"}, []),
    ],
)
def test_events_are_found_by_what_they_are_about(query: dict[str, Any], wanted: list[int]) -> None:
    front = Front(EventsRead(tuple(reversed(EVENTS))))
    assert [one.seq for one in front.ask(ask.GetEvents(**query)).events] == wanted


def test_dead_letters_come_in_pages_newest_first() -> None:
    front = Front()
    front.letters = [
        DeadLetter(n, NOON, f"root/{'pnl' if n % 2 else 'views'}", f"m{n}", "boom", "trace", 3)
        for n in range(1, 8)
    ]

    def page(**query: Any) -> tuple[list[int], int]:
        answer = front.ask(ask.GetDeadLetters(**query))
        return [one.id for one in answer.letters], answer.total

    assert page() == ([7, 6, 5, 4, 3, 2, 1], 7)
    assert page(limit=2, offset=1) == ([6, 5], 7)
    assert page(address="root/views") == ([6, 4, 2], 3)
    assert page(text="M7") == ([7], 1)
    with pytest.raises(Rejected, match="invalid_query"):
        page(offset=-1)


class Keeper(Actor):
    """Says how what it keeps fares; anything else it lets pass."""

    def __init__(self, house: "House") -> None:
        self.house = house

    def receive(self, message: Any) -> None:
        match message:
            case GetStoreHealth():
                self.house.asked.append("store")
                if self.house.broken:
                    raise Rejected("store_failed", "the disk is full")
                self.context.reply(STORE)
            case GetVenueHealth():
                self.house.asked.append("venue")
                self.context.reply(VENUE)
            case ListPairs():
                self.context.keep_reply()


class House:
    def __init__(self) -> None:
        self.asked: list[str] = []
        self.broken = False
        self.runtime = SimulatedRuntime(NOON, seed=1)
        keeper = self.runtime.address("root/keeper")
        views = ChildSpec(
            "views",
            lambda: ViewsActor(
                list,
                list,
                MODE,
                "1.0",
                *(keeper, keeper, keeper, keeper, keeper),
                gateways=(keeper,),
            ),
        )
        keeping = ChildSpec("keeper", lambda: Keeper(self))
        self.runtime.start(SupervisorSpec("root", children=[keeping, views]))

    def ask(self, message: object) -> Any:
        answer = self.runtime.ask("root/views", message, timedelta(minutes=1))
        self.runtime.run_until_idle()
        return answer


def test_store_and_venues_are_asked_when_somebody_looks_and_not_too_often() -> None:
    house = House()
    house.ask(ask.GetStatus())
    house.ask(ask.GetChanges(0, frozenset({"status"})))
    assert house.asked == [], "nobody looked at the system"
    assert house.ask(ask.GetSystem()).store is None, "the answer is there at the next look"
    page = house.ask(ask.GetSystem())
    assert (page.store, page.venues, page.store_problem) == (STORE, (VENUE,), "")
    assert house.asked == ["store", "venue"]
    house.runtime.run_for(EVERY)
    house.ask(ask.GetChanges(0, frozenset({"system"})))
    assert house.asked == ["store", "venue"] * 2


def test_their_answer_is_a_change_that_is_pushed() -> None:
    house = House()
    first = house.ask(ask.GetChanges(0))
    assert house.ask(ask.GetChanges(first.revision)).system.store == STORE


def test_a_store_that_cannot_say_is_told_of() -> None:
    house = House()
    house.broken = True
    house.ask(ask.GetSystem())
    assert house.ask(ask.GetSystem()).store_problem == "store_failed: the disk is full"
    house.broken = False
    house.runtime.run_for(EVERY)
    house.ask(ask.GetSystem())
    assert house.ask(ask.GetSystem()).store_problem == ""
