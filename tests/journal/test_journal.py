"""Commands: accepted on disk, told, seen through; events: on disk, shown. Crash or no crash."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from actors.journal.messages import (
    CommandAccepted,
    Event,
    EventRecorded,
    EventsRead,
    GetCommand,
    GetStoreHealth,
    ReadEvents,
    RecordEvent,
    Severity,
    SubmitCommand,
)
from actors.runtime import FaultPlan, Rejected
from tests.journal.house import START, House, Order


def test_a_command_is_answered_told_and_finished() -> None:
    house = House()
    accepted = house.submit("close-position", "BTC-USDT#1")
    assert accepted == CommandAccepted(1, "close-position", False, "accepted")
    assert house.done == [Order("close-position", "BTC-USDT#1", 1)]
    assert house.ask(GetCommand(1)) == CommandAccepted(
        1, "close-position", False, "done", "close-position: as you wish"
    )
    assert [one.event.kind for one in house.seen] == ["command.accepted", "command.done"]
    assert house.seen[1].event.text == (
        "anna: close-position BTC-USDT#1 - close-position: as you wish"
    )


def test_on_disk_before_it_is_told() -> None:
    house = House()
    house.runtime.address("root/journal").ask(SubmitCommand("k1", "stop", "", "anna"))
    while not house.done:
        assert house.runtime.step()
    assert house.command().status == "accepted"


def test_the_same_key_again_does_nothing_twice() -> None:
    house = House()
    house.submit("stop")
    assert house.submit("stop") == CommandAccepted(1, "stop", True, "done", "stop: as you wish")
    assert len(house.done) == 1
    for other in (("start", ""), ("stop", "now")):
        with pytest.raises(Rejected, match="key_reused"):
            house.submit(*other)
    assert len(house.done) == 1
    assert house.submit("stop", key="k2").repeated is False
    assert [one.command_id for one in house.done] == [1, 2]


def test_what_nobody_does_is_rejected_and_not_on_record() -> None:
    house = House()
    for name in ("dance", "clear-emergency"):
        with pytest.raises(Rejected, match="unknown_command"):
            house.submit(name)
    with pytest.raises(Rejected, match="no_such_command"):
        house.ask(GetCommand(1))
    assert house.seen == []


def test_a_refusal_is_an_outcome() -> None:
    house = House()
    house.submit("close-position", "nowhere")
    record = house.command()
    assert (record.status, record.outcome) == ("refused", "no_such_position: there is none")
    assert house.seen[-1].event.severity is Severity.WARNING


def test_a_command_that_kills_its_target_is_refused_in_the_end() -> None:
    house = House()
    house.submit("close-position", "poison")
    house.runtime.run_for(timedelta(minutes=10))
    assert house.command().status == "refused"
    assert house.command().outcome.startswith("dead_lettered: ")
    assert len(house.runtime.dead_letters.list()) == 1


def test_a_dead_letter_is_sent_again_once() -> None:
    house = House()
    house.submit("close-position", "poison")
    house.runtime.run_for(timedelta(minutes=10))
    told = len(house.done)
    (letter,) = house.runtime.dead_letters.list()
    house.submit("resend-letter", str(letter.id), key="k2")
    assert house.command(2).outcome.startswith("sent again; ")
    assert len(house.done) > told
    house.submit("resend-letter", "999", key="k3")
    assert house.command(3).outcome.startswith("no_such_letter: there is no dead letter 999")


def test_a_dead_letter_is_dropped_for_good() -> None:
    house = House()
    house.submit("close-position", "poison")
    house.runtime.run_for(timedelta(minutes=10))
    told = len(house.done)
    (letter,) = house.runtime.dead_letters.list()
    house.submit("drop-letter", str(letter.id), key="k2")
    assert (house.command(2).status, house.command(2).outcome) == ("done", "dropped")
    assert house.runtime.dead_letters.list() == ()
    assert len(house.done) == told
    house.submit("drop-letter", str(letter.id), key="k3")
    assert house.command(3).outcome.startswith("no_such_letter: ")


@pytest.mark.parametrize("address", ["root/doer", "root/rooms/cellar", "root/rooms"])
def test_an_actor_is_restarted_by_its_supervisor(address: str) -> None:
    house = House()
    before = {view.address: view.epoch for view in house.runtime.observe()}
    house.submit("restart-actor", address)
    after = {view.address: view.epoch for view in house.runtime.observe()}
    assert after[address] == before[address] + 1
    assert (house.command().status, house.command().outcome) == ("done", f"{address} was restarted")


@pytest.mark.parametrize("address", ["root", "root/nobody", "root/doer/child", "nonsense"])
def test_an_actor_that_is_not_there_is_not_restarted(address: str) -> None:
    house = House()
    house.submit("restart-actor", address)
    assert (house.command().status, house.command().outcome) == (
        "refused",
        f"no_such_actor: there is no actor {address} under a supervisor",
    )


def test_a_supervisor_that_refuses_is_heard() -> None:
    house = House()
    house.submit("restart-actor", "root/rooms/attic")
    assert house.command().status == "refused"
    assert house.command().outcome.startswith("unknown_child: ")


def test_the_journal_restarts_itself_once() -> None:
    house = House()
    house.submit("restart-actor", "root/journal")
    house.runtime.run_for(timedelta(minutes=10))
    assert next(v.epoch for v in house.runtime.observe() if v.address == "root/journal") == 2
    outcome = "root/journal was restarted"
    assert (house.command().status, house.command().outcome) == ("done", outcome)


def test_a_command_of_a_lost_process_is_told_again() -> None:
    house = House()
    with house.store.transaction() as tx:
        tx.commands.accept("k1", "start", "", "anna", START)
        tx.commands.accept("k2", "pause", "", "anna", START)
        tx.commands.accept("k3", "restart-actor", "root/doer", "anna", START)
    house.lose_process()
    house.runtime.run_until_idle()
    assert house.done == [Order("start", "", 1), Order("pause", "", 2)]
    assert [house.command(id).status for id in (1, 2, 3)] == ["done", "done", "refused"]
    assert "not known whether" in house.command(3).outcome


def test_a_lost_start_does_not_undo_the_stop_that_followed() -> None:
    house = House()
    with house.store.transaction() as tx:
        tx.commands.accept("k1", "start", "", "anna", START)
    house.submit("stop", key="k2")
    house.done.clear()
    house.lose_process()
    house.runtime.run_until_idle()
    assert house.done == []
    assert house.command(1).status == "refused"


def test_answers_that_nobody_waits_for_do_no_harm() -> None:
    house = House()
    house.submit("stop")
    for id in (0, 1, 99):
        house.tell(replace(house.command(1), id=id))
        house.runtime.address("root/doer").tell(
            Order("stop", "", id), reply_to=house.runtime.address("root/journal")
        )
    house.runtime.run_until_idle()
    assert house.command().outcome == "stop: as you wish"
    assert next(v.restarts for v in house.runtime.observe() if v.address == "root/journal") == 0


def test_a_target_that_is_gone_leaves_no_command_unanswered_for_ever() -> None:
    """Told to an address where no actor runs yet: the letter waits, and so does the outcome."""
    house = House()
    assert house.submit("emergency-stop").status == "accepted"
    assert house.seen[0].event.severity is Severity.WARNING
    house.runtime.stop()
    assert house.command().status == "accepted"


def event(number: int) -> Event:
    return Event(START, "position.opened", Severity.INFO, "root/execution", f"no {number}", "")


def test_events_are_written_shown_and_read_newest_first() -> None:
    house = House()
    for number in range(1, 6):
        house.tell(RecordEvent(event(number)))
    house.runtime.run_until_idle()
    recorded = [EventRecorded(number, event(number)) for number in range(1, 6)]
    assert house.seen == recorded
    newest = recorded[::-1]
    assert house.ask(ReadEvents()) == EventsRead(tuple(newest))
    assert house.ask(ReadEvents(limit=2)) == EventsRead(tuple(newest[:2]))
    assert house.ask(ReadEvents(before_seq=3, limit=1)) == EventsRead((newest[3],))
    assert house.ask(ReadEvents(limit=-5)) == EventsRead((newest[0],))
    house.lose_process()
    assert house.ask(ReadEvents()) == EventsRead(tuple(newest))


def test_an_endless_trace_is_cut() -> None:
    house = House()
    house.tell(RecordEvent(replace(event(1), text="t" * 10**6, detail="d" * 10**6)))
    house.runtime.run_until_idle()
    assert len(house.seen[0].event.text) == 2_000
    assert len(house.seen[0].event.detail) == 20_000


@pytest.mark.parametrize("seed", range(25))
def test_every_command_is_seen_through_whatever_crashes(seed: int) -> None:
    """Each key accepted once, each command ended, and the last word to the target is the last."""
    draw = Random(seed)
    faults = FaultPlan(crash_before=0.05, crash_within=0.15, crash_after=0.05, hang_after=0.02)
    house = House(seed, faults)
    names = ["start", "stop", "pause", "resume", "restart"]
    given: list[tuple[str, str]] = []
    for number in range(40):
        if draw.random() < 0.2 and given:
            key, name = draw.choice(given)
        else:
            key, name = f"k{number}", draw.choice(names)
        given.append((key, name))
        house.tell(SubmitCommand(key, name, "", "anna"))
        if draw.random() < 0.15:
            house.tell(SubmitCommand(f"r{number}", "restart-actor", "root/doer", "anna"))
        house.runtime.run_for(timedelta(seconds=draw.choice((0, 0, 1, 60))))
        if draw.random() < 0.05:
            house.runtime.run_for(timedelta(hours=1))
            house.lose_process()
    house.runtime.faults = None
    house.runtime.run_for(timedelta(hours=2))
    with house.store.reading() as tx:
        assert tx.commands.pending() == []
        last = tx.commands.last_finished(names)
        count = tx.connection.exec_driver_sql("SELECT count(*) FROM commands").scalar_one()
        ended = [tx.commands.get(id) for id in range(1, count + 1)]
    records = {one.key: one for one in ended if one is not None}
    letters = [*house.buried, *house.runtime.dead_letters.list()]
    buried = sum("journal" in one.address for one in letters)
    assert len({key for key, _ in given} - set(records)) <= buried
    assert {key: one.name for key, one in records.items() if key[0] == "k"}.items() <= {*given}
    # Whoever lives on what it was told last has been told what was commanded last.
    assert house.done[-1].command_id == last


def test_the_store_tells_how_it_fares() -> None:
    house = House()
    before = house.ask(GetStoreHealth())
    house.submit("start")
    after = house.ask(GetStoreHealth())
    assert after.kind.startswith("SQLite")
    assert after.writes > before.writes


def test_a_store_that_cannot_be_read_does_not_stop_the_journal() -> None:
    house = House()
    house.store.close()
    with pytest.raises(Rejected, match="store_failed"):
        house.ask(GetStoreHealth())
    assert next(v.epoch for v in house.runtime.observe() if v.address == "root/journal") == 1
