"""The levers of the exchange: time, prices, rates, listings, faults, connections."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from tests.emulator.events import by_hand, deleverage, deposit, happen, liquidate
from tests.emulator.exchange import Exchange
from tests.emulator.faults import Fault, Faults, Kind
from tests.emulator.instruments import LINEAR
from tests.emulator.numbers import Json, text
from tests.emulator.signing import ApiKey
from tests.emulator.sockets import Sockets


class Control:
    """In process; `control_routes` offers the same by HTTP."""

    def __init__(self, exchange: Exchange, faults: Faults, sockets: Sockets) -> None:
        self.exchange = exchange
        self.faults = faults
        self.sockets = sockets

    def fault(self, kind: Kind, **fields: Any) -> Fault:
        """Ask for a fault; the fields are those of `Fault`."""
        return self.faults.add(Fault(kind, **fields))

    def clear(self) -> None:
        """No more faults, and sockets speak again."""
        self.faults.clear()
        self.sockets.silent = False

    def advance(self, seconds: float) -> None:
        """Time passes; what falls due is done, and settlements crossed are paid."""
        self.exchange.clock.advance(round(seconds * 1000))
        self._changed()

    def skew(self, by_ms: int) -> None:
        """The exchange's clock jumps away from the clients'."""
        self.exchange.clock.skew(by_ms)

    def price(self, coin: str, price: Decimal, basis_bp: Decimal | None = None) -> None:
        """``price``: USDT per coin; ``basis_bp``: how far the perpetual lies above it."""
        self.exchange.quotes.set_price(coin, price, basis_bp)
        self._changed()

    def walk(self, steps: int = 1) -> None:
        """Every price takes random steps, the same for the same seed."""
        for _ in range(steps):
            self.exchange.quotes.step()
            self._changed()

    def thin(self, category: str, symbol: str, level_usdt: Decimal) -> None:
        """``level_usdt``: what a level of the book is worth from now on."""
        self.exchange.quotes.thin(category, symbol, level_usdt)
        self._changed()

    def rate(self, symbol: str, rate: Decimal) -> None:
        """The predicted funding rate, a fraction for one interval."""
        self.exchange.listing(LINEAR, symbol)
        self.exchange.funding.predicted[symbol] = rate
        self.exchange.quotes.version += 1
        self._changed()

    def interval(self, symbol: str, minutes: int) -> None:
        """Between the settlements of a symbol from now on."""
        listing = self.exchange.listing(LINEAR, symbol)
        self.exchange.relist(replace(listing, interval_minutes=minutes))

    def status(self, category: str, symbol: str, status: str) -> None:
        """Trading, PreDelisting (perpetuals may only be reduced) or Closed."""
        listing = self.exchange.listing(category, symbol)
        self.exchange.relist(replace(listing, status=status))

    def maintenance(self, on: bool) -> None:
        """System status says so, and whatever needs a key is refused with 10016."""
        self.exchange.maintenance = on

    def adl(self, symbol: str, fraction: Decimal) -> None:
        """``fraction`` of a position is taken away at the mark price."""
        deleverage(self.exchange, symbol, fraction)
        self._changed()

    def liquidate(self) -> None:
        """All perpetuals are closed at the mark price; happens by itself when margin runs out."""
        liquidate(self.exchange)
        self._changed()

    def by_hand(self, category: str, symbol: str, side: str, quantity: Decimal) -> None:
        """The account's owner trades with the app. ``side``: Buy or Sell."""
        by_hand(self.exchange, category, symbol, side, quantity)
        self._changed()

    def deposit(self, coin: str, amount: Decimal) -> None:
        """Negative amounts are taken out."""
        deposit(self.exchange, coin, amount)
        self._changed()

    def add_key(self, **fields: Any) -> None:
        """Another key of the same account, or the same one changed; the fields of `ApiKey`."""
        key = ApiKey(**fields)
        self.exchange.keys[key.key] = key

    def remove_key(self, key: str) -> None:
        """It is unknown from now on."""
        del self.exchange.keys[key]

    def truth(self) -> Json:
        """What really is: wallet, positions, orders, executions, transaction log."""
        account = self.exchange.account
        return {
            "wallet": {coin: text(amount) for coin, amount in account.wallet.items()},
            "positions": {one.symbol: text(one.size) for one in account.held()},
            "orders": [one.answer() for one in account.orders.values()],
            "executions": [one.answer() for one in account.executions],
            "log": list(account.log),
        }

    def disconnect(self) -> None:
        """All WebSockets break."""
        self.sockets.disconnect()

    def silence(self, on: bool = True) -> None:
        """All WebSockets stay open and say nothing more."""
        self.sockets.silent = on
        self.sockets.flush()

    def _changed(self) -> None:
        happen(self.exchange)
        self.sockets.flush()
