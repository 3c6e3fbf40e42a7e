"""Closed trades that a filter lets through, and what they come to."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from math import ceil, floor, log10, sqrt
from operator import attrgetter
from typing import Any, NamedTuple

from actors.domain.exact import long_total, running_totals
from actors.domain.results import Figure, PnlSplit
from actors.views.messages import (
    CumulativePoint,
    PairTrades,
    ResultBin,
    TradeFilter,
    TradeSummary,
    TradeSums,
)
from actors.views.thinning import thinned_by
from actors.views.totals import summed
from actors.views.trades import Booked, TradeList

HOURS_A_DAY, HOURS_A_YEAR = 24, 8760
LEAST_DAYS_HELD = 7
"""A yield a year from less says nothing."""
MOST_BINS = 40
FAILED_OPEN = "failed open"
NO_TRADES = "no closed trades"

_SORTS: dict[str, Callable[[Booked], Any]] = {
    "exit_at": lambda one: one.exit_at,
    "entry_at": lambda one: one.trade.entry_at,
    "pair": lambda one: one.trade.pair_key,
    "net": lambda one: one.net,
    "funding": lambda one: one.trade.pnl.funding,
    "price": lambda one: one.price,
    "fees": lambda one: one.fees,
    "notional": lambda one: one.trade.notional_usdt,
    "holding": lambda one: one.hours,
}


def chosen(trades: TradeList, by: TradeFilter) -> Sequence[Booked]:
    """In the order of their exits."""
    found = trades.by_exit(by.pair_key, by.since, by.until)
    if by.result == "win":
        found = [one for one in found if one.net > 0]
    if by.result == "loss":
        found = [one for one in found if one.net < 0]
    if by.exit_reason is not None:
        word = by.exit_reason.casefold()
        found = [one for one in found if _mentions(one, word)]
    return found


def in_order(trades: Sequence[Booked], sort: str) -> Sequence[Booked]:
    """Equal ones by their exits, the newest first where the largest is."""
    if sort == "exit_at":
        return trades
    backwards = sort.startswith("-")
    if sort == "-exit_at":
        return trades[::-1]
    key = _SORTS[sort.removeprefix("-")]
    return sorted(trades[::-1] if backwards else trades, key=key, reverse=backwards)


def sums(trades: Sequence[Booked]) -> TradeSums:
    splits = [one.trade.pnl for one in trades]
    slippages = [one.slippage for one in splits if one.slippage is not None]
    return TradeSums(
        trades=len(trades),
        wins=sum(one.net > 0 for one in trades),
        losses=sum(one.net < 0 for one in trades),
        pnl=PnlSplit(
            spot_price=long_total([one.spot_price for one in splits]),
            perp_price=long_total([one.perp_price for one in splits]),
            funding=long_total([one.funding for one in splits]),
            fees_spot=long_total([one.fees_spot for one in splits]),
            fees_perp=long_total([one.fees_perp for one in splits]),
            slippage=long_total(slippages) if len(slippages) == len(splits) else None,
        ),
        notional_usdt=long_total([one.trade.notional_usdt for one in trades]),
        slippage_unknown=len(splits) - len(slippages),
    )


def summary(trades: Sequence[Booked], points: int) -> TradeSummary:
    """``trades``: in the order of their exits."""
    by_pair: dict[str, list[Booked]] = {}
    for one in trades:
        by_pair.setdefault(one.trade.pair_key, []).append(one)
    pairs = [(key, _Group.of(group)) for key, group in by_pair.items()]
    whole = _Group.of_all([group for _, group in pairs])
    return TradeSummary(
        sums=whole.sums,
        win_rate=whole.win_rate(),
        mean_holding_hours=whole.mean_holding_hours(),
        apr=whole.apr(),
        cumulative=tuple(
            CumulativePoint(one.at, one.net)
            for one in thinned_by(_cumulative(trades), points, attrgetter("net"))
        ),
        distribution=distribution([one.net for one in trades]),
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
    edges = [step * number for number in range(first, last + 2)]
    places = [bisect_left(ordered, edge) for edge in edges]
    return tuple(
        ResultBin(edge, edge + step, end - begin)
        for edge, begin, end in zip(edges, places, places[1:], strict=False)
    )


class _Sum(NamedTuple):
    at: datetime
    net: Decimal


class _Group:
    def __init__(self, sums: TradeSums, hours: float, notional_hours: float) -> None:
        self.sums = sums
        self._count = sums.trades
        self._hours = hours
        self._notional_hours = notional_hours

    @staticmethod
    def of(trades: Sequence[Booked]) -> "_Group":
        hours = sum([one.hours for one in trades])
        return _Group(sums(trades), hours, sum([one.notional_hours for one in trades]))

    @staticmethod
    def of_all(groups: "Sequence[_Group]") -> "_Group":
        return _Group(
            _added([one.sums for one in groups]),
            sum(one._hours for one in groups),
            sum(one._notional_hours for one in groups),
        )

    def win_rate(self) -> Figure:
        return self._figure(self.sums.wins)

    def mean_holding_hours(self) -> Figure:
        return self._figure(self._hours)

    def apr(self) -> Figure:
        if not self._count:
            return Figure(None, 0, NO_TRADES)
        days = self._hours / HOURS_A_DAY
        if days < LEAST_DAYS_HELD:
            why = f"held for {days:.1f} days, {LEAST_DAYS_HELD} are needed"
            return Figure(None, self._count, why)
        if not self._notional_hours:
            return Figure(None, self._count, "nothing was held")
        yearly = float(self.sums.pnl.net) / self._notional_hours * HOURS_A_YEAR
        return Figure(yearly, self._count)

    def _figure(self, amount: float) -> Figure:
        count = self._count
        return Figure(amount / count, count) if count else Figure(None, 0, NO_TRADES)


def _added(parts: Sequence[TradeSums]) -> TradeSums:
    return TradeSums(
        trades=sum(one.trades for one in parts),
        wins=sum(one.wins for one in parts),
        losses=sum(one.losses for one in parts),
        pnl=summed(one.pnl for one in parts),
        notional_usdt=long_total([one.notional_usdt for one in parts]),
        slippage_unknown=sum(one.slippage_unknown for one in parts),
    )


def _mentions(booked: Booked, word: str) -> bool:
    trade = booked.trade
    if trade.failed_open and word in FAILED_OPEN:
        return True
    return any(word in reason.casefold() for reason in trade.exit_reasons)


def _cumulative(trades: Sequence[Booked]) -> list[_Sum]:
    """One point for each instant at which something was closed."""
    nets = running_totals(one.net for one in trades)
    last_of = {one.exit_at: net for one, net in zip(trades, nets, strict=True)}
    return [_Sum(at, net) for at, net in last_of.items()]


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
