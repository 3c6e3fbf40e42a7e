"""The levers of the exchange: time, prices, rates, listings, faults, connections."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from tests.emulator.exchange import Exchange
from tests.emulator.faults import Fault, Faults, Kind
from tests.emulator.instruments import LINEAR
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

    def disconnect(self) -> None:
        """All WebSockets break."""
        self.sockets.disconnect()

    def silence(self, on: bool = True) -> None:
        """All WebSockets stay open and say nothing more."""
        self.sockets.silent = on
        self.sockets.flush()

    def _changed(self) -> None:
        self.exchange.poll()
        self.sockets.flush()
