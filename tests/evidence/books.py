"""What the books of one run say: every position, with all it cost."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Self

from actors.cli.report_data import read_report
from actors.domain.exact import ZERO, total_of
from actors.domain.ledger import EquityPoint
from actors.domain.results import Analytics, PnlSplit
from actors.pnl.recording import read_state
from actors.pnl.valuation import Prices, position_results
from actors.store import Store

LEAVING = Decimal("0.00155")
"""The two taker fees of an exit, fraction of notional: still to be paid by what is held."""


@dataclass(frozen=True, slots=True)
class Stay:
    """One position, from its entry to its exit or to the end of the run. USDT."""

    pair_key: str
    entered_at: datetime
    left_at: datetime | None
    """None: held at the end, and valued at the last marks."""
    notional: Decimal
    pnl: PnlSplit
    worth: Decimal
    """Of the spot leg at the last mark; 0 where it was left."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run. USDT, and fractions of the money the account began with."""

    stays: tuple[Stay, ...]
    analytics: Analytics
    first: EquityPoint
    last: EquityPoint
    span: timedelta

    @classmethod
    def read(cls, file: Path) -> Self:
        """From a run's SQLite database. Raises StoreError, ValueError for one without a curve."""
        store = Store.open(f"sqlite:///{file}")
        try:
            with store.reading() as tx:
                data = read_report(tx)
                curve = tx.ledger.equity()
                if not curve:
                    raise ValueError(f"{file} has no equity curve")
                held = position_results(read_state(tx), _marks(curve[-1]))
        finally:
            store.close()
        stays = [
            Stay(one.pair_key, one.entry_at, one.exit_at, one.notional_usdt, one.pnl, ZERO)
            for one in data.trades
        ]
        for one in held:
            assert one.total is not None
            assert one.opened_at is not None
            assert one.notional_usdt is not None
            assert one.mark_spot_price is not None
            worth = one.spot_quantity * one.mark_spot_price
            stays.append(
                Stay(one.pair_key, one.opened_at, None, one.notional_usdt, one.total, worth)
            )
        stays.sort(key=lambda one: (one.entered_at, one.pair_key))
        span = curve[-1].at - curve[0].at
        return cls(tuple(stays), data.analytics, curve[0], curve[-1], span)

    @property
    def capital(self) -> Decimal:
        return self.first.equity_usdt

    @property
    def net(self) -> Decimal:
        """Sum of all positions' results. The equity's change, but for dust at other prices."""
        return total_of(one.pnl.net for one in self.stays)

    @property
    def held(self) -> tuple[Stay, ...]:
        return tuple(one for one in self.stays if one.left_at is None)

    @property
    def still_to_pay(self) -> Decimal:
        """Fees of leaving what is held at the end, at the last marks; negative, and not in net."""
        return -LEAVING * total_of(one.worth for one in self.held)

    @property
    def finished(self) -> tuple[Stay, ...]:
        return tuple(one for one in self.stays if one.left_at is not None)

    @property
    def mean_notional(self) -> Decimal:
        """Notional of one leg at entry prices, averaged over the whole span."""
        weighted = (
            one.notional * Decimal(((one.left_at or self.last.at) - one.entered_at) / self.span)
            for one in self.stays
        )
        return sum(weighted, ZERO)

    def a_year(self, amount: Decimal, capital: Decimal) -> Decimal | None:
        """Simple (not compounded) fraction a year of 365 days; None on no capital."""
        if capital <= 0:
            return None
        return amount / capital * Decimal(timedelta(days=365) / self.span)


def _marks(point: EquityPoint) -> Prices:
    """The prices that the last point of the curve was drawn at: perpetuals by symbol, coins."""
    perps = {name: price for name, price in point.marks if "/" in name}
    coins = {name: price for name, price in point.marks if "/" not in name}
    return Prices(point.at, coins, perps)
