"""Settled rates over time: of many pairs in buckets, of one pair print by print."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from math import ceil

import numpy as np

from actors.domain.market import MarketSnapshot, PairMarket
from actors.domain.settled_rates import milliseconds, moment
from actors.runtime import Rejected
from actors.views.check import at_least
from actors.views.messages import (
    GetRateHistory,
    GetRatePrints,
    PairRateHistory,
    RateHistory,
    RatePrints,
)
from actors.views.rates import thinner_volume_usdt

SPAN = timedelta(days=30)
"""Where it is not said since when."""
MOST_CELLS = 100_000
_HOUR_MS = 3_600_000
_SHORT_BUCKETS = (1, 2, 4)
"""Hours; longer ones are whole intervals of 8 hours."""


def rate_history(snapshot: MarketSnapshot | None, query: GetRateHistory) -> RateHistory:
    """Raises Rejected: ``invalid_query`` for what makes no sense, ``no_such_pair``."""
    at_least(1, limit=query.limit, buckets=query.buckets)
    if snapshot is None:
        return RateHistory(None, 1, (), ())
    pairs = _asked_for(snapshot, query)
    if len(pairs) * query.buckets > MOST_CELLS:
        raise Rejected(
            "invalid_query",
            f"{len(pairs)} pairs x {query.buckets} buckets is more than {MOST_CELLS}",
        )
    since = snapshot.at - SPAN if query.since is None else query.since
    if since >= snapshot.at:
        raise Rejected("invalid_query", f"since has to be before {snapshot.at.isoformat()}")
    edges, hours = _edges(since, snapshot.at, query.buckets)
    return RateHistory(
        snapshot.at,
        hours,
        tuple(map(moment, edges[:-1])),
        tuple(_history(one, edges) for one in pairs),
    )


def rate_prints(snapshot: MarketSnapshot | None, query: GetRatePrints) -> RatePrints:
    """Raises Rejected: ``invalid_query`` for a negative limit, ``no_such_pair``."""
    at_least(0, limit=query.limit)
    market = None if snapshot is None else snapshot.of(query.pair_key)
    if snapshot is None or market is None:
        raise _no_such_pair((query.pair_key,))
    total, prints = market.settled.newest_first(query.since, query.limit)
    return RatePrints(query.pair_key, market.pair.short.symbol, snapshot.at, total, tuple(prints))


def _asked_for(snapshot: MarketSnapshot, query: GetRateHistory) -> Sequence[PairMarket]:
    if query.pairs:
        known = {one.pair.key: one for one in snapshot.pairs}
        if strange := [key for key in query.pairs if key not in known]:
            raise _no_such_pair(strange)
        return [known[key] for key in dict.fromkeys(query.pairs)]
    height = _rate if query.by == "rate" else thinner_volume_usdt
    ranked = [(height(one), one) for one in snapshot.pairs]
    known_first = sorted(ranked, key=lambda one: (one[0] is None, -(one[0] or 0)))
    return [one for _, one in known_first[: query.limit]]


def _rate(market: PairMarket) -> Decimal | None:
    return None if market.funding is None else market.funding.rate_8h


def _edges(since: datetime, until: datetime, buckets: int) -> tuple[list[int], int]:
    """Milliseconds on a grid of whole hours, and how many hours a bucket has.

    The last bucket reaches to ``until`` or beyond; where the grid would need one bucket more, the
    oldest hours are left out.
    """
    span_hours = (until - since) / timedelta(hours=1)
    hours = next(
        (short for short in _SHORT_BUCKETS if short * buckets >= span_hours),
        8 * ceil(span_hours / 8 / buckets),
    )
    width = hours * _HOUR_MS
    end = ceil(milliseconds(until) / width) * width
    count = min(ceil((end - milliseconds(since)) / width), buckets)
    return [end - width * back for back in range(count, -1, -1)], hours


def _history(market: PairMarket, edges: Sequence[int]) -> PairRateHistory:
    settled, bounds = market.settled, np.array(edges, np.int64)
    first, last = np.searchsorted(settled.times, bounds[[0, -1]], side="right")
    means = settled.means_8h(bounds)
    return PairRateHistory(market.pair.key, int(last - first), tuple(means))


def _no_such_pair(keys: Iterable[str]) -> Rejected:
    return Rejected("no_such_pair", f"there is no pair {', '.join(keys)}")
