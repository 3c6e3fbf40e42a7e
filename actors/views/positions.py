"""The positions page: what is held, what it earned, what it waits for."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from actors.domain.funding import FundingRate, payment_usdt
from actors.domain.market import PairMarket
from actors.domain.results import OpenPositionPnl
from actors.domain.terms import FeeRates
from actors.execution.messages import PairStatus
from actors.orchestrator.messages import CycleReport
from actors.views.messages import Positions, PositionView


def positions(
    pairs: Mapping[str, PairStatus],
    pnl: Mapping[str, OpenPositionPnl],
    report: CycleReport | None,
    now: datetime,
) -> Positions:
    """In order of the pair keys; without the pairs that merely cool down."""
    views = (_position(pairs[key], pnl, report, now) for key in sorted(pairs))
    return Positions(now, tuple(view for view in views if view is not None))


def _position(
    status: PairStatus,
    pnl: Mapping[str, OpenPositionPnl],
    report: CycleReport | None,
    now: datetime,
) -> PositionView | None:
    position = status.position
    if position is None:
        return None
    result = pnl.get(position.id)
    market = None if report is None else report.snapshot.of(status.pair_key)
    funding = None if market is None else market.funding
    return PositionView(
        pair_key=status.pair_key,
        state=status.state,
        position=position,
        pnl=result,
        next_settlement=None if funding is None else funding.next_settlement,
        expected_funding_usdt=expected_funding_usdt(result, market, funding),
        break_even_progress=break_even_progress(
            result, None if report is None else report.terms.fees
        ),
        age=now - (position.opened_at or position.created_at),
        problem=status.problem,
    )


def expected_funding_usdt(
    pnl: OpenPositionPnl | None, market: PairMarket | None, funding: FundingRate | None
) -> Decimal | None:
    """Of the next settlement, by the predicted rate and the mark price; positive = received."""
    if pnl is None or market is None or funding is None or market.perp is None:
        return None
    mark = market.perp.mark if market.perp.mark is not None else pnl.mark_perp_price
    if mark is None or funding.predicted_rate is None:
        return None
    return payment_usdt(-pnl.perp_quantity, mark, funding.predicted_rate)


def break_even_progress(pnl: OpenPositionPnl | None, fees: FeeRates | None) -> Decimal | None:
    """Funding collected / (fees paid so far + fees expected at the exit); None where unknown."""
    if pnl is None or fees is None:
        return None
    if pnl.mark_spot_price is None or pnl.mark_perp_price is None:
        return None
    exit_fees = (
        abs(pnl.spot_quantity) * pnl.mark_spot_price * fees.spot_taker
        + abs(pnl.perp_quantity) * pnl.mark_perp_price * fees.perp_taker
    )
    to_be_earned = exit_fees - pnl.realised.fees
    return None if to_be_earned <= 0 else pnl.realised.funding / to_be_earned
