"""Execution on the simulated runtime against a venue that misbehaves on request."""

from datetime import timedelta
from decimal import Decimal

import pytest

from actors.domain.orders import OrderStatus, Side
from actors.domain.positions import ExitDecision, Goal, PositionState
from actors.execution.messages import ClosePair, PairStatus, Reconcile
from actors.gateway.messages import OrderAnswered
from actors.journal.messages import Severity
from actors.runtime import FaultPlan, Refused

from .house import KEY, House, kinds_of
from .world import OTHER_PAIR, PERP, SPOT, book

S = PositionState


def test_a_pair_is_opened_held_and_closed() -> None:
    house = House()
    house.open()
    assert house.status().state is S.OPEN
    house.check()
    house.close()
    assert house.status().state is S.FLAT
    house.check()
    assert house.states() == [S.OPENING, S.OPEN, S.CLOSING, S.FLAT]
    assert house.kinds() == ["position.opened", "position.closed"]
    assert house.venue.perp == 0
    assert {type(one).__name__ for one in house.pnl} == {"FillsRecorded"}


def test_views_are_told_each_state() -> None:
    house = House()
    house.open()
    house.close()
    told = [one.state for one in house.views if isinstance(one, PairStatus)]
    assert told[-1] is S.FLAT
    assert {S.OPENING, S.OPEN, S.CLOSING} <= set(told)


def test_who_is_listed() -> None:
    house = House(script=["refuse other"])
    assert house.listed() == ()
    house.open(then=60)
    (cooling,) = house.listed()
    assert (cooling.state, cooling.cooldown_until is not None) == (S.FLAT, True)


@pytest.mark.parametrize(
    "script",
    [
        ["fill", "refuse insufficient_funds"],
        ["refuse other", "fill"],
        ["refuse other", "refuse other"],
        ["never", "fill"],
        ["never", "never"],
    ],
)
def test_a_leg_that_fails_unwinds_the_other_and_cools_down(script: list[str]) -> None:
    house = House(script=script)
    house.open(then=200)
    assert house.position.closed_at is not None
    assert house.position.opened_at is None
    house.check()
    assert "position.open_failed" in house.kinds(Severity.WARNING)
    assert "position.repairing" in house.kinds(Severity.ALARM)
    assert house.status().cooldown_until is not None
    assert house.status().problem
    house.tell(house.wish())
    house.run(5)
    assert house.refusals() == ["cooldown"]


@pytest.mark.parametrize(
    "script",
    [
        ["lost", "fill"],
        ["fill", "lost"],
        ["lost", "lost"],
        ["late", "blind"],
        ["blind", "blind"],
        ["part 0.5", "lost"],
        ["fill", "part 0.3"],
        ["part 0.2", "part 0.9"],
    ],
)
def test_whatever_the_answers_it_ends_hedged(script: list[str]) -> None:
    house = House(script=script)
    house.open(then=200)
    assert house.status().state is S.OPEN
    house.check()
    assert max(house.venue.sent.values()) == 1


def test_a_stray_order_that_fills_after_it_was_given_up_is_booked_and_unwound() -> None:
    house = House(script=["stray", "fill"])
    house.open(then=120)
    assert house.position.closed_at is not None
    assert house.venue.sol == 0
    house.run(900)
    assert "position.late_fill" in house.kinds(Severity.ALARM)
    assert house.position.closed_at is not None
    house.check()


def test_a_repeat_that_is_refused_says_that_the_order_stands() -> None:
    """Also while the venue cannot find it: it is asked for until it shows."""
    house = House(script=["blind", "fill"])
    house.open(then=1)
    (spot, _) = house.position.intents
    refusal = OrderAnswered(spot.client_id, refused_code="duplicate_client_id", reason="again")
    house.tell(refusal)
    house.run(30)
    assert house.status().state is S.OPENING
    house.run(60)
    assert house.status().state is S.OPEN
    house.check()


def test_an_order_that_shows_late_is_not_given_up_early() -> None:
    house = House(script=["blind", "fill"])
    house.open(then=200)
    assert house.status().state is S.OPEN
    assert "position.late_fill" not in house.kinds()
    assert len(house.position.intents) == 2


def test_a_refusal_is_believed_only_once_the_order_was_looked_for() -> None:
    """The refusal was that of a second sending; the first one stands."""
    house = House(script=["lost", "fill"])
    house.open(then=1)
    (spot, _) = house.position.intents
    house.tell(OrderAnswered(spot.client_id, refused_code="insufficient_funds", reason="2nd"))
    house.run(60)
    assert house.status().state is S.OPEN
    assert len(house.position.intents) == 2
    house.check()


def test_a_close_survives_every_refusal() -> None:
    house = House(script=["fill", "fill", "refuse other", "never", "refuse other", "refuse other"])
    house.open()
    house.close(then=600)
    assert house.position.closed_at is not None
    house.check()
    assert house.kinds(Severity.ALARM).count("position.repairing") >= 1


def test_a_close_of_what_is_flat_is_a_success() -> None:
    house = House()
    house.close()
    assert house.strategy[-1] == PairStatus(KEY, S.FLAT, None)
    assert house.refusals() == []


def test_an_urgent_close_does_not_wait_for_the_book() -> None:
    house = House()
    house.open()
    house.venue.books[SPOT.symbol] = book(SPOT, shift_bp="50")
    house.close(then=30)
    assert house.status().state is S.CLOSING
    assert house.position.intents[-1].action == "open"
    house.close(urgent=True)
    assert house.status().state is S.FLAT
    house.check()


def test_a_close_while_opening_unwinds() -> None:
    house = House(script=["late", "fill"])
    house.open(then=1)
    assert house.status().state is S.OPENING
    house.close(then=120)
    assert house.status().state is S.FLAT
    house.check()
    assert house.status().cooldown_until is None


# --- refusals ----------------------------------------------------------------------------------


def test_nothing_is_opened_before_the_first_comparison() -> None:
    house = House()
    house.venue.down = True
    house.tell(house.wish())
    house.run(1)
    assert house.refusals() == ["not_reconciled"]
    assert not house.reconcile().ok
    house.venue.down = False
    house.run(60)
    house.open()
    assert house.status().state is S.OPEN


def test_a_pair_is_opened_once() -> None:
    house = House()
    house.open()
    house.tell(house.wish())
    house.run(5)
    assert house.refusals() == ["not_flat"]
    assert len(house.positions) == 1


def test_the_same_wish_again_is_no_second_position() -> None:
    house = House()
    house.reconcile()
    wish = house.wish()
    house.tell(wish)
    house.run(5)
    house.tell(wish)
    house.run(5)
    assert house.refusals() == []
    house.close()
    house.tell(wish)
    house.run(5)
    assert house.refusals() == []
    assert len(house.positions) == 1


def test_a_precheck_that_fails_orders_nothing() -> None:
    house = House()
    house.venue.usdt = Decimal("900")
    house.open()
    (refusal,) = [one for one in house.strategy if isinstance(one, Refused)]
    assert refusal.code == "precheck"
    assert "needs" in refusal.reason
    assert house.positions == []
    assert not house.venue.sent


@pytest.mark.parametrize("script", [[], ["never", "never"]])
def test_money_that_another_opening_will_take_is_not_spent_twice(script: list[str]) -> None:
    """Two wishes at once, or one while the other's orders are out: there is money for one."""
    house = House(script=script)
    house.venue.usdt = Decimal("2500")
    house.reconcile()
    house.tell(house.wish())
    house.run(2 if script else 0)
    house.tell(house.wish(pair=OTHER_PAIR))
    house.run(5)
    (refusal,) = [one for one in house.strategy if isinstance(one, Refused)]
    assert refusal.code == "precheck"
    assert "reserved" in refusal.reason
    assert [one.pair.key for one in house.positions] == [KEY]


def test_a_close_goes_on_without_books_where_none_come() -> None:
    house = House()
    house.open()
    house.runtime.hang("root/gateway")
    house.close(then=11)
    assert [one.action for one in house.position.intents[2:]] == ["close", "close"]
    house.run(300)
    assert house.status().state is S.FLAT
    house.check()


def test_a_precheck_without_answers_is_refused_in_time() -> None:
    house = House()
    house.reconcile()
    house.runtime.hang("root/gateway")
    house.tell(house.wish())
    house.run(11)
    assert house.refusals() == ["precheck"]
    house.run(60)
    assert house.positions == []


def test_a_close_withdraws_a_wish_that_is_being_checked() -> None:
    house = House()
    house.reconcile()
    house.tell(house.wish())
    house.close(then=10)
    assert house.refusals() == ["precheck"]
    assert house.positions == []


def test_an_old_decision_is_refused() -> None:
    house = House()
    house.reconcile()
    wish = house.wish()
    house.run(200)
    house.tell(wish)
    house.run(5)
    assert house.refusals() == ["precheck"]


# --- crashes -----------------------------------------------------------------------------------


@pytest.mark.parametrize("moment", [0.0, 0.01, 0.06, 0.11, 0.16, 0.21, 0.26, 0.4])
@pytest.mark.parametrize("who", ["root/execution", "root/gateway", "process"])
@pytest.mark.parametrize("script", [[], ["lost", "part 0.5"], ["refuse other", "late"]])
def test_a_crash_at_any_moment_of_opening(who: str, moment: float, script: list[str]) -> None:
    house = House(script=script)
    house.open(then=moment)
    if who == "process":
        house.lose_process()
    else:
        assert house.runtime.crash(who)
    house.run(300)
    house.check()
    assert len(house.positions) <= 1


@pytest.mark.parametrize("moment", [0.0, 0.05, 0.08, 0.12, 0.17, 0.3])
@pytest.mark.parametrize("who", ["root/execution", "root/gateway", "process"])
@pytest.mark.parametrize("script", [[], ["lost", "part 0.5"], ["refuse other", "late"]])
def test_a_crash_at_any_moment_of_closing(who: str, moment: float, script: list[str]) -> None:
    house = House(script=["fill", "fill", *script])
    house.open()
    house.close(then=moment)
    if who == "process":
        house.lose_process()
    else:
        assert house.runtime.crash(who)
    house.run(400)
    house.check()
    if moment > 0:
        assert house.status().state is S.FLAT


def test_a_gateway_that_hangs_on_an_order_does_not_send_it_twice() -> None:
    house = House()
    house.reconcile()
    house.tell(house.wish())
    house.run(0.12)
    house.runtime.hang("root/gateway", wake_after=timedelta(minutes=3))
    house.run(600)
    house.check()
    assert all(count == 1 for count in house.fills_per_order().values())


def test_an_execution_that_wakes_up_as_a_zombie_orders_nothing() -> None:
    house = House()
    house.reconcile()
    house.runtime.hang("root/execution", wake_after=timedelta(minutes=2))
    house.tell(house.wish())
    house.run(600)
    house.check()
    assert len(house.positions) <= 1


def test_a_restart_goes_on_where_it_stood_with_what_is_not_sent() -> None:
    """The intents are on disk, the process dies before the gateway has sent them."""
    house = House()
    house.reconcile()
    house.tell(house.wish())
    while not house.positions or not house.position.intents:
        assert house.runtime.step()
    house.lose_process()
    assert [one.status for one in house.position.intents] == [OrderStatus.INTENDED] * 2
    house.run(200)
    assert house.position.closed_at is not None
    assert not house.venue.sent
    house.check()


# --- what changes behind the bot ---------------------------------------------------------------


def take_short(house: House, quantity: str, *, named: bool = True) -> None:
    now = house.clock.now()
    house.venue.execute(PERP, Side.BUY, Decimal(quantity), "adl", now, named=named)


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("quantity", ["3", "10"])
def test_a_short_that_shrinks_is_noticed_booked_and_mended(quantity: str, named: bool) -> None:
    house = House()
    house.open()
    take_short(house, quantity, named=named)
    house.run(600)
    house.check()
    assert "position.changed_at_venue" in house.kinds(Severity.ALARM)
    external = [one for one in house.position.intents if one.client_id.startswith("ext-")]
    assert len(external) == 1
    assert ("writeoff" in external[0].client_id) is not named
    expected = S.FLAT if quantity == "10" else S.OPEN
    assert house.status().state is expected
    assert house.position.goal is (Goal.FLAT if quantity == "10" else Goal.HELD)


def test_spot_that_a_person_sold_is_noticed_booked_and_mended() -> None:
    house = House()
    house.open()
    house.venue.execute(SPOT, Side.SELL, Decimal(4), "by hand", house.clock.now())
    house.run(600)
    house.check()
    assert house.venue.perp == Decimal("-6.1")  # against 6.001 SOL: within a lot


def test_a_close_of_what_the_venue_has_closed_already_ends() -> None:
    house = House()
    house.open()
    take_short(house, "10")
    house.close(then=100)
    assert house.status().state is S.FLAT
    house.check()


def test_a_difference_that_passes_is_not_acted_on() -> None:
    """A venue's account may lag behind for a moment."""
    house = House()
    house.open()
    held, house.venue.perp = house.venue.perp, Decimal("-4")
    house.tell(Reconcile("test"))
    house.run(2)
    house.venue.perp = held
    house.run(30)
    assert "position.changed_at_venue" not in house.kinds()
    house.check()


def test_large_dust_is_no_orphan() -> None:
    house = House(script=["fill", "fill", "part 0.985", "fill", "refuse below_minimum"])
    house.open()
    house.close(then=30)
    assert house.status().state is S.FLAT
    assert house.venue.sol > 0.1
    assert house.reconcile().differences == ()
    house.lose_process()
    assert house.reconcile().differences == ()


def test_a_failed_question_is_never_flat() -> None:
    house = House()
    house.open()
    house.venue.blind_account = True
    house.run(1800)
    assert house.status().state is S.OPEN
    assert "position.changed_at_venue" not in house.kinds()


def test_an_orphan_blocks_its_pair_until_it_is_gone() -> None:
    house = House()
    house.open()
    house.close()
    house.venue.perp = Decimal("-2")
    answer = house.reconcile()
    assert answer.ok
    assert kinds_of(answer.differences) == [("orphan", PERP.symbol)]
    assert house.status().state is S.ORPHANED
    house.tell(house.wish())
    house.run(5)
    assert house.refusals() == ["not_reconciled"]
    house.run(1000)
    assert house.kinds(Severity.ALARM).count("position.orphaned") == 1
    house.venue.perp = Decimal(0)
    house.run(400)
    assert house.status().state is S.FLAT
    house.open()
    assert house.status().state is S.OPEN


def test_coins_that_were_there_before_are_not_ours() -> None:
    house = House()
    house.venue.sol = Decimal("7")
    house.open()
    house.run(700)
    assert house.reconcile().differences == ()
    house.close()
    assert house.status().state is S.FLAT
    assert Decimal(7) <= house.venue.sol < 7 + SPOT.lot_step
    house.lose_process()
    assert house.reconcile().differences == ()


def test_a_perpetual_that_the_ledger_never_traded_is_reported() -> None:
    house = House()
    house.venue.perp = Decimal("-2")
    answer = house.reconcile()
    assert kinds_of(answer.differences) == [("orphan", PERP.symbol)]
    house.tell(house.wish())
    house.run(5)
    assert house.refusals() == ["not_reconciled"]


def test_a_comparison_waits_for_unknown_orders_and_says_how_many() -> None:
    house = House(script=["blind", "blind"])
    house.open(then=1)
    house.lose_process()
    answer = house.reconcile(300)
    assert answer.ok
    assert answer.open_intents_resolved == 2
    house.check()


def test_a_venue_that_is_down_is_reported_and_asked_again() -> None:
    house = House()
    house.open()
    house.venue.down = True
    house.lose_process()
    answer = house.reconcile()
    assert (answer.ok, "VenueDown" in answer.problem) == (False, True)
    house.venue.down = False
    house.run(60)
    assert house.reconcile().ok
    assert house.status().state is S.OPEN


def test_what_nobody_asked_for() -> None:
    house = House()
    address = house.runtime.address("root/execution")
    address.tell(Reconcile("nobody asks"))
    house.run(5)
    address.tell(house.wish())
    house.run(5)
    assert house.positions == [], "a wish whose asker is gone is not carried out"
    house.open()
    address.tell(ClosePair(KEY, ExitDecision(house.clock.now(), None, None, ("test",))))
    house.run(5)
    assert house.status().state is S.FLAT
    house.check()


def test_an_order_that_the_gateway_got_twice_is_sent_once() -> None:
    """It crashed just after it had sent it, and finds the letter again."""
    faults = FaultPlan(crash_after=1.0, where=lambda one: one == "root/gateway" and striking)
    striking = False
    house = House(faults=faults)
    house.reconcile()
    house.tell(house.wish())
    while not house.positions:
        assert house.runtime.step()
    striking = True
    while house.restarts("root/gateway") == 0:
        assert house.runtime.step()
    striking = False
    house.run(200)
    assert house.status().state is S.OPEN
    assert max(house.venue.sent.values()) == 1
    house.check()
