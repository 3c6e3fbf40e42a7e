"""What the record says was held, traded and earned: the figures behind ``perpcarry report``."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from actors.domain.exact import total_of
from actors.domain.ledger import EquityPoint
from actors.domain.results import Analytics, ClosedTrade, Figure, OpenPositionPnl, PnlSplit
from actors.domain.tables import exact


@dataclass(frozen=True, slots=True)
class OpenPosition:
    """A position that is not closed, by its fills; prices of now are not on record."""

    state: str
    created_at: datetime
    target_quantity: Decimal
    result: OpenPositionPnl | None
    """None while nothing was filled."""
    position_id: str
    pair_key: str


@dataclass(frozen=True, slots=True)
class ReportData:
    positions: tuple[OpenPosition, ...]
    trades: tuple[ClosedTrade, ...]
    balances: tuple[tuple[str, Decimal], ...]
    """The ledger's wallet, by coin."""
    equity: EquityPoint | None
    """The newest point."""
    analytics: Analytics

    @property
    def closed(self) -> PnlSplit:
        return _sum(trade.pnl for trade in self.trades)

    @property
    def open_realised(self) -> PnlSplit:
        """What open positions have booked so far; their price result is yet to come."""
        return _sum(one.result.realised for one in self.positions if one.result is not None)


def read_report(tx: Any) -> ReportData:
    """Everything from one reading of the store (a :class:`actors.store.Transaction`)."""
    from actors.domain.analytics import AnalyticsBook
    from actors.pnl.recording import read_state
    from actors.pnl.valuation import position_results

    results = {one.position_id: one for one in position_results(read_state(tx), None)}
    trades = tuple(tx.ledger.trades())
    equity = tx.ledger.equity()
    book = AnalyticsBook()
    for point in equity:
        book.add_point(point)
    for trade in trades:
        book.add_trade(trade)
    told = {trade.position_id for trade in trades}
    positions = tuple(
        OpenPosition(
            state=one.state.value,
            created_at=one.created_at,
            target_quantity=one.target_quantity,
            result=results.get(one.id),
            position_id=one.id,
            pair_key=one.pair.key,
        )
        for one in tx.positions.all()
        # One that closed without its trade being told yet still counts among the open ones.
        if one.closed_at is None or (one.id in results and one.id not in told)
    )
    return ReportData(
        positions=positions,
        trades=trades,
        balances=tuple((coin, amount) for coin, amount in tx.ledger.balances().items() if amount),
        equity=equity[-1] if equity else None,
        analytics=book.analytics(),
    )


def as_document(data: ReportData) -> dict[str, Any]:
    """For ``--json``: decimals as text, times in UTC, unknown is null."""
    equity = data.equity
    return {
        "positions": [_position(one) for one in data.positions],
        "trades": [_trade(one) for one in data.trades],
        "pnl": {
            "closed": _split(data.closed),
            "open_realised": _split(data.open_realised),
            "analytics": _analytics(data.analytics),
        },
        "balance": {
            "at": _text(equity.at) if equity else None,
            "equity_usdt": _text(equity.equity_usdt) if equity else None,
            "unrealised_usdt": _text(equity.unrealised_usdt) if equity else None,
            "coins": {coin: _text(amount) for coin, amount in data.balances},
        },
    }


def _position(one: OpenPosition) -> dict[str, Any]:
    result = one.result
    return {
        "position_id": one.position_id,
        "pair": one.pair_key,
        "state": one.state,
        "entry_ts": _text(result.opened_at if result else None),
        "created_ts": _text(one.created_at),
        "target_quantity": _text(one.target_quantity),
        "notional": _text(result.notional_usdt if result else None),
        "spot_quantity": _text(result.spot_quantity if result else None),
        "perp_quantity": _text(result.perp_quantity if result else None),
        "delta": _text(result.delta if result else None),
        "entry_spot_price": _text(result.entry_spot_price if result else None),
        "entry_perp_price": _text(result.entry_perp_price if result else None),
        "realised": _split(result.realised) if result else None,
    }


def _trade(one: ClosedTrade) -> dict[str, Any]:
    return {
        "position_id": one.position_id,
        "pair": one.pair_key,
        "entry_ts": _text(one.entry_at),
        "exit_ts": _text(one.exit_at),
        "notional": _text(one.notional_usdt),
        "quantity": _text(one.quantity),
        "entry_spot_price": _text(one.entry_spot_price),
        "entry_perp_price": _text(one.entry_perp_price),
        "exit_spot_price": _text(one.exit_spot_price),
        "exit_perp_price": _text(one.exit_perp_price),
        "pnl": _split(one.pnl),
        "dust_quantity": _text(one.dust_quantity),
        "failed_open": one.failed_open,
    }


def _split(one: PnlSplit) -> dict[str, Any]:
    return {
        "spot_price": _text(one.spot_price),
        "perp_price": _text(one.perp_price),
        "price": _text(one.price),
        "funding": _text(one.funding),
        "fees_spot": _text(one.fees_spot),
        "fees_perp": _text(one.fees_perp),
        "fees": _text(one.fees),
        "net": _text(one.net),
        "slippage": _text(one.slippage),
    }


def _analytics(one: Analytics) -> dict[str, Any]:
    figures = {
        name: getattr(one, name)
        for name in one.__dataclass_fields__
        if isinstance(getattr(one, name), Figure)
    }
    return {
        "since": _text(one.since),
        "until": _text(one.until),
        "period_hours": one.period.total_seconds() / 3600,
        **{
            name: {"value": figure.value, "samples": figure.samples, "reason": figure.reason}
            for name, figure in figures.items()
        },
        "by_pair": [
            {
                "pair": record.pair_key,
                "trades": record.trades,
                "wins": record.wins,
                "net": _text(record.net_usdt),
                "funding": _text(record.funding_usdt),
                "fees": _text(record.fees_usdt),
                "price": _text(record.price_usdt),
            }
            for record in one.by_pair
        ],
    }


def _sum(splits: Iterable[PnlSplit]) -> PnlSplit:
    parts = list(splits)
    slippages = [one.slippage for one in parts if one.slippage is not None]
    return PnlSplit(
        spot_price=total_of(one.spot_price for one in parts),
        perp_price=total_of(one.perp_price for one in parts),
        funding=total_of(one.funding for one in parts),
        fees_spot=total_of(one.fees_spot for one in parts),
        fees_perp=total_of(one.fees_perp for one in parts),
        slippage=total_of(slippages) if len(slippages) == len(parts) else None,
    )


def _text(value: object) -> str | None:
    return None if value is None else exact(value)
