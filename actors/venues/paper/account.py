"""The paper account itself, folded from its records: nothing moves it but a record."""

from bisect import insort
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from actors.domain.exact import ZERO, negative, product, total
from actors.domain.holdings import PerpHolding
from actors.domain.instruments import Market
from actors.domain.orders import Fill, Side
from actors.domain.payments import FundingPayment
from actors.venues.paper.records import Funded, Opened, Record, Traded

LATE_PRINT = timedelta(hours=1)
"""So long after a perpetual was closed a settlement before the closing may still be announced."""


@dataclass(slots=True)
class FundingWatch:
    """What is needed to pay a perpetual's funding on what was held at each settlement."""

    since: datetime
    """Settlements up to here are done."""
    changes: list[tuple[datetime, Decimal]] = field(default_factory=list)
    """(when, signed quantity after), oldest first."""

    def held_at(self, at: datetime) -> Decimal:
        """Signed base coins held when ``at`` came; a fill in the same instant came after it."""
        held = ZERO
        for changed_at, quantity in self.changes:
            if changed_at >= at:
                break
            held = quantity
        return held

    def is_over(self, now: datetime) -> bool:
        """Whether it was closed so long ago that no settlement can still be due."""
        changed_at, quantity = self.changes[-1]
        return quantity == 0 and now - changed_at > LATE_PRINT

    def settled(self, until: datetime) -> None:
        """Settlements up to ``until`` are done: forget what was only held before."""
        self.since = max(self.since, until)
        while len(self.changes) > 1 and self.changes[1][0] < self.since:
            del self.changes[0]


class PaperAccount:
    """One unified account. Opening a perpetual moves no cash but its fee: a short is no sale."""

    def __init__(self, records: Iterable[Record] = ()) -> None:
        self.balances: dict[str, Decimal] = {}
        """Coins, total; quote coins may go below zero by a perpetual's loss (a loan)."""
        self.perps: dict[str, PerpHolding] = {}
        """By symbol; what is flat is not listed."""
        self.orders: dict[str, Traded] = {}
        """By client id."""
        self.fills: list[tuple[Fill, Traded]] = []
        """In the order of time."""
        self.payments: list[FundingPayment] = []
        """In the order of their settlements."""
        self.watches: dict[str, FundingWatch] = {}
        """By perpetual; ends some time after it was closed."""
        self.last_at: datetime | None = None
        """Of the last record; None before the account was opened."""
        for record in records:
            self.apply(record)

    @property
    def next_order(self) -> int:
        return len(self.orders) + 1

    def balance(self, coin: str) -> Decimal:
        return self.balances.get(coin, ZERO)

    def perp(self, symbol: str) -> PerpHolding:
        return self.perps.get(symbol, _FLAT)

    def apply(self, record: Record) -> None:
        """Fold one record in. Raises ValueError for one that cannot follow."""
        match record:
            case Opened():
                if self.last_at is not None:
                    raise ValueError("a paper account is opened once")
                self._move(record.coin, record.amount)
            case Traded():
                if record.client_id in self.orders:
                    raise ValueError(f"order {record.client_id} is on record already")
                self.orders[record.client_id] = record
                for fill in record.fills:
                    self._fill(fill, record)
            case Funded(payment=payment):
                insort(self.payments, payment, key=lambda one: one.at)
                self._move(payment.coin, payment.amount)
                self.watches[payment.symbol].settled(payment.at)
        self.last_at = record.at

    def _fill(self, fill: Fill, order: Traded) -> None:
        self.fills.append((fill, order))
        bought = fill.quantity if fill.side is Side.BUY else -fill.quantity
        if fill.market is Market.SPOT:
            quote = fill.symbol.partition("/")[2]
            self._move(order.base, bought)
            self._move(quote, negative(product(bought, fill.price)))
        else:
            holding, realised = self.perp(fill.symbol).after(fill)
            quote = fill.symbol.partition(":")[2]
            self._move(quote, realised)
            if holding.quantity:
                self.perps[fill.symbol] = holding
            else:
                self.perps.pop(fill.symbol, None)
            self._watch(fill, holding.quantity)
        self._move(fill.fee_coin, negative(fill.fee))

    def _watch(self, fill: Fill, quantity: Decimal) -> None:
        watch = self.watches.get(fill.symbol)
        if watch is None:
            watch = self.watches[fill.symbol] = FundingWatch(since=fill.at)
        watch.changes.append((fill.at, quantity))

    def _move(self, coin: str, amount: Decimal) -> None:
        self.balances[coin] = total(self.balance(coin), amount)


_FLAT = PerpHolding()
