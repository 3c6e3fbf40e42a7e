from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.domain.instruments import Pair
from tests.domain.builders import PERP, SPOT

steps = st.decimals(min_value="0.0001", max_value=1000, places=4)


@pytest.mark.parametrize(
    ("spot", "perp", "step"),
    [("0.01", "0.1", "0.1"), ("10", "0.5", "10"), ("0.4", "0.6", "1.2"), ("100", "1000", "1000")],
)
def test_a_pairs_step_suits_both_legs(spot: str, perp: str, step: str) -> None:
    pair = Pair(replace(SPOT, lot_step=Decimal(spot)), replace(PERP, lot_step=Decimal(perp)))
    assert pair.step == Decimal(step)


@given(steps, steps)
def test_the_step_is_a_multiple_of_both_lots(spot: Decimal, perp: Decimal) -> None:
    pair = Pair(replace(SPOT, lot_step=spot), replace(PERP, lot_step=perp))
    assert pair.step % spot == 0
    assert pair.step % perp == 0
    assert pair.step <= spot * perp * 10**4
