"""Folding fills into holdings, checked against plain fractions."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from actors.domain.holdings import Holding, PerpHolding, SpotHolding
from actors.domain.instruments import Market
from actors.domain.orders import Side
from tests.domain.builders import D, fill

quantities = st.decimals(min_value=-1000, max_value=1000, places=6).filter(bool)
prices = st.decimals(min_value="0.0000001", max_value=100_000, places=10).filter(bool)
trades = st.lists(st.tuples(quantities, prices), min_size=1, max_size=12)


@given(trades)
def test_realised_plus_unrealised_is_what_the_trades_brought(
    history: list[tuple[Decimal, Decimal]],
) -> None:
    holding, realised = Holding(), Fraction(0)
    spent = Fraction(0)
    for quantity, price in history:
        holding, result = holding.traded(quantity, price)
        realised += Fraction(result)
        spent += Fraction(quantity) * Fraction(price)
    mark = history[-1][1]
    assert holding.quantity == sum(quantity for quantity, _ in history)
    assert (
        realised + Fraction(holding.unrealised(mark))
        == Fraction(holding.quantity) * Fraction(mark) - spent
    )


@given(trades)
def test_closing_the_whole_leaves_nothing(history: list[tuple[Decimal, Decimal]]) -> None:
    holding = Holding()
    for quantity, price in history:
        holding, _ = holding.traded(quantity, price)
    if holding.quantity:
        holding, _ = holding.traded(-holding.quantity, history[0][1])
    assert holding == Holding()


def test_closing_a_third_takes_a_third_of_the_cost() -> None:
    short, nothing = PerpHolding().after(fill(Market.PERP, Side.SELL, "3", "10"))
    assert nothing == 0
    assert short == PerpHolding(Decimal(-3), Decimal(-30))
    short, realised = short.after(fill(Market.PERP, Side.BUY, "1", "9"))
    assert (short.quantity, short.cost, realised) == (D(-2), D(-20), D(1))
    assert short.entry_price == 10


def test_the_cost_share_is_rounded_and_the_rest_is_exact() -> None:
    held, _ = Holding().traded(Decimal(3), Decimal("0.0000000001"))
    held, first = held.traded(Decimal(-1), Decimal(1))
    held, second = held.traded(Decimal(-1), Decimal(1))
    _, third = held.traded(Decimal(-1), Decimal(1))
    assert first + second + third == 3 - Decimal("0.0000000003")


def test_a_trade_through_zero_opens_the_other_way_round() -> None:
    held, _ = Holding().traded(Decimal(2), Decimal(10))
    held, realised = held.traded(Decimal(-5), Decimal(11))
    assert (held.quantity, held.cost, realised) == (D(-3), D(-33), D(2))


def test_a_base_coin_fee_leaves_the_holding_at_the_fills_own_price() -> None:
    bought, realised = SpotHolding().after(
        fill(Market.SPOT, Side.BUY, "1", "100", "0.001", "AAA"), "AAA"
    )
    assert bought == SpotHolding(Decimal("0.999"), Decimal("99.9"))
    assert realised == 0
    bought, _ = SpotHolding().after(fill(Market.SPOT, Side.BUY, "1", "100", "0.1"), "AAA")
    assert bought == SpotHolding(Decimal(1), Decimal(100))
