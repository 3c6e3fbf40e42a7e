"""Any actor can fall: the others go on, it comes back with what it knew, and it is on record."""

import pytest

from actors.orchestrator.messages import Shutdown
from actors.pnl.verify import verify
from tests.system.house import HOUR, START, Simulated, simulated

ROOMS = (
    "journal",
    "config",
    "gateways",
    "gateways/binance",
    "market",
    "pnl",
    "views",
    "execution",
    "strategies",
    "strategies/BTC-USDT",
    "orchestrator",
)


@pytest.fixture
def house() -> Simulated:
    made = simulated()
    made.command("start")
    made.runtime.run_for(3 * HOUR)
    return made


@pytest.mark.parametrize("room", ROOMS)
def test_one_falls_and_comes_back(house: Simulated, room: str) -> None:
    held, before = house.held(), house.status()
    assert house.runtime.crash(f"root/{room}")
    house.runtime.run_for(2 * HOUR)
    views = {one.address: one for one in house.runtime.observe()}
    assert views[f"root/{room}"].restarts == 1
    assert views[f"root/{room}"].state == "running"
    others = {
        name for name, one in views.items() if one.restarts and not name.startswith(f"root/{room}")
    }
    assert others == set()
    assert house.held() == held
    after = house.status()
    assert before.bot is not None
    assert after.bot is not None
    own = 1 if room == "orchestrator" else 0  # it begins with a cycle when it is back
    assert after.bot.cycle == before.bot.cycle + 2 + own
    assert any(f"root/{room} crashed" in text for text in house.events("actor.crashed"))
    with house.store.reading() as tx:
        assert verify(tx) == []


@pytest.mark.parametrize("room", ROOMS)
def test_a_restart_by_hand(house: Simulated, room: str) -> None:
    held = house.held()
    number = house.command("restart-actor", f"root/{room}")
    house.runtime.run_for(HOUR / 2)
    assert house.outcome(number).status == "done"
    assert house.held() == held


@pytest.mark.parametrize("by_hand", [True, False])
def test_a_replay_that_has_ended_does_not_go_on(by_hand: bool) -> None:
    """Its pages stay open after the last price, and so does the house behind them."""
    house = simulated(until=START + 3 * HOUR)
    house.command("start")
    house.runtime.run_until(START + 3 * HOUR)
    house.ask("orchestrator", Shutdown())
    held, before = house.held(), house.status().bot
    if by_hand:
        house.command("restart-actor", "root/orchestrator")
    else:
        assert house.runtime.crash("root/orchestrator")
    house.runtime.run_for(5 * HOUR)
    after = house.status().bot
    assert before is not None
    assert after is not None
    assert after.cycle == before.cycle
    assert (after.state, after.next_cycle_at) == (before.state, None)
    assert house.held() == held


def test_a_strategy_that_hangs_is_left_out_by_name_and_replaced(house: Simulated) -> None:
    house.runtime.hang("root/strategies/DOGE-USDT")
    house.runtime.run_for(HOUR)
    last = house.status().last_cycle
    assert last is not None
    assert last.silent_pairs == ("DOGE-USDT",)
    house.runtime.run_for(HOUR)
    last = house.status().last_cycle
    assert last is not None
    assert last.silent_pairs == ()
    (hung,) = house.events("actor.hung")
    assert hung.startswith("root/strategies/DOGE-USDT hung")
