"""Closed trades that a filter lets through, and what they come to."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from math import ceil, floor, log10, sqrt
from typing import Any

from actors.domain.exact import total_of
from actors.domain.results import ClosedTrade, Figure, PnlSplit
from actors.views.messages import (
    CumulativePoint,
    PairTrades,
    ResultBin,
    TradeFilter,
    TradeSummary,
    TradeSums,
)
from actors.views.thinning import thinned_by

YEAR = timedelta(days=365)
LEAST_TIME_HELD = timedelta(days=7)
"""A yield a year from less says nothing."""
MOST_BINS = 40
FAILED_OPEN = "failed open"
NO_TRADES = "no closed trades"

_SORTS: dict[str, Callable[[ClosedTrade], Any]] = {
    "exit_at": lambda one: one.exit_at,
    "entry_at": lambda one: one.entry_at,
    "pair": lambda one: one.pair_key,
    "net": lambda one: one.pnl.net,
    "funding": lambda one: one.pnl.funding,
    "price": lambda one: one.pnl.price,
    "fees": lambda one: one.pnl.fees,
    "notional": lambda one: one.notional_usdt,
    "holding": lambda one: one.exit_at - one.entry_at,
}


def chosen(trades: Sequence[ClosedTrade], by: TradeFilter) -> list[ClosedTrade]:
    """In the order given."""
    wanted = [one for one in trades if _is_in(one, by.pair_key, by.since, by.until)]
    if by.result is not None:
        sign = 1 if by.result == "win" else -1
        wanted = [one for one in wanted if one.pnl.net * sign > 0]
    if by.exit_reason is not None:
        word = by.exit_reason.casefold()
        wanted = [one for one in wanted if _mentions(one, word)]
    return wanted


def in_order(trades: Sequence[ClosedTrade], sort: str) -> list[ClosedTrade]:
    """Equal ones by their exits, the newest first where the largest is."""
    backwards = sort.startswith("-")
    key = _SORTS[sort.removeprefix("-")]
    return sorted(reversed(trades) if backwards else trades, key=key, reverse=backwards)


def sums(trades: Sequence[ClosedTrade]) -> TradeSums:
    splits = [one.pnl for one in trades]
    nets = [one.net for one in splits]
    slippages = [one.slippage for one in splits if one.slippage is not None]
    return TradeSums(
        trades=len(trades),
        wins=sum(net > 0 for net in nets),
        losses=sum(net < 0 for net in nets),
        pnl=PnlSplit(
            spot_price=total_of(one.spot_price for one in splits),
            perp_price=total_of(one.perp_price for one in splits),
            funding=total_of(one.funding for one in splits),
            fees_spot=total_of(one.fees_spot for one in splits),
            fees_perp=total_of(one.fees_perp for one in splits),
            slippage=total_of(slippages) if len(slippages) == len(splits) else None,
        ),
        notional_usdt=total_of(one.notional_usdt for one in trades),
        slippage_unknown=len(splits) - len(slippages),
    )


def summary(trades: Sequence[ClosedTrade], points: int) -> TradeSummary:
    """``trades``: in the order of their exits."""
    whole = _Group(trades)
    by_pair: dict[str, list[ClosedTrade]] = {}
    for one in trades:
        by_pair.setdefault(one.pair_key, []).append(one)
    pairs = [(key, _Group(group)) for key, group in by_pair.items()]
    return TradeSummary(
        sums=whole.sums,
        win_rate=whole.win_rate(),
        mean_holding_hours=whole.mean_holding_hours(),
        apr=whole.apr(),
        cumulative=thinned_by(_cumulative(trades), points, lambda one: one.net_usdt),
        distribution=distribution([one.pnl.net for one in trades]),
        by_pair=tuple(
            PairTrades(key, group.sums, group.win_rate(), group.mean_holding_hours(), group.apr())
            for key, group in sorted(pairs, key=lambda one: (-one[1].sums.pnl.net, one[0]))
        ),
    )


def distribution(nets: Sequence[Decimal]) -> tuple[ResultBin, ...]:
    """Equal bins over all results, one edge at 0.

    The width is the rule of Freedman and Diaconis, 2 x interquartile range / cube root of the
    count, rounded up to 1, 2 or 5 times a power of ten; with at most MOST_BINS bins.
    """
    if not nets:
        return ()
    ordered = sorted(nets)
    low, high = ordered[0], ordered[-1]
    step = _step(ordered)
    first, last = _bin(low, step), _bin(high, step)
    counts = [0] * (last - first + 1)
    for net in ordered:
        counts[_bin(net, step) - first] += 1
    return tuple(
        ResultBin(step * number, step * (number + 1), count)
        for number, count in enumerate(counts, first)
    )


class _Group:
    def __init__(self, trades: Sequence[ClosedTrade]) -> None:
        self.trades = trades
        self.sums = sums(trades)

    def win_rate(self) -> Figure:
        count = self.sums.trades
        return Figure(self.sums.wins / count, count) if count else Figure(None, 0, NO_TRADES)

    def mean_holding_hours(self) -> Figure:
        count = self.sums.trades
        if not count:
            return Figure(None, 0, NO_TRADES)
        return Figure(self._held() / timedelta(hours=1) / count, count)

    def apr(self) -> Figure:
        count = self.sums.trades
        if not count:
            return Figure(None, 0, NO_TRADES)
        held = self._held()
        if held < LEAST_TIME_HELD:
            days = held / timedelta(days=1)
            return Figure(None, count, f"held for {days:.1f} days, 7 are needed")
        years = sum(
            float(one.notional_usdt) * ((one.exit_at - one.entry_at) / YEAR) for one in self.trades
        )
        if years <= 0:
            return Figure(None, count, "nothing was held")
        return Figure(float(self.sums.pnl.net) / years, count)

    def _held(self) -> timedelta:
        return sum((one.exit_at - one.entry_at for one in self.trades), timedelta())


def _is_in(
    trade: ClosedTrade, pair_key: str | None, since: datetime | None, until: datetime | None
) -> bool:
    return (
        (pair_key is None or trade.pair_key == pair_key)
        and (since is None or trade.exit_at >= since)
        and (until is None or trade.exit_at < until)
    )


def _mentions(trade: ClosedTrade, word: str) -> bool:
    reasons = (FAILED_OPEN, *trade.exit_reasons) if trade.failed_open else trade.exit_reasons
    return any(word in reason.casefold() for reason in reasons)


def _cumulative(trades: Sequence[ClosedTrade]) -> list[CumulativePoint]:
    """One point for each instant at which something was closed."""
    points: list[CumulativePoint] = []
    for one in trades:
        so_far = (one.pnl.net,) if not points else (points[-1].net_usdt, one.pnl.net)
        point = CumulativePoint(one.exit_at, total_of(so_far))
        if points and points[-1].at == point.at:
            points[-1] = point
        else:
            points.append(point)
    return points


def _step(ordered: Sequence[Decimal]) -> Decimal:
    """The width of the bins."""
    count = len(ordered)
    spread = float(ordered[-1] - ordered[0])
    quartiles = float(ordered[(3 * count) // 4] - ordered[count // 4])
    width = 2 * quartiles / count ** (1 / 3) or spread / sqrt(count)
    width = max(width, spread / (MOST_BINS - 1))
    return _round_number(width or abs(float(ordered[0])) or 1.0)


def _round_number(least: float) -> Decimal:
    """The next of 1, 2 or 5 times a power of ten."""
    power = floor(log10(least))
    for times in (1, 2, 5, 10):
        step = Decimal(times).scaleb(power)
        if float(step) >= least:
            return step
    return Decimal(ceil(least / 10**power)).scaleb(power)


def _bin(net: Decimal, step: Decimal) -> int:
    """The largest n with n x step <= net; exact."""
    whole = int(net // step)
    return whole if step * whole <= net else whole - 1
