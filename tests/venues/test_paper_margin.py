"""Margin on paper: what coins count for, where a liquidation lies, and what it does."""

from datetime import timedelta
from decimal import Decimal

import pytest

from actors.domain.orders import Side
from actors.venues.paper import PaperRules
from actors.venues.port import VenueRefused
from tests.venues.exchange import OTHER_PERP, OTHER_SPOT, PERP, SPOT, START, Exchange

D = Decimal


@pytest.fixture
def exchange() -> Exchange:
    return Exchange()


def fills_of(exchange: Exchange, word: str) -> list[str]:
    fills = exchange.run(exchange.venue.fills_since(START))
    return [one.client_id for one in fills if one.client_id.startswith(word)]


def test_equity_counts_coins_in_full_and_collateral_with_a_haircut(exchange: Exchange) -> None:
    exchange.place(SPOT, Side.BUY, "10")
    exchange.place(PERP, Side.SELL, "10")
    state = exchange.account()
    cash = state.total_of("USDT")
    assert state.equity_usdt == cash + D("9.99") * 100 + 10 * (99 - 100)
    assert state.maintenance_margin_usdt == 5  # 1000 x 0.5 %
    assert state.margin_ratio == 5 / (cash + D("9.99") * 90 - 10)


def test_a_coin_can_have_a_haircut_of_its_own() -> None:
    rules = PaperRules(latency=timedelta(0), haircuts=(("AAA", D("0.5")),))
    exchange = Exchange(rules)
    exchange.place(SPOT, Side.BUY, "10")
    exchange.place(OTHER_SPOT, Side.BUY, "10")
    exchange.place(PERP, Side.SELL, "10")
    state = exchange.account()
    worth = state.total_of("USDT") + D("9.99") * 50 + D("9.99") * 90 - 10
    assert state.margin_ratio == 5 / worth


def test_without_positions_there_is_no_margin_ratio(exchange: Exchange) -> None:
    exchange.place(SPOT, Side.BUY, "10")
    state = exchange.account()
    assert state.margin_ratio is None
    assert (state.initial_margin_usdt, state.maintenance_margin_usdt) == (D(0), D(0))


def test_gains_not_realised_buy_nothing(exchange: Exchange) -> None:
    exchange.place(PERP, Side.SELL, "10")
    exchange.market.set_price("AAA", "50")
    state = exchange.account()
    assert state.perps[0].unrealised_usdt == 490
    assert state.available_usdt == state.total_of("USDT") - 250


def test_an_opening_needs_its_margin_and_its_fee(exchange: Exchange) -> None:
    exchange.market.level_size = D(1000)
    # 202 x 99 / 2 is 9999 and would fit, were it not for the fee of 10.9989.
    with pytest.raises(VenueRefused, match=r"10009\.9989 USDT needed, 10000\.0000 available"):
        exchange.place(PERP, Side.SELL, "202")
    exchange.place(PERP, Side.SELL, "201.7")


def test_turning_a_position_around_needs_margin_for_what_it_grows_by(exchange: Exchange) -> None:
    exchange.market.level_size = D(1000)
    exchange.place(PERP, Side.SELL, "100")
    exchange.place(PERP, Side.BUY, "200")
    assert exchange.account().perp_of(PERP.symbol) == 100
    with pytest.raises(VenueRefused):
        exchange.place(PERP, Side.SELL, "301")  # 201 short in place of 100 long
    exchange.place(PERP, Side.SELL, "280")


def test_a_missing_price_is_not_a_zero(exchange: Exchange) -> None:
    exchange.place(SPOT, Side.BUY, "10")
    exchange.place(PERP, Side.SELL, "10")
    del exchange.market.prices[SPOT.symbol]
    state = exchange.account()
    assert (state.equity_usdt, state.margin_ratio) == (None, None)
    assert exchange.available() > 0
    assert state.perps[0].liquidation_price is None
    del exchange.market.prices[PERP.symbol]
    state = exchange.account()
    assert (state.available_usdt, state.initial_margin_usdt) == (D(0), D(495))  # at entry, 99
    assert (state.perps[0].mark_price, state.perps[0].unrealised_usdt) == (None, None)


def test_a_naked_short_is_liquidated_where_it_was_foretold(exchange: Exchange) -> None:
    exchange.place(PERP, Side.SELL, "100")
    (held,) = exchange.account().perps
    assert held.liquidation_price is not None
    exchange.market.set_price("AAA", held.liquidation_price - SPOT.tick_size)
    assert exchange.account().perp_of(PERP.symbol) == -100
    exchange.market.set_price("AAA", held.liquidation_price + SPOT.tick_size)
    assert exchange.account().perps == ()
    assert fills_of(exchange, "liquidation") == ["liquidation-2"]


def test_a_hedged_short_is_liquidated_where_it_was_foretold(exchange: Exchange) -> None:
    exchange.place(SPOT, Side.BUY, "60")
    exchange.place(PERP, Side.SELL, "60")
    (held,) = exchange.account().perps
    assert held.liquidation_price is not None
    assert held.liquidation_price > 500  # the coins rise with it
    exchange.market.set_price("AAA", held.liquidation_price - SPOT.tick_size)
    assert exchange.account().perp_of(PERP.symbol) == -60
    exchange.market.set_price("AAA", held.liquidation_price + SPOT.tick_size)
    assert exchange.account().perps == ()
    assert exchange.account().total_of("AAA") > 0  # spot stays


def test_a_long_is_liquidated_below(exchange: Exchange) -> None:
    exchange.place(PERP, Side.BUY, "150")
    (held,) = exchange.account().perps
    assert held.liquidation_price is not None
    assert held.liquidation_price < 100
    exchange.market.set_price("AAA", held.liquidation_price - SPOT.tick_size)
    assert exchange.account().perps == ()


def test_a_small_long_cannot_be_liquidated(exchange: Exchange) -> None:
    exchange.place(PERP, Side.BUY, "10")
    assert exchange.account().perps[0].liquidation_price is None


def test_a_liquidation_closes_every_perpetual_at_mark_with_a_fee(exchange: Exchange) -> None:
    exchange.place(PERP, Side.SELL, "100")
    exchange.place(OTHER_PERP, Side.SELL, "10")
    before = exchange.account()
    exchange.market.set_price("AAA", "300")
    after = exchange.account()
    result = 100 * (99 - 300) + 10 * (99 - 100)
    fees = (100 * 300 + 10 * 100) * D("0.00555")
    assert after.total_of("USDT") == before.total_of("USDT") + result - fees
    assert after.perps == ()
    assert after.equity_usdt == after.total_of("USDT")
    fills = [
        one
        for one in exchange.run(exchange.venue.fills_since(START))
        if one.client_id.startswith("liquidation")
    ]
    assert [(one.symbol, one.side, one.price) for one in fills] == [
        (PERP.symbol, Side.BUY, D(300)),
        (OTHER_PERP.symbol, Side.BUY, D(100)),
    ]
    report = exchange.run(exchange.venue.look_up(fills[0].client_id))
    assert report is not None
    assert "below the maintenance margin" in report.reason


def test_a_liquidation_happens_once(exchange: Exchange) -> None:
    exchange.place(PERP, Side.SELL, "100")
    exchange.market.set_price("AAA", "300")
    first = exchange.account()
    exchange.restart()
    exchange.pass_time(hours=1)
    assert exchange.account().balances == first.balances
    assert len(fills_of(exchange, "liquidation")) == 1


def test_nobody_is_liquidated_on_an_unknown_price(exchange: Exchange) -> None:
    exchange.place(PERP, Side.SELL, "100")
    del exchange.market.prices[PERP.symbol]
    assert exchange.account().perp_of(PERP.symbol) == -100


@pytest.mark.parametrize(
    "wrong",
    [
        {"starting_balance": D(0)},
        {"starting_balance": D("NaN")},
        {"spot_taker": D(1)},
        {"perp_taker": D("NaN")},
        {"leverage": D("0.5")},
        {"leverage": D("Infinity")},
        {"maintenance_rate": D("-0.01")},
        {"liquidation_fee": D("-0.01")},
        {"default_haircut": D("-0.1")},
        {"haircuts": (("AAA", D(2)),)},
        {"latency": timedelta(seconds=-1)},
        {"latency_jitter": -0.1},
        {"latency_jitter": float("nan")},
    ],
)
def test_rules_no_exchange_could_have_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        PaperRules(**wrong)  # type: ignore[arg-type]


def test_a_maker_rebate_is_a_fee_with_a_sign() -> None:
    exchange = Exchange(PaperRules(latency=timedelta(0), perp_taker=D("-0.0001")))
    exchange.place(PERP, Side.SELL, "10")
    assert exchange.account().total_of("USDT") == D("10000.099")
