"""The funding-rates page: one line for every pair of a snapshot."""

from datetime import datetime
from decimal import Decimal

from actors.domain.funding import FundingPrint, per_year
from actors.domain.market import MarketSnapshot, PairMarket, Ticker
from actors.views.messages import FundingRates, FundingRateView


def funding_rates(snapshot: MarketSnapshot | None) -> FundingRates:
    """Empty, without a time, before the first snapshot."""
    if snapshot is None:
        return FundingRates(None, ())
    return FundingRates(snapshot.at, tuple(map(funding_rate, snapshot.pairs)))


def funding_rate(market: PairMarket) -> FundingRateView:
    funding, spot, perp = market.funding, market.spot, market.perp
    rate_8h = None if funding is None else funding.rate_8h
    settled = _last_settled(market)
    return FundingRateView(
        pair_key=market.pair.key,
        symbol=market.pair.short.symbol,
        rate=None if funding is None else funding.predicted_rate,
        interval_hours=None if funding is None else funding.interval_hours,
        rate_8h=rate_8h,
        apr=None if rate_8h is None else per_year(rate_8h),
        next_settlement=None if funding is None else funding.next_settlement,
        last_settled_rate_8h=None if settled is None else settled.rate_8h,
        mean_8h=None if market.signal is None else market.signal.slow_8h,
        spot_spread_bp=None if spot is None else spot.spread_bp,
        perp_spread_bp=None if perp is None else perp.spread_bp,
        basis_bp=basis_bp(spot, perp),
        volume_24h_usdt=_thinner_volume(spot, perp),
        as_of=_oldest(market),
        missing=market.missing,
    )


def basis_bp(spot: Ticker | None, perp: Ticker | None) -> Decimal | None:
    """perp / spot - 1 of the middle prices, in bp; None where one is unknown."""
    spot_mid = None if spot is None else spot.mid
    perp_mid = None if perp is None else perp.mid
    if spot_mid is None or perp_mid is None or spot_mid <= 0:
        return None
    return (perp_mid / spot_mid - 1) * 10_000


def _last_settled(market: PairMarket) -> FundingPrint | None:
    known = [*market.recent_prints]
    if market.funding is not None and market.funding.last_settled is not None:
        known.append(market.funding.last_settled)
    return max(known, key=lambda one: one.at, default=None)


def _thinner_volume(spot: Ticker | None, perp: Ticker | None) -> Decimal | None:
    if spot is None or perp is None:
        return None
    if spot.volume_24h_usdt is None or perp.volume_24h_usdt is None:
        return None
    return min(spot.volume_24h_usdt, perp.volume_24h_usdt)


def _oldest(market: PairMarket) -> datetime | None:
    """The age of a line is that of its oldest figure."""
    parts = (market.spot, market.perp, market.funding)
    return min((part.as_of for part in parts if part is not None), default=None)
