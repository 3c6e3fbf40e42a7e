from actors.domain.costs import break_even_hours, break_even_settlements, round_trip
from actors.domain.terms import FeeRates
from tests.domain.builders import PERP, SPOT, D, ticker

FEES = FeeRates(D("0.001"), D("0.00055"), D(2))


def test_a_round_trip_is_four_orders() -> None:
    spot, perp = ticker(SPOT, "99.9", "100.1"), ticker(PERP, "99.95", "100.05")
    assert spot.spread_bp is not None
    assert perp.spread_bp is not None
    cost = round_trip(spot.spread_bp, perp.spread_bp, FEES)
    assert cost.fees == D("0.0031")
    # In and out over 20 bp and over 10 bp: each leg pays its whole spread once.
    assert cost.spread == D("0.003")
    assert cost.slippage == D("0.0008")
    assert cost.total == D("0.0069")


def test_no_spread_is_known_without_both_prices() -> None:
    assert ticker(SPOT, bid=None).spread_bp is None
    assert ticker(SPOT, ask=None).spread_bp is None
    assert ticker(PERP, "0", "0").spread_bp is None


def test_one_bp_per_8h_needs_31_settlements_for_the_fees() -> None:
    assert break_even_settlements(D("0.0031"), D("0.0001"), 8) == 31
    assert break_even_hours(D("0.0031"), D("0.0001")) == 248
    assert break_even_settlements(D("0.0031"), D("0.0001"), 1) == 248


def test_what_never_pays_never_breaks_even() -> None:
    assert break_even_hours(D("0.0031"), D(0)) is None
    assert break_even_settlements(D("0.0031"), D("-0.0001"), 8) is None
