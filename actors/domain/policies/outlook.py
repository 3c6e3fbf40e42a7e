"""What both policies look at: the figures of one pair, once they are all known and fresh."""

from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from actors.domain.costs import break_even_hours, round_trip
from actors.domain.decisions import Action, RoundTrip, Stage, Verdict
from actors.domain.funding import FundingPrint
from actors.domain.market import PairMarket
from actors.domain.signals import CarrySignal, expected_total
from actors.domain.terms import Terms

RECENT, AGREEING = 3, 2
"""Of the last three settled prints two must agree before a position is left."""
_DIGITS = Decimal("1e-10")
"""Statistics are rounded to this before they become Decimals: enough, and the same everywhere."""


class Outlook(NamedTuple):
    """The figures a policy decides on. Fractions are of one leg's notional."""

    predicted_8h: Decimal
    interval_hours: int
    signal: CarrySignal
    spreads_bp: tuple[Decimal, Decimal]
    """Of spot and perpetual."""
    round_trip: RoundTrip
    cost: Decimal
    """All of the round trip."""
    horizon_hours: Decimal
    expected_funding: Decimal
    """Over the horizon."""
    expected_8h: Decimal
    recent: tuple[FundingPrint, ...]
    """The last settled prints, oldest first."""

    def lasting_below(self, rate_8h: Decimal) -> bool:
        """True where two of the last three prints were below ``rate_8h``: one reading is none."""
        return sum(1 for one in self.recent if one.rate_8h < rate_8h) >= AGREEING

    def verdict(self, action: Action, reached: Stage, *reasons: str) -> Verdict:
        return Verdict(
            action=action,
            reached=reached,
            reasons=reasons,
            score=self.expected_funding - self.cost,
            expected_funding=self.expected_funding,
            round_trip=self.round_trip,
            horizon_hours=self.horizon_hours,
            break_even_hours=break_even_hours(self.cost, self.expected_8h),
        )


def outlook(market: PairMarket, terms: Terms) -> Outlook | None:
    """The figures, or None while one is missing (:func:`unknown` says which)."""
    spot_bp = market.spot.spread_bp if market.spot else None
    perp_bp = market.perp.spread_bp if market.perp else None
    funding, signal = market.funding, market.signal
    if spot_bp is None or perp_bp is None or funding is None or signal is None:
        return None
    rate_8h, interval_hours = funding.rate_8h, funding.interval_hours
    if rate_8h is None or interval_hours is None:
        return None
    costs = round_trip(spot_bp, perp_bp, terms.fees)
    hours = terms.carry.horizon_hours
    horizon = exactly(hours)
    expected = Decimal(repr(expected_total(signal, hours, terms.carry))).quantize(_DIGITS)
    return Outlook(
        predicted_8h=rate_8h,
        interval_hours=interval_hours,
        signal=signal,
        spreads_bp=(spot_bp, perp_bp),
        round_trip=costs,
        cost=costs.total,
        horizon_hours=horizon,
        expected_funding=expected,
        expected_8h=(expected * 8 / horizon).quantize(_DIGITS),
        recent=market.recent_prints[-RECENT:],
    )


def unknown(
    market: PairMarket, view: Outlook | None, held: bool, terms: Terms, at: datetime
) -> tuple[str, ...]:
    """Every figure that is missing or too old to decide on, in words; empty when all are there.

    A held pair asks only for what its exit is decided on: what the ``view`` consists of.
    """
    absent = _absent(market) if view is None else ()
    named = () if held and not absent else market.missing or absent
    return (*named, *_stale(market, terms, at))


@lru_cache(typed=True)
def exactly(setting: float) -> Decimal:
    """A setting as it was written; they are the same few numbers for every pair."""
    return Decimal(repr(setting))


def _absent(market: PairMarket) -> tuple[str, ...]:
    absent = []
    for name, ticker in (("spot", market.spot), ("perpetual", market.perp)):
        if ticker is None or ticker.spread_bp is None:
            absent.append(f"no {name} bid and ask")
    if market.funding is None or market.funding.rate_8h is None:
        absent.append("no predicted funding rate with its interval")
    if market.signal is None:
        absent.append("no settled funding history")
    return tuple(absent)


def _stale(market: PairMarket, terms: Terms, at: datetime) -> tuple[str, ...]:
    limit = terms.risk.max_quote_age
    stale = []
    for name, what in (
        ("spot price", market.spot),
        ("perpetual price", market.perp),
        ("funding rate", market.funding),
    ):
        if what is not None and at - what.as_of > limit:
            age = (at - what.as_of).total_seconds()
            stale.append(f"{name} is {age:,.0f} s old, more than {limit.total_seconds():,.0f} s")
    return tuple(stale)
