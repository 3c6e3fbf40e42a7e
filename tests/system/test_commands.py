"""A person's commands, through the journal, on the whole house."""

import pytest

from actors.orchestrator.messages import BotState
from actors.runtime import Rejected
from tests.system.house import HOUR, Simulated, settings, simulated


@pytest.fixture
def house() -> Simulated:
    made = simulated()
    made.command("start")
    made.runtime.run_for(2 * HOUR)
    return made


def test_a_start_reconciles_and_trades(house: Simulated) -> None:
    assert house.state() is BotState.RUNNING
    assert len(house.held()) == 4
    last = house.status().bot
    assert last is not None
    assert last.last_reconciled is not None
    assert last.last_reconciled.ok


def test_a_stop_closes_everything_and_then_stops(house: Simulated) -> None:
    number = house.command("stop")
    house.runtime.run_for(HOUR / 4)
    assert house.state() is BotState.STOPPED
    assert house.held() == []
    assert house.outcome(number).status == "done"
    cycle = house.status().bot
    house.runtime.run_for(5 * HOUR)
    assert house.status().bot == cycle  # no cycle any more


def test_a_stop_within_a_cycle_lets_nobody_in_any_more() -> None:
    made = simulated()
    made.command("start")
    while not made.runtime.observe() or made.state() is not BotState.RUNNING:
        made.runtime.step()
    made.command("stop")  # the first cycle is in flight, its grants are not given yet
    made.runtime.run_for(HOUR)
    assert made.state() is BotState.STOPPED
    assert made.held() == []
    with made.store.reading() as tx:
        assert all(one.closed_at is not None for one in tx.positions.all())


def test_stop_and_start_leave_one_loop(house: Simulated) -> None:
    for name in ("stop", "start", "restart", "restart"):
        house.command(name)
        house.runtime.run_for(HOUR / 10)
    house.runtime.run_for(HOUR)
    before = house.status().bot
    house.runtime.run_for(10 * HOUR)
    after = house.status().bot
    assert before is not None
    assert after is not None
    assert after.cycle == before.cycle + 10


def test_a_pause_keeps_positions_and_opens_none() -> None:
    house = simulated(settings(max_simultaneous_positions=2))
    house.command("start")
    house.runtime.run_for(2 * HOUR)
    held = house.held()
    assert len(held) == 2
    house.command("pause")
    house.command("close-position", f"{held[0]}#1")
    house.runtime.run_for(30 * HOUR)
    assert house.state() is BotState.PAUSED
    assert house.held() == held[1:]
    house.command("resume")
    house.runtime.run_for(2 * HOUR)
    assert len(house.held()) == 2


def test_an_emergency_stop_closes_and_latches_until_cleared(house: Simulated) -> None:
    house.command("emergency-stop", "drill")
    house.runtime.run_for(HOUR / 4)
    assert (house.state(), house.held()) == (BotState.HALTED, [])
    refused = house.command("start")
    house.runtime.run_for(HOUR)
    assert house.outcome(refused).status == "refused"
    assert "latch" in house.outcome(refused).outcome
    house.runtime.crash("root/orchestrator")  # the latch is on disk
    house.runtime.run_for(HOUR)
    assert house.state() is BotState.HALTED
    house.command("clear-emergency")
    house.command("start")
    house.runtime.run_for(2 * HOUR)
    assert house.state() is BotState.RUNNING
    assert len(house.held()) == 4


def test_a_restart_answers_at_once_and_keeps_the_positions(house: Simulated) -> None:
    held = house.held()
    number = house.command("restart")
    house.runtime.run_until_idle()
    assert house.outcome(number).status == "done"
    house.runtime.run_for(HOUR)
    assert (house.state(), house.held()) == (BotState.RUNNING, held)


def test_a_position_that_is_not_there_cannot_be_closed(house: Simulated) -> None:
    number = house.command("close-position", "XRP-USDT#9")
    house.runtime.run_until_idle()
    answer = house.outcome(number)
    assert answer.status == "refused"
    assert "XRP-USDT#9" in answer.outcome


def test_a_command_nobody_knows_is_refused_before_it_is_on_disk(house: Simulated) -> None:
    with pytest.raises(Rejected, match="known: start"):
        house.command("fly")
