"""Client ids: short, unique, and the same for ever."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.domain.orders import Leg, OrderAction
from actors.execution.ids import MAX_LENGTH, client_id, prefix

PAIRS = st.from_regex(r"[A-Z0-9]{1,24}-(USDT|USDC)", fullmatch=True) | st.text(
    min_size=1, max_size=30
).map(lambda text: f"{text}-USDT")
ORDERS = st.tuples(
    PAIRS,
    st.integers(1, 99_999),
    st.sampled_from(Leg),
    st.sampled_from(OrderAction),
    st.integers(1, 999),
)


def of(order: tuple[str, int, Leg, OrderAction, int]) -> str:
    pair_key, number, leg, action, attempt = order
    return client_id("ab12", f"{pair_key}#{number}", leg, action, attempt)


def test_how_they_read() -> None:
    made = client_id("ab12", "BTC-USDT#3", Leg.SPOT, OrderAction.OPEN, 1)
    assert made == "pcab12-BTCUSDT-3-so1"
    assert made.startswith(prefix("ab12"))


@given(order=ORDERS)
def test_they_are_short_plain_and_repeatable(order: tuple[str, int, Leg, OrderAction, int]) -> None:
    made = of(order)
    assert len(made) <= MAX_LENGTH
    assert made.isascii()
    assert made.replace("-", "").isalnum()
    assert made == of(order)


@given(orders=st.lists(ORDERS, min_size=2, max_size=6, unique=True))
def test_no_two_orders_share_one(orders: list[tuple[str, int, Leg, OrderAction, int]]) -> None:
    # BTC-USDT and BTCUSDT-... cannot both be pairs: what is left of a key without its dash is.
    keys = {order[0]: order[0].replace("-", "") for order in orders}
    if len(set(keys.values())) == len(keys):
        assert len({of(order) for order in orders}) == len(orders)


def test_long_names_that_begin_alike_differ() -> None:
    names = [f"AVERYVERYLONGTOKENNAME{n}-USDT#12345" for n in range(50)]
    made = {client_id("ab12", name, Leg.PERP, OrderAction.CLOSE, 99) for name in names}
    assert len(made) == 50


def test_what_cannot_fit_is_an_error() -> None:
    with pytest.raises(ValueError, match="no room"):
        client_id("ab12", "BTC-USDT#" + "9" * 30, Leg.SPOT, OrderAction.OPEN, 1)
