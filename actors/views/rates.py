"""The funding-rates page: one line for every pair of a snapshot.

Whatever is decided on comes from the policies' verdict; nothing of it is worked out here again.
"""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal

from actors.domain.costs import whole_settlements
from actors.domain.decisions import Verdict
from actors.domain.funding import HOURS_PER_YEAR, FundingPrint, FundingRate, per_year
from actors.domain.market import PairMarket, Ticker
from actors.domain.periods import Unknown
from actors.domain.policies import decide
from actors.domain.settled_rates import PERCENTILE_HOURS, PERCENTILE_PRINTS
from actors.domain.signals import trend
from actors.domain.terms import Terms
from actors.orchestrator.messages import CycleReport, Opportunity
from actors.views.messages import FundingRates, FundingRateView
from actors.views.opportunities import fell_at, label, reason

_BP = Decimal("0.0001")
_USDT = Decimal("0.01")
_FRACTION = Decimal("1e-10")
_NOT_DECIDED = (
    "round_trip",
    "round_trip_bp",
    "expected_8h",
    "break_even_hours",
    "break_even_settlements",
    "expected_net_bp",
    "expected_net_per_1000_usdt",
    "expected_net_apr",
)


def funding_rates(report: CycleReport | None, held: Collection[str]) -> FundingRates:
    """Empty, without a time, before the first snapshot. ``held`` are pair keys."""
    if report is None:
        return FundingRates(None, ())
    judged = {one.pair_key: one for one in report.opportunities}
    silent = frozenset(report.silent_pairs)
    rows = []
    for market in report.snapshot.pairs:
        key = market.pair.key
        one = judged.get(key)
        unjudged = "its strategy did not answer in time" if key in silent else "not judged yet"
        rows.append(_row(market, one, unjudged, key in held, report))
    return FundingRates(
        report.snapshot.at,
        tuple(rows),
        report.cycle,
        report.terms.policy,
        Decimal(repr(report.terms.carry.horizon_hours)),
        _not_stated(rows),
    )


def thinner_volume_usdt(market: PairMarket) -> Decimal | None:
    """Turnover of 24 hours of the leg with less; None while one is unknown."""
    if market.spot is None or market.perp is None:
        return None
    return _smaller(market.spot.volume_24h_usdt, market.perp.volume_24h_usdt)


def _row(
    market: PairMarket, one: Opportunity | None, unjudged: str, held: bool, report: CycleReport
) -> FundingRateView:
    funding, spot, perp, signal = market.funding, market.spot, market.perp, market.signal
    rate = None if funding is None else funding.predicted_rate
    interval = None if funding is None else funding.interval_hours
    rate_8h = None if funding is None else funding.rate_8h
    settled = _last_settled(market)
    verdict = _figures(market, one, report.terms, report.snapshot.at)
    expected_8h = _expected_8h(verdict)
    hours, score = verdict.break_even_hours, verdict.score
    rank = None
    if rate is not None and interval is not None:
        rank = market.settled.percentile(rate, interval)
    lead = None if signal is None else trend(signal, report.terms.carry)
    cost_bp = None if verdict.round_trip is None else _in_bp(verdict.round_trip.total)
    net_bp = None if score is None else _in_bp(score)
    return FundingRateView(
        pair_key=market.pair.key,
        symbol=market.pair.short.symbol,
        rate=rate,
        interval_hours=interval,
        rate_8h=rate_8h,
        apr=None if rate_8h is None else per_year(rate_8h),
        next_settlement=None if funding is None else funding.next_settlement,
        last_settled_rate_8h=None if settled is None else settled.rate_8h,
        mean_8h=None if signal is None else round(signal.slow_8h, 10),
        spot_spread_bp=None if spot is None else _rounded(spot.spread_bp, _BP),
        perp_spread_bp=None if perp is None else _rounded(perp.spread_bp, _BP),
        basis_bp=_rounded(market.basis_bp, _BP),
        volume_24h_usdt=_rounded(thinner_volume_usdt(market), _USDT),
        as_of=_oldest(market),
        missing=market.missing,
        base=market.pair.short.base,
        spot_price=None if spot is None else spot.mid,
        mark_price=None if perp is None else perp.mark,
        rate_cap=None if funding is None else funding.cap,
        rate_floor=None if funding is None else funding.floor,
        at_limit=None if funding is None else funding.at_limit,
        touch_entry_usdt=_rounded(_smaller(_offered(spot), _wanted(perp)), _USDT),
        touch_exit_usdt=_rounded(_smaller(_wanted(spot), _offered(perp)), _USDT),
        round_trip=None if cost_bp is None else cost_bp.scaleb(-4),
        round_trip_bp=cost_bp,
        expected_8h=expected_8h,
        break_even_hours=hours,
        break_even_settlements=(
            None if hours is None or interval is None else whole_settlements(hours, interval)
        ),
        expected_net_bp=net_bp,
        expected_net_per_1000_usdt=None if net_bp is None else net_bp.scaleb(-1),
        expected_net_apr=_rounded(_a_year(score, verdict.horizon_hours), _FRACTION),
        percentile=None if rank is None else round(rank, 6),
        history_prints=len(market.settled),
        trend_8h=None if lead is None else round(lead[0], 10),
        trend=None if lead is None else lead[1],
        action=None if one is None else label(one),
        score=None if one is None else _rounded(one.verdict.score, _FRACTION),
        rank=None if one is None else one.rank,
        fell_at=None if one is None else fell_at(one),
        reason=unjudged if one is None else reason(one),
        held=held,
        unknown=_unknown(market, funding, verdict, report.terms, rank is None, lead is None),
    )


def _figures(market: PairMarket, one: Opportunity | None, terms: Terms, at: datetime) -> Verdict:
    """The verdict that the cycle had; for a pair that was not judged what its policy would say."""
    if one is not None and one.verdict.score is not None:
        return one.verdict
    return decide(market, None, terms, at)


def _expected_8h(verdict: Verdict) -> Decimal | None:
    expected, hours = verdict.expected_funding, verdict.horizon_hours
    return None if expected is None or not hours else (expected * 8 / hours).quantize(_FRACTION)


def _a_year(score: Decimal | None, hours: Decimal | None) -> Decimal | None:
    return None if score is None or not hours else score * HOURS_PER_YEAR / hours


def _offered(ticker: Ticker | None) -> Decimal | None:
    """USDT that the best ask takes."""
    if ticker is None or ticker.ask is None or ticker.ask_quantity is None:
        return None
    return ticker.ask * ticker.ask_quantity


def _wanted(ticker: Ticker | None) -> Decimal | None:
    """USDT that the best bid takes."""
    if ticker is None or ticker.bid is None or ticker.bid_quantity is None:
        return None
    return ticker.bid * ticker.bid_quantity


def _smaller(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else min(one, other)


def _last_settled(market: PairMarket) -> FundingPrint | None:
    folded = market.recent_prints[-1] if market.recent_prints else None
    stated = None if market.funding is None else market.funding.last_settled
    if folded is None or stated is None:
        return folded or stated
    return stated if stated.at > folded.at else folded


def _oldest(market: PairMarket) -> datetime | None:
    """The age of a line is that of its oldest figure."""
    parts = (market.spot, market.perp, market.funding)
    return min((part.as_of for part in parts if part is not None), default=None)


def _unknown(
    market: PairMarket,
    funding: FundingRate | None,
    verdict: Verdict,
    terms: Terms,
    no_percentile: bool,
    no_trend: bool,
) -> Unknown:
    """What the line does not show, and why; ``missing`` has the rest."""
    found: list[tuple[str, str]] = []
    if verdict.score is None:
        why = next(iter(verdict.reasons), "not known")
        found += [(name, why) for name in _NOT_DECIDED]
    elif verdict.break_even_hours is None:
        never = "the expected funding never pays for the round trip"
        found += [("break_even_hours", never), ("break_even_settlements", never)]
    if no_percentile and funding is not None and funding.rate_8h is not None:
        few = (
            f"{len(market.settled)} prints are known; {PERCENTILE_PRINTS} over "
            f"{PERCENTILE_HOURS} hours are needed"
        )
        found.append(("percentile", few))
    if no_trend and market.signal is not None:
        short = (
            f"{market.signal.hours:.0f} hours of history are known; "
            f"{terms.carry.min_history_hours:.0f} are needed"
        )
        found += [("trend", short), ("trend_8h", short)]
    return tuple(found)


def _not_stated(rows: Collection[FundingRateView]) -> Unknown:
    """What the venue says of no pair: said once, not in each line."""
    found: list[tuple[str, str]] = []
    if rows and all(row.rate_cap is None for row in rows):
        found += [(name, "the venue states no limits") for name in _LIMITS]
    if rows and all(row.touch_entry_usdt is None and row.touch_exit_usdt is None for row in rows):
        found += [(name, "the venue's tickers state no quantities") for name in _TOUCH]
    return tuple(found)


_LIMITS = ("rate_cap", "rate_floor", "at_limit")
_TOUCH = ("touch_entry_usdt", "touch_exit_usdt")


def _in_bp(fraction: Decimal) -> Decimal:
    return (fraction * 10_000).quantize(_BP)


def _rounded(value: Decimal | None, step: Decimal) -> Decimal | None:
    return None if value is None else value.quantize(step)
