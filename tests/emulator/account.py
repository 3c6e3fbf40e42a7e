"""A unified account: wallet, positions in one-way mode, orders, executions, transaction log."""

from collections import deque
from dataclasses import dataclass, field
from decimal import Decimal

from tests.emulator.numbers import ZERO, D, Json, eight, text
from tests.emulator.orders import Execution, Order

FIRST_LEVERAGE = D(10)
RECENT = 500
"""Ended orders that the list of open ones still knows, until the exchange restarts."""


@dataclass(slots=True)
class Position:
    """``size``: base coins, negative when short; ``cost``: what it was entered for, same sign."""

    symbol: str
    leverage: Decimal = FIRST_LEVERAGE
    size: Decimal = ZERO
    cost: Decimal = ZERO
    realised: Decimal = ZERO
    """USDT since it was opened: prices, fees and funding."""
    realised_ever: Decimal = ZERO
    created_ms: int = 0
    updated_ms: int = 0

    @property
    def entry(self) -> Decimal:
        return self.cost / self.size if self.size else ZERO

    @property
    def side(self) -> str:
        return "" if not self.size else "Buy" if self.size > 0 else "Sell"

    def take(self, change: Decimal, price: Decimal, now_ms: int) -> tuple[Decimal, Decimal]:
        """Trade ``change`` (signed) at ``price``; what of it closed, and its gain in USDT."""
        closed = min(abs(change), abs(self.size)) if change * self.size < 0 else ZERO
        gain = ZERO
        if closed:
            released = self.cost * closed / abs(self.size)
            direction = 1 if self.size > 0 else -1
            gain = eight(closed * price * direction - released)
            self.size -= closed * direction
            self.cost = self.cost - released if self.size else ZERO
        rest = change + closed if change < 0 else change - closed
        if rest:
            if not self.size:
                self.realised, self.created_ms = ZERO, now_ms
            self.size += rest
            self.cost += rest * price
        self.updated_ms = now_ms
        return closed, gain

    def book(self, usdt: Decimal) -> None:
        self.realised += usdt
        self.realised_ever += usdt


@dataclass(slots=True)
class Account:
    wallet: dict[str, Decimal] = field(default_factory=lambda: {"USDT": D(100_000)})
    positions: dict[str, Position] = field(default_factory=dict)
    margin_mode: str = "REGULAR_MARGIN"
    orders: dict[str, Order] = field(default_factory=dict)
    """By order id, oldest first."""
    resting: list[Order] = field(default_factory=list)
    links: dict[str, Order] = field(default_factory=dict)
    recent: deque[Order] = field(default_factory=lambda: deque(maxlen=RECENT))
    executions: list[Execution] = field(default_factory=list)
    log: list[Json] = field(default_factory=list)
    """Transaction log, oldest first."""

    def balance(self, coin: str) -> Decimal:
        return self.wallet.get(coin, ZERO)

    def position(self, symbol: str) -> Position:
        return self.positions.setdefault(symbol, Position(symbol))

    def held(self) -> list[Position]:
        return [one for one in self.positions.values() if one.size]

    def open_orders(self) -> list[Order]:
        self.resting = [one for one in self.resting if one.is_open]
        return self.resting

    def keep(self, order: Order) -> None:
        self.orders[order.order_id] = order
        self.resting.append(order)
        if order.link_id:
            self.links[order.link_id] = order

    def locked(self, coin: str, quote_of: dict[str, tuple[str, str]]) -> Decimal:
        """Held back for open spot orders; ``quote_of``: spot symbol to base and quote coin."""
        held = ZERO
        for order in self.open_orders():
            if order.category == "spot":
                base, quote = quote_of[order.symbol]
                if order.side == "Buy" and coin == quote:
                    held += order.leaves * order.price
                elif order.side == "Sell" and coin == base:
                    held += order.leaves
        return held

    def pay(self, coin: str, change: Decimal, entry: Json, now_ms: int, number: int) -> None:
        """Change the wallet and write it into the transaction log."""
        self.wallet[coin] = self.balance(coin) + change
        row: Json = {
            "id": f"{number}_{coin}",
            "symbol": "",
            "side": "None",
            "funding": "",
            "orderLinkId": "",
            "orderId": "",
            "fee": "0",
            "change": text(change),
            "cashFlow": "0",
            "transactionTime": str(now_ms),
            "type": "TRADE",
            "feeRate": "0",
            "bonusChange": "",
            "size": "0",
            "qty": "0",
            "cashBalance": text(self.wallet[coin]),
            "currency": coin,
            "category": "",
            "tradePrice": "",
            "tradeId": "",
            "extraFees": "",
        }
        self.log.append(row | entry)
