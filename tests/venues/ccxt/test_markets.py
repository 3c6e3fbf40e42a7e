"""Instruments out of what exchanges list, in coins whatever a contract is."""

from decimal import Decimal
from typing import Any

import pytest

from actors.domain.instruments import Market
from actors.venues.ccxt.markets import coin_of, listing_of


def market(**changes: Any) -> dict[str, Any]:
    """A linear perpetual as ccxt describes one."""
    return {
        "symbol": "BTC/USDT:USDT",
        "base": "BTC",
        "quote": "USDT",
        "settle": "USDT",
        "spot": False,
        "swap": True,
        "linear": True,
        "active": True,
        "contractSize": 1.0,
        "precision": {"amount": 0.001, "price": 0.1},
        "limits": {"amount": {"min": 0.001, "max": 1190.0}, "cost": {"min": None}},
        "info": {"lotSizeFilter": {"maxMktOrderQty": "119.000", "minNotionalValue": "5"}},
    } | changes


def test_steps_and_limits_of_a_perpetual() -> None:
    listing = listing_of(market(), "bybit", "USDT", tick_sizes=True)
    assert listing is not None
    one = listing.instrument
    assert (one.market, one.base, one.multiplier) == (Market.PERP, "BTC", Decimal(1))
    assert (one.lot_step, one.tick_size) == (Decimal("0.001"), Decimal("0.1"))
    assert (one.min_quantity, one.min_notional) == (Decimal("0.001"), Decimal(5))
    assert one.max_market_quantity == 119  # 1190 is what a limit order may be


def test_a_thousand_of_a_coin_are_counted_and_priced_one_by_one() -> None:
    thousand = market(
        symbol="1000PEPE/USDT:USDT",
        base="1000PEPE",
        precision={"amount": 100.0, "price": 1e-07},
        limits={"amount": {"min": 100.0, "max": 1e8}, "cost": {"min": 5.0}},
        info={},
    )
    listing = listing_of(thousand, "bybit", "USDT", tick_sizes=True)
    assert listing is not None
    one = listing.instrument
    assert (one.base, one.multiplier) == ("PEPE", Decimal(1000))
    assert one.lot_step == 100_000
    assert one.tick_size == Decimal("1e-10")
    assert listing.price(0.0116) == Decimal("0.0000116")
    assert listing.quantity(3) == 3000


def test_a_contract_of_a_hundredth_changes_quantities_and_no_prices() -> None:
    hundredth = market(contractSize=0.01, precision={"amount": 0.1, "price": 0.1}, info={})
    listing = listing_of(hundredth, "okx", "USDT", tick_sizes=True)
    assert listing is not None
    assert listing.instrument.lot_step == Decimal("0.001")
    assert listing.quantity("25") == Decimal("0.25")
    assert listing.price(60_000.5) == Decimal("60000.5")


def test_precisions_may_be_numbers_of_decimals() -> None:
    decimals = market(precision={"amount": 3, "price": 1})
    listing = listing_of(decimals, "x", "USDT", tick_sizes=False)
    assert listing is not None
    assert (listing.instrument.lot_step, listing.instrument.tick_size) == (
        Decimal("0.001"),
        Decimal("0.1"),
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"active": False},
        {"quote": "USDC"},
        {"settle": "BTC"},
        {"linear": False},
        {"swap": False},
        {"precision": {"amount": None, "price": 0.1}},
        {"precision": {"amount": 0.0, "price": 0.1}},
        {"precision": None},
        {"contractSize": None},
    ],
)
def test_what_cannot_be_traded_is_left_out(changes: dict[str, Any]) -> None:
    assert listing_of(market(**changes), "bybit", "USDT", tick_sizes=True) is None


@pytest.mark.parametrize(
    ("name", "coin", "count"),
    [
        ("BTC", "BTC", 1),
        ("1INCH", "1INCH", 1),
        ("1000PEPE", "PEPE", 1000),
        ("10000LADYS", "LADYS", 10_000),
        ("SHIB1000", "SHIB", 1000),
        ("1MBABYDOGE", "BABYDOGE", 1_000_000),
        ("kPEPE", "PEPE", 1000),
        ("1000x", "x", 1000),
        ("C98", "C98", 1),
    ],
)
def test_names_that_hold_a_count(name: str, coin: str, count: int) -> None:
    assert coin_of(name) == (coin, Decimal(count))
