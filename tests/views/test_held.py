"""What a position is worth now, and what it would cost to close it, worked out by hand."""

from dataclasses import replace

import pytest

from actors.domain.account import PerpHolding
from actors.domain.costs import ClosingCost, closing_cost
from actors.domain.market import PairMarket
from actors.domain.policies.outlook import outlook
from actors.domain.positions import PositionState
from actors.domain.results import PnlSplit
from actors.domain.terms import FeeRates, Terms
from actors.views import messages as ask
from tests.builders import D, account, funding, pair, pair_market, ticker
from tests.views import facts
from tests.views.test_pages import Front

FEES = FeeRates()  # 0.1 % spot, 0.055 % perpetual, 2 bp slippage


def market(base: str = "BTC") -> PairMarket:
    """Spot 99.9 / 100.1, perpetual 100.4 / 100.6."""
    both = pair(base)
    spot = replace(ticker(both.long, "100"), bid=D("99.9"), ask=D("100.1"))
    perp = replace(ticker(both.short, "100.5"), bid=D("100.4"), ask=D("100.6"))
    return replace(pair_market(base), spot=spot, perp=perp, funding=funding("0.0003", base=base))


def held(base: str = "BTC"):  # type: ignore[no-untyped-def]
    """10 coins in each leg, bought at 100, sold at 101."""
    total = PnlSplit(D(2), D(-1), D(3), D(-1), D("-0.5"), D(0))
    return replace(facts.open_pnl(base, total), entry_perp_price=D(101))


def stated(**changes: object):  # type: ignore[no-untyped-def]
    holding = PerpHolding("BTC/USDT:USDT", D(-10), D(101), D("100.5"), D("150.75"), D(5))
    return replace(account(), perps=(replace(holding, **changes),))  # type: ignore[arg-type]


def cycle(*markets: PairMarket, said=None):  # type: ignore[no-untyped-def]
    report = facts.cycle(markets)
    return replace(report, snapshot=replace(report.snapshot, account=said or stated()))


def test_all_figures_of_a_position() -> None:
    front = Front(facts.status(), facts.report(positions=[held()]), cycle(market()))
    (one,) = front.ask(ask.GetPositions()).positions
    assert one.basis_entry_bp == 100
    assert one.basis_now_bp == 50
    assert (one.delta, one.notional_now_usdt) == (0, 1000)
    # The short is liquidated at 150.75, half as much again as the mark of 100.5.
    assert (one.liquidation_price, one.liquidation_distance) == (D("150.75"), D("0.5"))
    assert (one.price_unrealised_usdt, one.price_usdt) == (1, 1)
    assert (one.funding_usdt, one.fees_usdt, one.net_usdt) == (3, D("-1.5"), D("2.5"))
    # Fees: 1000 x 0.1 % + 1005 x 0.055 %; spread: 10 x 0.1 twice; slippage: 2005 x 2 bp.
    assert one.closing == ClosingCost(D("1.55275"), D(2), D("0.401"))
    assert one.closing.total == D("3.95375")
    assert one.unknown == ()


def test_what_is_not_known_says_why() -> None:
    front = Front(facts.status())
    (one,) = front.ask(ask.GetPositions()).positions
    reasons = dict(one.unknown)
    missing = {
        name for name in ask.PositionView.__slots__ if getattr(one, name) is None and name != "pnl"
    }
    assert set(reasons) == missing
    assert reasons["net_usdt"] == "the ledger has not told of it yet"
    assert reasons["basis_now_bp"] == "no cycle has ended yet"
    front.tell(
        facts.report(positions=[facts.open_pnl(marked=False)]),
        cycle(replace(market(), perp=None), said=stated(liquidation_price=None)),
    )
    (one,) = front.ask(ask.GetPositions()).positions
    reasons = dict(one.unknown)
    assert reasons["net_usdt"] == "no price for BTC/USDT"
    assert reasons["closing"] == "a bid or an ask is missing"
    assert reasons["liquidation_distance"] == "the venue states no liquidation price"
    assert (one.funding_usdt, one.delta) == (3, 0)


def test_stopping_costs_the_sum_of_all() -> None:
    front = Front(
        facts.status("BTC"),
        facts.status("ETH"),
        facts.report(positions=[held("BTC"), held("ETH")]),
        cycle(market("BTC"), market("ETH")),
    )
    closing = front.ask(ask.GetStatus()).closing
    assert (closing.positions, closing.unknown) == (2, ())
    assert closing.cost.total == 2 * D("3.95375")
    front.tell(cycle(market("BTC")))
    closing = front.ask(ask.GetStatus()).closing
    assert closing.cost is None
    assert dict(closing.unknown) == {"ETH-USDT": "the market has no price of it now"}


def test_with_nothing_held_stopping_costs_nothing() -> None:
    assert Front().ask(ask.GetStatus()).closing is None
    closing = Front(facts.report(), facts.cycle()).ask(ask.GetStatus()).closing
    assert (closing.positions, closing.cost.total) == (0, 0)
    # An order is under way, nothing is filled: there is nothing to close.
    front = Front(facts.report(), facts.status(state=PositionState.OPENING))
    assert front.ask(ask.GetStatus()).closing.cost.total == 0


@pytest.mark.parametrize("price", ["0.00012", "100", "98765.4"])
def test_closing_is_half_of_the_round_trip_that_policies_decide_on(price: str) -> None:
    flat = pair_market("BTC", price=price)
    cost = closing_cost(flat, FEES, D(3), D(-3))
    view = outlook(flat, Terms(fees=FEES))
    assert cost is not None
    assert view is not None
    notional = 3 * D(price)
    both = float(view.round_trip.total)
    assert float(2 * cost.total / notional) == pytest.approx(both, rel=1e-12)


def test_a_leg_that_is_not_held_needs_no_price() -> None:
    silent = replace(market(), perp=None)
    assert closing_cost(silent, FEES, D(10), D(0)) == ClosingCost(D(1), D(1), D("0.2"))
    assert closing_cost(silent, FEES, D(10), D(-10)) is None
