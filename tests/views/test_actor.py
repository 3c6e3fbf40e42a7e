"""The views' actor among the rooms it asks, in virtual time."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from actors.config.messages import GetSettings, SettingsView
from actors.execution.messages import ListPairs, PairsListed
from actors.journal.messages import EventsRead, ReadEvents
from actors.orchestrator.messages import GetLastCycle, GetState, LastCycle
from actors.pnl.messages import GetBook, PositionRecord, ReadPosition
from actors.runtime import (
    Actor,
    ChildSpec,
    Rejected,
    SimulatedRuntime,
    SupervisorSpec,
)
from actors.views.actor import ASK_AGAIN, ViewsActor, first_revision
from actors.views.lives import MOST_WAITING
from actors.views.messages import (
    Changes,
    GetChanges,
    GetDeadLetters,
    GetEvents,
    GetFundingRates,
    GetPosition,
    GetPositions,
    GetStatus,
    GetSystem,
    GetTrades,
    ModeInfo,
)
from tests.views import facts

START = datetime(2025, 3, 1, tzinfo=UTC)
ROOMS = ("pnl", "config", "execution", "orchestrator", "journal")


class Room(Actor):
    """Answers what the views ask when they start, or forgets to."""

    def __init__(self, house: "House") -> None:
        self._house = house

    def receive(self, message: Any) -> None:
        self._house.asked.append(message)
        if self._house.deaf:
            if isinstance(message, ReadPosition):
                self.context.keep_reply()  # and never answers
            return
        match message:
            case GetBook():
                self.context.reply(facts.book([facts.trade()], [facts.point()]))
            case GetSettings():
                self.context.reply(SettingsView(1, False, (), ()))
            case ListPairs():
                self.context.reply(PairsListed((facts.status(),)))
            case GetState():
                self.context.reply(facts.bot())
            case ReadPosition(position_id) if position_id == "BTC-USDT#1":
                position = facts.position()
                self.context.reply(PositionRecord(self.context.now(), position, (), None, (), ()))
            case ReadPosition(position_id):
                raise Rejected("no_such_position", f"there is no {position_id}")
            case GetLastCycle():
                self.context.reply(LastCycle(facts.cycle(number=7)))
            case ReadEvents():
                self.context.reply(EventsRead((facts.event(1),)))


class House:
    def __init__(self, deaf: bool = False) -> None:
        self.deaf = deaf
        self.asked: list[Any] = []
        self.runtime = runtime = SimulatedRuntime(START, seed=1)
        runtime.start(
            SupervisorSpec(
                "root",
                children=(
                    *(ChildSpec(name, lambda: Room(self)) for name in ROOMS),
                    ChildSpec(
                        "views",
                        lambda: ViewsActor(
                            runtime.observe,
                            runtime.dead_letters.list,
                            ModeInfo("replay", "alpha", None),
                            "1.0",
                            pnl=runtime.address("root/pnl"),
                            config=runtime.address("root/config"),
                            execution=runtime.address("root/execution"),
                            orchestrator=runtime.address("root/orchestrator"),
                            journal=runtime.address("root/journal"),
                        ),
                    ),
                ),
            )
        )
        runtime.run_until_idle()

    def ask(self, query: object) -> Any:
        return self.runtime.ask("root/views", query, timedelta(seconds=1))


def test_at_the_start_it_asks_for_all_it_needs() -> None:
    house = House()
    assert house.ask(GetStatus()).bot == facts.bot()
    assert house.ask(GetTrades()).total == 1
    assert [one.seq for one in house.ask(GetEvents()).events] == [1]
    assert len(house.ask(GetPositions()).positions) == 1
    assert house.ask(GetFundingRates()).cycle == 7
    assert len(house.asked) == 6
    house.runtime.run_for(10 * ASK_AGAIN)
    assert len(house.asked) == 6


def test_it_asks_again_until_it_is_answered() -> None:
    house = House(deaf=True)
    assert house.ask(GetTrades()).total == 0
    house.deaf = False
    house.runtime.run_for(ASK_AGAIN)
    assert house.ask(GetTrades()).total == 1


def test_after_a_crash_it_knows_everything_again() -> None:
    house = House()
    before: Changes = house.ask(GetChanges(0))
    house.runtime.crash("root/views")
    house.runtime.run_until_idle()
    after: Changes = house.ask(GetChanges(before.revision))
    assert after.revision > before.revision
    assert after.status is not None
    assert after.new_trades == before.new_trades
    assert after.new_events == before.new_events
    assert after.config == before.config


def test_it_shows_the_house_it_lives_in() -> None:
    house = House()
    addresses = [one.address for one in house.ask(GetSystem()).actors]
    assert "root/views" in addresses
    assert house.ask(GetDeadLetters()).letters == ()


def test_what_it_does_not_know_kills_no_page() -> None:
    house = House()
    house.runtime.address("root/views").tell("nonsense")
    house.runtime.run_for(timedelta(minutes=1))
    assert house.ask(GetTrades()).total == 1
    assert len(house.ask(GetDeadLetters()).letters) == 1


def test_a_later_life_begins_above_the_earlier() -> None:
    assert first_revision(START, 2) - first_revision(START, 1) == 1_000_000
    assert first_revision(START + timedelta(seconds=5), 1) > first_revision(START, 4)
    assert first_revision(datetime(2100, 1, 1, tzinfo=UTC), 1_000) < 2**53


def test_a_life_is_read_by_the_ledger_and_shown_with_what_it_is_worth_now() -> None:
    house = House()
    life = house.ask(GetPosition("BTC-USDT#1"))
    assert (life.position_id, life.now.pair_key) == ("BTC-USDT#1", "BTC-USDT")
    with pytest.raises(Rejected) as refusal:
        house.ask(GetPosition("BTC-USDT#9"))
    assert refusal.value.code == "no_such_position"


def test_who_asks_for_the_same_life_at_once_waits_for_one_reading() -> None:
    house = House()
    views = house.runtime.address("root/views")
    replies = [views.ask(GetPosition("BTC-USDT#1")) for _ in range(5)]
    house.runtime.run_until_idle()
    assert all(reply.done() for reply in replies)
    assert sum(isinstance(one, ReadPosition) for one in house.asked) == 1


def test_those_who_wait_for_a_deaf_ledger_are_not_let_in_without_end() -> None:
    house = House(deaf=True)
    views = house.runtime.address("root/views")
    for _ in range(MOST_WAITING):
        views.ask(GetPosition("BTC-USDT#1"))
    with pytest.raises(Rejected) as refusal:
        house.ask(GetPosition("BTC-USDT#2"))
    assert refusal.value.code == "busy"
    # When the ledger dies over it, all of them hear so, and the next one is let in.
    house.deaf = False
    house.runtime.crash("root/pnl")
    house.runtime.run_for(timedelta(seconds=1))
    assert house.ask(GetPosition("BTC-USDT#1")).position_id == "BTC-USDT#1"
