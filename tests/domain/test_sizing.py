from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from actors.domain.instruments import Market, Pair
from actors.domain.market import Depth, Level
from actors.domain.orders import Side
from actors.domain.sizing import average_price_for, entry_quantity, grossed_up, slippage_bp
from tests.domain.builders import NOW, PAIR, PERP, SPOT, D

notionals = st.decimals(min_value=1, max_value=1_000_000, places=2)
prices = st.decimals(min_value="0.00000001", max_value=100_000, places=8)
lots = st.sampled_from([D("0.00001"), D("0.001"), D("0.4"), D("0.6"), D(1), D(1000)])
rates = st.decimals(min_value=0, max_value="0.01", places=6)


@given(notionals, prices, lots, lots)
def test_an_entry_fits_both_legs_and_the_notional(
    notional: Decimal, price: Decimal, spot_lot: Decimal, perp_lot: Decimal
) -> None:
    pair = Pair(replace(SPOT, lot_step=spot_lot), replace(PERP, lot_step=perp_lot))
    size = entry_quantity(pair, notional, price)
    if size.reason:
        assert size.quantity == 0
        return
    assert size.quantity % spot_lot == 0
    assert size.quantity % perp_lot == 0
    assert size.quantity >= max(SPOT.min_quantity, PERP.min_quantity)
    assert size.quantity * price <= notional < (size.quantity + pair.step) * price


def test_both_legs_minima_are_named() -> None:
    tiny = entry_quantity(PAIR, D(8), D(100))
    assert (tiny.quantity, tiny.reason) == (
        D(0),
        "8.00 USDT buys less than one lot of 0.1 AAA",
    )
    pair = replace(PAIR, short=replace(PERP, min_quantity=D(2)))
    assert (
        "AAA/USDT:USDT: 1.0 is below the minimum of 2"
        in entry_quantity(pair, D(100), D(100)).reason
    )
    pair = replace(PAIR, long=replace(SPOT, min_notional=D(500)))
    assert (
        "AAA/USDT: 100.00 USDT is below the minimum notional of 500"
        in entry_quantity(pair, D(100), D(100)).reason
    )
    assert entry_quantity(PAIR, D(100), D(0)).reason
    assert entry_quantity(PAIR, D(-5), D(100)).quantity == 0


def test_no_leg_is_ordered_beyond_its_largest_market_order() -> None:
    pair = Pair(replace(SPOT, max_market_quantity=D(50)), replace(PERP, max_market_quantity=D(60)))
    quantity = entry_quantity(pair, D(1_000_000), D(100), D("0.001")).quantity
    assert grossed_up(quantity, D("0.001"), SPOT.lot_step) <= 50
    assert quantity > 49
    pair = replace(pair, short=replace(PERP, max_market_quantity=D(20)))
    assert entry_quantity(pair, D(1_000_000), D(100)).quantity == 20


def test_a_quotient_rounded_up_does_not_overspend() -> None:
    just_below_one = D("0.99999999999999999999999999999999")
    pair = replace(PAIR, long=replace(SPOT, min_notional=D(0)))
    pair = replace(pair, short=replace(PERP, min_notional=D(0)))
    assert entry_quantity(pair, just_below_one, D(1)).quantity == D("0.9")


@given(st.decimals(min_value="0.00001", max_value=1_000_000, places=5), rates, lots)
def test_grossing_up_leaves_the_hedge_within_a_lot(
    wanted: Decimal, rate: Decimal, lot: Decimal
) -> None:
    quantity = wanted // lot * lot
    assume(quantity > 0)
    buy = grossed_up(quantity, rate, lot)
    left = buy - buy * rate
    assert buy % lot == 0
    assert quantity <= left < quantity + lot


def test_a_fee_of_everything_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        grossed_up(D(1), D(1), D("0.1"))


ASKS = (Level(D(100), D(1)), Level(D(101), D(2)), Level(D(105), D(1)))
BIDS = (Level(D(99), D(1)), Level(D(98), D(2)))
BOOK = Depth("AAA/USDT", Market.SPOT, BIDS, ASKS, NOW)


def test_a_market_order_eats_level_by_level() -> None:
    assert average_price_for(ASKS, D(2)) == (D("100.5"), D(2))
    assert average_price_for(ASKS, D(9)) == (D("101.75"), D(4))
    assert average_price_for((), D(1)) == (None, D(0))


def test_slippage_is_positive_when_worse() -> None:
    assert slippage_bp(BOOK, Side.BUY, D(2), D(100)) == 50
    assert slippage_bp(BOOK, Side.SELL, D(1), D(100)) == 100
    assert slippage_bp(BOOK, Side.BUY, D(1), D(101)) == D(-1) / 101 * 10_000
    assert slippage_bp(BOOK, Side.SELL, D(4), D(100)) is None
