"""The plan, driven through random outcomes: what it sends, when, and where it ends."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.domain.instruments import Pair
from actors.domain.orders import Leg, OrderAction, OrderReport, OrderStatus, Side
from actors.domain.positions import ExitDecision, Goal, Intent, Position
from actors.execution import judge, states
from actors.execution.legs import Legs, instrument_of
from actors.execution.mending import Order
from actors.execution.plan import Books, Step, Turn, next_step, unresolved
from actors.execution.rules import Rules

from .world import PAIR, PERP, SPOT, SPOT_PRICE, START, STEP, book, position, report_of

RULES = Rules(spot_fee_rate=Decimal("0.001"))
EXIT = ExitDecision(START, SPOT_PRICE, SPOT_PRICE, ("it no longer pays",))


class Drive:
    """Carries a position on by the plan, with outcomes that the test chooses."""

    def __init__(self, start: Position, rules: Rules = RULES) -> None:
        self.position = start
        self.rules = rules
        self.now = START
        self.books = Books(book(start.pair.long), book(start.pair.short))
        self.sent: list[Intent] = []
        self.turns: list[Turn] = []

    def step(self) -> Step:
        step = next_step(self.position, self.rules, self.now)
        if step.needs_books:
            step = next_step(self.position, self.rules, self.now, self.books)
        return step

    def send(self, orders: tuple[Order, ...]) -> tuple[Intent, ...]:
        intents = states.intended(self.position, orders, "ab12", self.now)
        for intent in intents:
            open_before = unresolved(self.position, intent.leg)
            assert open_before == (), "an order was sent while another of its leg is unknown"
            self.position = states.with_intent(self.position, intent)
        self.sent += intents
        return intents

    def settle(self, intent: Intent, quantity: Decimal, code: str = "") -> None:
        outcome: Intent | None
        if code:
            outcome = judge.refused(intent, f"{code}: no", self.now)
        else:
            report = report_of(intent, quantity, self.position.pair)
            outcome = judge.reported(intent, report, self.now)
        assert outcome is not None
        self.position = states.with_intent(self.position, outcome)

    def run(self, outcome: Callable[[Intent], tuple[Decimal, str]], most: int = 200) -> None:
        """Until the position is at rest."""
        for _ in range(most):
            step = self.step()
            if step.turn is not None:
                self.turns.append(step.turn)
                self.position = states.turned(self.position, step.turn, step.reason, self.now)
            elif step.send:
                for intent in self.send(step.send):
                    self.settle(intent, *outcome(intent))
            elif step.wait_until is not None:
                assert step.wait_until > self.now, "a wait that is over already"
                self.now = step.wait_until
            else:
                assert step == Step()
                return
        pytest.fail(f"no rest after {most} steps: {states.figures(self.position)}")

    @property
    def legs(self) -> Legs:
        return Legs.of(self.position)


class Outcomes:
    """Chosen answers, order by order; then everything is filled."""

    def __init__(self, *chosen: str) -> None:
        self._chosen = list(chosen)

    def __call__(self, intent: Intent) -> tuple[Decimal, str]:
        answer = self._chosen.pop(0) if self._chosen else "1"
        try:
            share = Decimal(answer)
        except ArithmeticError:
            return Decimal(0), answer
        instrument = instrument_of(PAIR, intent.leg)
        return instrument.floor_quantity(intent.quantity * share), ""


def opened(target: str = "10") -> Position:
    drive = Drive(position(target))
    drive.run(Outcomes())
    assert drive.position.opened_at is not None
    return drive.position


def with_exit(held: Position, exit: ExitDecision = EXIT) -> Position:
    return states.to_be_closed(held, exit)


# --- opening -----------------------------------------------------------------------------------


def test_both_legs_are_sent_together_and_spot_is_grossed_up_for_its_fee() -> None:
    step = next_step(position("10"), RULES, START)
    assert step.send == (
        Order(Leg.SPOT, OrderAction.OPEN, Side.BUY, Decimal("10.011")),
        Order(Leg.PERP, OrderAction.OPEN, Side.SELL, Decimal("10")),
    )


def test_filled_legs_are_open_within_a_lot() -> None:
    drive = Drive(position("10"))
    drive.run(Outcomes())
    assert drive.turns == [Turn.OPENED]
    assert drive.legs.short == 10
    assert 0 <= drive.legs.delta < SPOT.lot_step


def test_an_unknown_leg_stops_everything_but_the_question() -> None:
    drive = Drive(position("10"))
    spot, perp = drive.send(drive.step().send)
    drive.settle(perp, Decimal(10))
    assert drive.step() == Step(ask=(spot.client_id,))


def test_a_lagging_leg_is_topped_up_where_the_book_bears_it() -> None:
    drive = Drive(position("10"))
    drive.run(Outcomes("1", "0.4"))
    assert [one.action for one in drive.sent][2:] == [OrderAction.TOP_UP]
    assert (drive.sent[2].leg, drive.sent[2].quantity) == (Leg.PERP, Decimal("6.0"))
    assert drive.turns == [Turn.OPENED]
    assert drive.legs.short == 10


@pytest.mark.parametrize(("shift_bp", "size"), [("16", "1000"), ("0", "5")])
def test_beyond_the_slippage_bound_the_leading_leg_is_reduced(shift_bp: str, size: str) -> None:
    drive = Drive(position("10"))
    drive.books = Books(book(SPOT), book(PERP, size, shift_bp))
    drive.run(Outcomes("1", "0.4"))
    assert drive.sent[2].action is OrderAction.UNWIND
    assert (drive.sent[2].leg, drive.sent[2].side) == (Leg.SPOT, Side.SELL)
    assert drive.turns == [Turn.OPENED]
    assert drive.legs.short == 4
    assert abs(drive.legs.delta) < STEP


def test_without_a_book_the_leading_leg_is_reduced() -> None:
    drive = Drive(position("10"))
    drive.books = Books()
    drive.run(Outcomes("0.4", "1"))
    assert (drive.sent[2].leg, drive.sent[2].reduce_only) == (Leg.PERP, True)
    assert abs(drive.legs.delta) < STEP


def test_top_ups_end_after_two() -> None:
    drive = Drive(position("10"))
    drive.run(Outcomes("1", "0.4", "0", "0"))
    assert [one.action for one in drive.sent][2:] == [
        OrderAction.TOP_UP,
        OrderAction.TOP_UP,
        OrderAction.UNWIND,
    ]
    assert drive.turns == [Turn.OPENED]


@pytest.mark.parametrize("outcomes", [("1", "insufficient_funds"), ("other", "1"), ("0", "1")])
def test_a_leg_at_zero_unwinds_the_other_one(outcomes: tuple[str, str]) -> None:
    drive = Drive(position("10"))
    drive.run(Outcomes(*outcomes))
    assert drive.turns == [Turn.GIVEN_UP, Turn.FAILED]
    assert drive.position.opened_at is None
    assert drive.legs.short == 0
    assert 0 <= drive.legs.spot < SPOT.lot_step


def test_two_refused_legs_fail_without_another_order() -> None:
    drive = Drive(position("10"))
    drive.run(Outcomes("other", "other"))
    assert drive.turns == [Turn.GIVEN_UP, Turn.FAILED]
    assert len(drive.sent) == 2


def test_a_difference_too_small_for_a_spot_order_reduces_both_legs_a_little() -> None:
    # 9.9 of 10 SOL short: the 0.1 SOL between them are 10 USDT, and the minimum is 50 here.
    pair = Pair(
        replace(SPOT, min_notional=Decimal("50")), replace(PERP, min_notional=Decimal("50"))
    )
    drive = Drive(position("10", pair=pair))
    drive.run(Outcomes("1", "0.99"))
    assert [(one.leg, one.action) for one in drive.sent][2:] == [
        (Leg.SPOT, OrderAction.UNWIND),
        (Leg.PERP, OrderAction.UNWIND),
    ]
    assert drive.sent[2].quantity * SPOT_PRICE >= 50
    assert drive.turns == [Turn.OPENED]
    assert abs(drive.legs.delta) < STEP


def test_what_is_too_little_to_hold_is_given_up() -> None:
    drive = Drive(position("10"))
    drive.run(Outcomes("0.004", "0.01"))  # 0.04 SOL = 4 USDT of spot, below its minimum
    assert drive.turns[0] is Turn.GIVEN_UP
    assert drive.legs.short == 0


def test_a_decision_that_waited_too_long_is_not_carried_out() -> None:
    late = START + RULES.decision_age + timedelta(seconds=1)
    step = next_step(position("10"), RULES, late)
    assert (step.turn, step.send) == (Turn.GIVEN_UP, ())


def test_a_reduction_that_is_refused_is_tried_again_after_a_pause() -> None:
    drive = Drive(position("10"))
    drive.books = Books()
    drive.run(Outcomes("1", "0.4", "closed_symbol", "closed_symbol"))
    assert [one.attempt for one in drive.sent[2:]] == [1, 2, 3]
    assert (drive.now - START).total_seconds() == 2 + 4
    assert drive.turns == [Turn.OPENED]


# --- open --------------------------------------------------------------------------------------


def test_an_open_hedge_is_at_rest() -> None:
    assert next_step(opened(), RULES, START) == Step()


def shrunk(held: Position, leg: Leg, quantity: str) -> Position:
    """The position after the venue took something from one leg."""
    side = Side.SELL if leg is Leg.SPOT else Side.BUY
    order = Order(leg, OrderAction.UNWIND, side, Decimal(quantity))
    intent = replace(
        states.intended(held, (order,), "ab12", START)[0], client_id="ext-1", attempt=0
    )
    outcome = judge.reported(intent, report_of(intent, Decimal(quantity)), START)
    assert outcome is not None
    return states.with_intent(held, outcome)


def test_a_leg_that_shrank_makes_the_other_one_follow() -> None:
    drive = Drive(shrunk(opened(), Leg.PERP, "3"))
    assert states.state_of(drive.position) == "repairing"
    drive.run(Outcomes())
    assert [(one.leg, one.action) for one in drive.sent] == [(Leg.SPOT, OrderAction.UNWIND)]
    assert drive.turns == []
    assert drive.legs.short == 7
    assert abs(drive.legs.delta) < STEP


def test_a_leg_that_is_gone_closes_the_position() -> None:
    drive = Drive(shrunk(opened(), Leg.PERP, "10"))
    drive.run(Outcomes())
    assert drive.turns == [Turn.GIVEN_UP, Turn.CLOSED]
    assert drive.legs.spot < SPOT.lot_step
    assert drive.position.exit is not None


# --- closing -----------------------------------------------------------------------------------


def test_closing_sells_what_is_really_held_and_buys_back_reduce_only() -> None:
    drive = Drive(with_exit(opened()))
    step = drive.step()
    held = drive.legs.spot
    assert step.send == (
        Order(Leg.SPOT, OrderAction.CLOSE, Side.SELL, SPOT.floor_quantity(held)),
        Order(Leg.PERP, OrderAction.CLOSE, Side.BUY, Decimal("10"), reduce_only=True),
    )
    drive.run(Outcomes())
    assert drive.turns == [Turn.CLOSED]


def test_one_leg_is_closed_while_the_other_is_unknown() -> None:
    drive = Drive(with_exit(opened()))
    spot, perp = drive.send(drive.step().send)
    drive.settle(perp, Decimal(4))
    drive.position = states.with_intent(drive.position, replace(spot, status=OrderStatus.UNKNOWN))
    step = drive.step()
    assert step.ask == (spot.client_id,)
    assert [(one.leg, one.quantity) for one in step.send] == [(Leg.PERP, Decimal("6.0"))]


def test_a_refused_close_is_tried_again_with_growing_pauses() -> None:
    drive = Drive(with_exit(opened()))
    times: list[datetime] = []

    def refuse(intent: Intent) -> tuple[Decimal, str]:
        if intent.leg is Leg.SPOT or len(times) >= 4:
            return intent.quantity, ""
        times.append(drive.now)
        return Decimal(0), "closed_symbol"

    drive.run(refuse)
    pauses = [(later - sooner).total_seconds() for sooner, later in pairwise(times)]
    assert pauses == [2, 4, 8]
    attempts = [one.attempt for one in drive.sent if one.leg is Leg.PERP][1:]
    assert attempts == sorted(set(attempts))
    assert drive.turns == [Turn.CLOSED]


def test_a_close_waits_a_while_for_a_better_book_and_goes_then() -> None:
    drive = Drive(with_exit(opened()))
    drive.books = Books(book(SPOT, shift_bp="40"), book(PERP))
    step = drive.step()
    assert step.send == ()
    assert step.wait_until == START + RULES.book_pause
    assert "40.0 bp" in step.reason
    drive.run(Outcomes())
    assert drive.now == START + RULES.close_patience
    assert drive.turns == [Turn.CLOSED]


def test_an_emergency_waits_for_no_book() -> None:
    drive = Drive(with_exit(opened(), ExitDecision(START, None, None, ("emergency",))))
    drive.books = Books(book(SPOT, shift_bp="400"), book(PERP))
    assert len(drive.step().send) == 2


def test_a_flat_perp_at_the_venue_asks_for_a_comparison() -> None:
    drive = Drive(with_exit(opened()))
    spot, perp = drive.send(drive.step().send)
    drive.settle(spot, spot.quantity)
    drive.settle(perp, Decimal(0), "reduce_only_flat")
    step = drive.step()
    assert step.needs_account
    assert step.wait_until is not None


def test_dust_that_the_venue_refuses_ends_the_position() -> None:
    drive = Drive(with_exit(opened()))
    drive.run(Outcomes("0.996", "1", "below_minimum"))
    assert drive.turns == [Turn.CLOSED]
    assert Decimal("0.04") <= drive.legs.spot < Decimal("0.06")


def test_an_order_is_no_larger_than_the_venue_takes() -> None:
    held = opened()
    capped = replace(PAIR, long=replace(SPOT, max_market_quantity=Decimal("4.0005")))
    drive = Drive(with_exit(replace(held, pair=capped)))
    drive.run(Outcomes())
    quantities = [one.quantity for one in drive.sent if one.leg is Leg.SPOT]
    assert quantities[:2] == [Decimal("4.000"), Decimal("4.000")]
    assert drive.turns == [Turn.CLOSED]


def test_a_leg_that_was_closed_twice_is_bought_again() -> None:
    held = shrunk(opened(), Leg.PERP, "12")  # long 2 of the perpetual now
    drive = Drive(with_exit(held))
    order = next(one for one in drive.step().send if one.leg is Leg.PERP)
    assert (order.side, order.quantity, order.reduce_only) == (Side.SELL, Decimal("2.0"), False)


# --- whatever happens --------------------------------------------------------------------------

SHARES = st.sampled_from(["0", "0.1", "0.33", "0.5", "0.9", "0.97", "0.999", "1", "1", "1"])
CODES = st.sampled_from(["insufficient_funds", "below_minimum", "closed_symbol", "other"])


@given(
    target=st.integers(1, 400),
    answers=st.lists(st.one_of(SHARES, CODES), max_size=14),
    shifts=st.tuples(st.sampled_from(["0", "10", "30"]), st.sampled_from(["0", "10", "30"])),
    close=st.booleans(),
)
def test_it_always_comes_to_rest_hedged_or_flat(
    target: int, answers: list[str], shifts: tuple[str, str], close: bool
) -> None:
    drive = Drive(position(str(target * STEP)))
    drive.books = Books(book(SPOT, shift_bp=shifts[0]), book(PERP, shift_bp=shifts[1]))
    outcomes = Outcomes(*answers)
    drive.run(outcomes)
    if close and drive.position.closed_at is None:
        drive.position = with_exit(drive.position)
        drive.run(outcomes)
    assert len({one.client_id for one in drive.sent}) == len(drive.sent)
    legs = drive.legs
    if drive.position.closed_at is None:
        assert abs(legs.delta) < STEP
        assert legs.hedged >= STEP
        assert not close
    else:
        assert legs.short == 0
        dust = 10 * SPOT.min_notional / SPOT_PRICE if "below_minimum" in answers else 0
        assert 0 <= legs.spot < max(dust, SPOT.lot_step)


@given(
    answers=st.lists(st.sampled_from(["0", "0.4", "1", "unknown"]), max_size=12),
    arrivals=st.lists(st.integers(0, 5), max_size=12),
    close_at=st.integers(0, 12),
)
def test_an_unknown_order_is_never_ordered_again(
    answers: list[str], arrivals: list[int], close_at: int
) -> None:
    """Outcomes come late and in any order; per leg there is never more than one order out."""
    drive = Drive(position("10"))
    waiting: list[Intent] = []
    choose = list(answers)
    for turn in range(60):
        if turn == close_at and drive.position.goal is Goal.HELD:
            drive.position = with_exit(drive.position)
        step = drive.step()
        if step.turn is not None:
            drive.position = states.turned(drive.position, step.turn, step.reason, drive.now)
            continue
        for intent in drive.send(step.send):  # asserts that the leg had no order out
            answer = choose.pop(0) if choose else "1"
            if answer == "unknown":
                waiting.append(intent)
            else:
                drive.settle(intent, *Outcomes(answer)(intent))
        assert set(step.ask) <= {one.client_id for one in waiting}
        if waiting and (not step.send):
            at = arrivals.pop(0) if arrivals else 0
            late = waiting.pop(at % len(waiting))
            drive.settle(late, late.quantity)
        drive.now = max(drive.now, step.wait_until or drive.now)
    assert not waiting
    legs = drive.legs
    if drive.position.closed_at is not None:
        assert legs.short == 0
        assert 0 <= legs.spot < SPOT.lot_step
    else:
        assert abs(legs.delta) < STEP


@given(
    quantities=st.lists(st.sampled_from(["0", "0.3", "1"]), min_size=2, max_size=2),
    late=st.sampled_from([0, 1]),
)
def test_an_order_given_up_that_fills_after_all_is_mended(quantities: list[str], late: int) -> None:
    drive = Drive(position("10"))
    intents = drive.send(drive.step().send)
    for intent, share in zip(intents, quantities, strict=True):
        if intent is intents[late]:
            drive.settle(intent, Decimal(0), "never_arrived")
        else:
            drive.settle(intent, *Outcomes(share)(intent))
    drive.run(Outcomes())
    outcome = judge.reported(
        states.intent_of(drive.position, intents[late].client_id) or intents[late],
        report_of(intents[late], intents[late].quantity),
        drive.now,
    )
    assert outcome is not None
    assert outcome.status is OrderStatus.FILLED
    drive.position = states.reopened(states.with_intent(drive.position, outcome))
    drive.run(Outcomes())
    assert drive.position.closed_at is not None
    assert drive.legs.short == 0
    assert 0 <= drive.legs.spot < SPOT.lot_step


def test_a_report_that_is_not_final_changes_nothing() -> None:
    intent = Drive(position("10")).send(next_step(position("10"), RULES, START).send)[0]
    working = OrderReport(intent.client_id, "v1", OrderStatus.UNKNOWN, ())
    assert judge.reported(intent, working, START) is None


def test_filled_without_its_fills_is_not_final() -> None:
    intent = Drive(position("10")).send(next_step(position("10"), RULES, START).send)[0]
    part = report_of(intent, Decimal(4)).fills
    report = OrderReport(intent.client_id, "v1", OrderStatus.FILLED, part)
    assert judge.reported(intent, report, START) is None


def test_rejected_with_a_fill_has_ended_in_part() -> None:
    intent = Drive(position("10")).send(next_step(position("10"), RULES, START).send)[0]
    part = report_of(intent, Decimal(4)).fills
    report = OrderReport(intent.client_id, "v1", OrderStatus.REJECTED, part * 2, "canceled")
    outcome = judge.reported(intent, report, START)
    assert outcome is not None
    assert (outcome.status, outcome.fills) == (OrderStatus.PARTIAL, part)
