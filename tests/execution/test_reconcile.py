"""The account against the ledger: what differs, and what explains it."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.domain.orders import Fill, Leg, OrderAction, OrderStatus, Side
from actors.domain.positions import Position
from actors.execution import states
from actors.execution.legs import Legs
from actors.execution.mending import Order
from actors.execution.reconcile import (
    Expected,
    compare,
    expected_of,
    explained_by,
    strangers,
    taken_by,
    written_off,
)

from .house import kinds_of
from .world import PAIR, PERP, PERP_PRICE, SPOT, START, STEP, account, fill_of, position, seconds

HELD = Expected(PAIR, held=Decimal("10.0009"), short=Decimal(10), dust=Decimal("0.0007"))


@pytest.mark.parametrize(
    ("sol", "perp", "found"),
    [
        ("10.0016", "-10", []),
        ("10.0009", "-10", []),  # the dust was swept: nothing that hedges is missing
        ("9.9010", "-10", []),
        ("9.9009", "-10", [("ghost", "SOL/USDT")]),
        ("10.1015", "-10", []),
        ("10.1016", "-10", [("orphan", "SOL/USDT")]),
        ("10.0016", "-9.9", [("ghost", "SOL/USDT:USDT")]),
        ("10.0016", "0", [("ghost", "SOL/USDT:USDT")]),
        ("10.0016", "3", [("ghost", "SOL/USDT:USDT")]),
        ("10.0016", "-10.1", [("orphan", "SOL/USDT:USDT")]),
        ("0", "0", [("ghost", "SOL/USDT"), ("ghost", "SOL/USDT:USDT")]),
    ],
)
def test_differences(sol: str, perp: str, found: list[tuple[str, str]]) -> None:
    assert kinds_of(compare(account(sol=sol, perp=perp), [HELD])) == found


def test_coins_from_before_belong_to_somebody_else() -> None:
    mine = replace(HELD, others=Decimal(5))
    assert compare(account(sol="15.0016", perp="-10"), [mine]) == ()
    assert compare(account(sol="10.0016", perp="-10"), [mine]) == ()  # taken away again
    assert kinds_of(compare(account(sol="15.2", perp="-10"), [mine])) == [("orphan", "SOL/USDT")]


def test_a_flat_pair_expects_nothing() -> None:
    flat = Expected(PAIR)
    assert compare(account(), [flat]) == ()
    assert kinds_of(compare(account(perp="0.1"), [flat])) == [("orphan", "SOL/USDT:USDT")]
    assert kinds_of(compare(account(perp="-0.1"), [flat])) == [("orphan", "SOL/USDT:USDT")]


def test_perpetuals_never_traded_are_strangers() -> None:
    (one,) = strangers(account(perp="-2"), [])
    assert (one.kind, one.pair_key, one.venue_quantity) == ("orphan", "SOL-USDT", Decimal(-2))
    assert strangers(account(perp="-2"), [Expected(PAIR)]) == ()


def held() -> Position:
    """10.000989 SOL and 10 short."""
    one = position("10")
    orders = (
        Order(Leg.SPOT, OrderAction.OPEN, Side.BUY, Decimal("10.011")),
        Order(Leg.PERP, OrderAction.OPEN, Side.SELL, Decimal("10")),
    )
    for intent in states.intended(one, orders, "ab12", START):
        fills = (fill_of(intent, intent.quantity),)
        done = replace(intent, status=OrderStatus.FILLED, fills=fills)
        one = states.with_intent(one, done)
    return one


def strange(number: int, quantity: str, *, spot: bool = False, side: Side = Side.BUY) -> Fill:
    instrument = SPOT if spot else PERP
    return Fill(
        venue="test",
        fill_id=f"x{number}",
        client_id="adl",
        symbol=instrument.symbol,
        market=instrument.market,
        side=side,
        quantity=Decimal(quantity),
        price=PERP_PRICE,
        fee=Decimal(0),
        fee_coin="USDT",
        at=START + seconds(number),
    )


def test_what_is_expected_of_a_position() -> None:
    expected = expected_of(PAIR, [held()], Decimal("0.5"), Decimal(2))
    assert expected == Expected(PAIR, Decimal("10.000989"), Decimal(10), Decimal("0.5"), Decimal(2))
    assert expected_of(PAIR, [], Decimal(0), Decimal(0)) == Expected(PAIR)


def test_fills_that_explain_are_taken_oldest_first_and_no_more_than_are_missing() -> None:
    fills = (strange(3, "9"), strange(2, "2"), strange(1, "1"))
    intents = explained_by(held(), Leg.PERP, Decimal(3), fills, START)
    assert [one.client_id for one in intents] == ["ext-x1", "ext-x2"]
    assert taken_by(held(), Leg.PERP, intents) == 3


@pytest.mark.parametrize(
    "fill",
    [
        strange(1, "3", side=Side.SELL),  # the wrong way
        strange(1, "3", spot=True, side=Side.SELL),  # the other leg
        strange(-1, "3"),  # before the position began
    ],
)
def test_fills_that_explain_nothing(fill: Fill) -> None:
    assert explained_by(held(), Leg.PERP, Decimal(3), (fill,), START) == ()


def test_what_no_fill_explains_is_written_off_under_a_number_of_its_own() -> None:
    one = held()
    first = written_off(one, Leg.PERP, Decimal(3), PERP_PRICE, START)
    one = states.with_intent(one, first)
    second = written_off(one, Leg.PERP, Decimal(2), PERP_PRICE, START)
    one = states.with_intent(one, second)
    assert first.client_id != second.client_id
    assert Legs.of(one).short == 5
    assert first.fills[0].client_id == first.client_id


@given(
    missing=st.integers(1, 100),
    sizes=st.lists(st.integers(1, 60), max_size=8),
    spot=st.booleans(),
)
def test_booked_and_written_off_the_ledger_equals_the_account(
    missing: int, sizes: list[int], spot: bool
) -> None:
    """Whatever the fills say, the leg ends within a step of what the venue holds."""
    leg = Leg.SPOT if spot else Leg.PERP
    side = Side.SELL if spot else Side.BUY
    gone = missing * STEP
    fills = tuple(
        strange(number, str(size * STEP), spot=spot, side=side) for number, size in enumerate(sizes)
    )
    one = held()
    before = abs(Legs.of(one).net(leg))
    intents = explained_by(one, leg, gone, fills, START)
    left = gone - taken_by(one, leg, intents)
    if left >= STEP:
        intents = (*intents, written_off(one, leg, left, PERP_PRICE, START))
    for intent in intents:
        one = states.with_intent(one, intent)
    after = Legs.of(one).spot if spot else Legs.of(one).short
    assert abs((before - gone) - after) < STEP
