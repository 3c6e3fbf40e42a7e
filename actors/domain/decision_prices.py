"""The prices a decision saw: what fills are compared with later, to tell the slippage."""

from datetime import datetime
from decimal import Decimal

from actors.domain.decisions import Verdict
from actors.domain.market import PairMarket
from actors.domain.positions import EntryDecision, ExitDecision
from actors.domain.terms import Terms


def entry_decision(
    verdict: Verdict, market: PairMarket, quantity: Decimal, terms: Terms, at: datetime
) -> EntryDecision | None:
    """Why and at which prices a pair is entered: spot bought at the ask, the perp sold at the bid.

    None where a price is missing: then there is nothing to enter on.
    """
    spot = market.spot.ask if market.spot is not None else None
    perp = market.perp.bid if market.perp is not None else None
    if spot is None or perp is None:
        return None
    if verdict.expected_funding is None or verdict.round_trip is None:
        return None
    notional = quantity * spot
    return EntryDecision(
        at,
        terms.policy.value,
        spot,
        perp,
        expected_funding_usdt=verdict.expected_funding * notional,
        expected_cost_usdt=verdict.round_trip.total * notional,
        reasons=verdict.reasons,
    )


def exit_decision(
    market: PairMarket | None, reasons: tuple[str, ...], at: datetime
) -> ExitDecision:
    """The prices a leaving position expects: it sells spot at the bid, buys the perp at the ask."""
    spot = market.spot.bid if market is not None and market.spot is not None else None
    perp = market.perp.ask if market is not None and market.perp is not None else None
    return ExitDecision(at, spot, perp, reasons)
