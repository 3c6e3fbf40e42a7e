"""Results, the account and the analytics, from the read model."""

from collections.abc import Sequence

from actors.domain.account import AccountState
from actors.domain.exact import product, total, total_of
from actors.domain.results import OpenPositionPnl
from actors.views.figures import figures
from actors.views.messages import AnalyticsView, BalanceView, CoinBalance, Pnl
from actors.views.model import ReadModel
from actors.views.totals import added, summed


def pnl(model: ReadModel) -> Pnl:
    if model.valued_at is None:
        return Pnl(None, None, None, None, (), ("the ledger has not been read yet",))
    positions = tuple(model.open_pnl.values())
    marked = [one.total for one in positions if one.total is not None]
    open_sum = summed(marked) if len(marked) == len(positions) else None
    by_pair = dict(model.trades.by_pair)
    for one in positions:
        split = one.total if one.total is not None else one.realised
        known = by_pair.get(one.pair_key)
        by_pair[one.pair_key] = split if known is None else added(known, split)
    return Pnl(
        at=model.valued_at,
        closed=model.trades.closed,
        open=open_sum,
        total_net_usdt=(None if open_sum is None else total(model.trades.closed.net, open_sum.net)),
        by_pair=tuple(sorted(by_pair.items())),
        problems=(*model.pnl_problems, *_unmarked(positions)),
        periods=model.periods,
    )


def balance(model: ReadModel) -> BalanceView:
    unknown: dict[str, str] = {}
    notionals = [one.notional_usdt for one in model.open_pnl.values()]
    known = [one for one in notionals if one is not None]
    allocated = (
        total_of(known) if model.valued_at is not None and len(known) == len(notionals) else None
    )
    if allocated is None:
        unknown["allocated_usdt"] = (
            "the ledger has not been read yet"
            if model.valued_at is None
            else "a position holds no spot"
        )
    snapshot = None if model.report is None else model.report.snapshot
    account = None if snapshot is None else snapshot.account
    if account is None:
        why = "no cycle has ended yet"
        if snapshot is not None:
            why = "; ".join(snapshot.problems) or "the venue did not answer"
        unknown |= dict.fromkeys(_OF_THE_ACCOUNT, why)
        at = None if snapshot is None else snapshot.at
        return BalanceView(at, None, allocated, why, unknown=tuple(unknown.items()))
    if account.equity_usdt is None:
        unknown["total_usdt"] = "the venue has no price for a coin that it holds"
    if account.margin_ratio is None:
        unknown["margin_ratio"] = "there is no perpetual position that needs margin"
    return BalanceView(
        at=account.at,
        account=account,
        allocated_usdt=allocated,
        total_usdt=account.equity_usdt,
        available_usdt=account.available_usdt,
        initial_margin_usdt=account.initial_margin_usdt,
        maintenance_margin_usdt=account.maintenance_margin_usdt,
        margin_ratio=account.margin_ratio,
        coins=_coins(model, account),
        unknown=tuple(unknown.items()),
    )


def analytics(model: ReadModel) -> AnalyticsView:
    return AnalyticsView(
        at=model.valued_at,
        analytics=model.analytics,
        figures=() if model.analytics is None else figures(model.analytics),
        months=model.months,
        pair_months=model.trades.pair_months(),
        period=None if model.analytics is None else model.analytics.period,
    )


_OF_THE_ACCOUNT = (
    "total_usdt",
    "available_usdt",
    "initial_margin_usdt",
    "maintenance_margin_usdt",
    "margin_ratio",
)


def _coins(model: ReadModel, account: AccountState) -> tuple[CoinBalance, ...]:
    """Without the coins of which nothing is left."""
    prices = {
        one.pair.long.base: one.spot.mark if one.spot.mark is not None else one.spot.mid
        for one in model.markets.values()
        if one.spot is not None
    }
    quotes = {one.pair.long.quote for one in model.markets.values()} or {"USDT"}
    coins = []
    for one in account.balances:
        price = prices.get(one.coin)
        value = one.total if one.coin in quotes else None
        if value is None and price is not None:
            value = product(one.total, price)
        if one.total:
            coins.append(CoinBalance(one.coin, one.total, value))
    return tuple(
        sorted(
            coins,
            key=lambda one: (one.value_usdt is None, -(one.value_usdt or 0), one.coin),
        )
    )


def _unmarked(positions: Sequence[OpenPositionPnl]) -> tuple[str, ...]:
    return tuple(
        f"{one.pair_key}: only what is booked is counted; {', '.join(one.missing)}"
        for one in positions
        if one.total is None
    )
