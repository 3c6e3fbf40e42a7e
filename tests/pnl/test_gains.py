"""Periods, months and the record of one position, as the ledger's actor tells them."""

from datetime import timedelta
from decimal import Decimal

import pytest

from actors.domain.orders import Leg, Side
from actors.domain.periods import Gain
from actors.journal.messages import Event, Severity
from actors.pnl.messages import PositionRecord, ReadPosition
from actors.runtime import Rejected
from tests.pnl.world import HOUR, World

D = Decimal


def today(world: World) -> Gain:
    return next(one.gain for one in world.reports[-1].periods if one.name == "today")


def carried() -> World:
    """A day and a bit: hedged, one funding payment, prices up, unhedged."""
    world = World()
    world.mark()
    world.pass_time(23 * HOUR)
    world.mark()
    world.pass_time(2 * HOUR)
    position_id = world.hedge(quantity="10", price="100")
    world.settle(rate="0.0002")
    world.prices["AAA"] = D(103)
    world.mark()
    world.pass_time(HOUR)
    world.unhedge(position_id, price="104")
    world.mark()
    return world


def test_today_by_hand() -> None:
    gained = today(carried())
    # Fees: 10 x 0.1 % x 100 in coins and 1 in USDT at the entry; at the exit 10 x 104 x 0.1 % and
    # 9.99 x 104 x 0.1 %. Funding: 10 x 100 x 0.02 %.
    fees = D("-1") - 1 - D("1.04") - D("1.03896")
    assert gained.fees_usdt == fees
    assert gained.funding_usdt == D("0.2")
    # The spot leg held 9.99 and rose by 4 each; the short lost 40.
    assert gained.price_usdt == D("39.96") - 40
    assert gained.net_usdt == D("0.2") + fees - D("0.04")
    # Against the decision's 100: nothing at the entry; the exit's decision saw 104 and got it.
    assert gained.slippage_usdt == 0
    assert gained.unknown == ()
    assert gained.start_equity_usdt == 100_000


def test_the_same_after_a_restart() -> None:
    world = carried()
    before = world.reports[-1]
    for again in (world.crash, world.lose_process):
        again()
        world.mark()
        after = world.reports[-1]
        assert [one.gain.net_usdt for one in after.periods] == [
            one.gain.net_usdt for one in before.periods
        ]
        assert after.periods[0].gain.funding_usdt == before.periods[0].gain.funding_usdt
        assert after.periods[0].gain.fees_usdt == before.periods[0].gain.fees_usdt
        assert after.periods[0].gain.slippage_usdt == before.periods[0].gain.slippage_usdt
        assert after.months[0].gain.net_usdt == before.months[0].gain.net_usdt
    assert world.book().periods[0].name == "today"


def test_a_fill_worse_than_its_decision_slips() -> None:
    world = World()
    world.mark()
    position_id = world.begin(quantity="2")
    world.trade(position_id, Leg.SPOT, Side.BUY, "2", "100.5")
    world.pass_time(HOUR)
    world.prices["AAA"] = D("100.5")
    world.mark()
    assert today(world).slippage_usdt == D(-1)
    assert today(world).price_usdt == 0
    world.crash()
    world.mark()
    assert today(world).slippage_usdt == D(-1)


def test_without_a_price_today_is_unknown_and_says_why() -> None:
    world = World()
    world.mark()
    world.hedge()
    world.prices["AAA"] = None
    world.mark()
    gained = today(world)
    assert gained.net_usdt is None
    assert "no price for AAA" in dict(gained.unknown)["net_usdt"]


def test_all_that_is_on_record_of_a_position() -> None:
    world = carried()
    with world.store.transaction() as tx:
        at = world.runtime.now
        events = [
            Event(at, "position.opened", Severity.INFO, "root/execution", text)
            for text in ("AAA-USDT#1 is open", "AAA-USDT#12 is open", "AAA-USDT#1: x")
        ]
        tx.events.append(events)
    world.pass_time(timedelta(minutes=5))
    record = world.runtime.ask("root/pnl", ReadPosition("AAA-USDT#1"), HOUR)
    assert isinstance(record, PositionRecord)
    assert len(record.position.fills) == 4
    assert [one.amount for one in record.payments] == [D("0.2")]
    assert record.trade is not None
    assert record.trade == world.book().trades[0]
    assert [one.event.text for one in record.events] == ["AAA-USDT#1 is open", "AAA-USDT#1: x"]
    with pytest.raises(Rejected) as refusal:
        world.runtime.ask("root/pnl", ReadPosition("AAA-USDT#9"), HOUR)
    assert refusal.value.code == "no_such_position"
