"""The one port through which the bot sees an exchange. Replay, paper and ccxt stand behind it.

All quantities are in base coins and all prices in quote per base coin: an implementation converts
contracts at its own border.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from actors.domain.account import AccountState
from actors.domain.funding import FundingPrint, FundingRate
from actors.domain.instruments import Instrument
from actors.domain.market import Depth, Ticker
from actors.domain.orders import Fill, OrderReport, OrderRequest
from actors.domain.payments import FundingPayment
from actors.domain.terms import FeeRates


class VenueError(Exception):
    """A call failed; whether it had an effect is not known."""


class VenueDown(VenueError):
    """The venue cannot be reached or is in maintenance; a create may still have arrived."""


class VenueRefused(VenueError):
    """A definite no: the call had no effect. ``str()`` is the venue's reason."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        """A word of ours: insufficient_funds, below_minimum, duplicate_client_id, reduce_only_flat,
        closed_symbol, rate_limited or other."""


class MarketData(Protocol):
    """The public side: needs no keys."""

    name: str

    async def instruments(self) -> Sequence[Instrument]: ...

    async def tickers(self) -> Sequence[Ticker]:
        """Every instrument that has one; a broken ticker is left out, never stops the others."""
        ...

    async def funding_rates(self) -> Sequence[FundingRate]: ...

    async def depth(self, instrument: Instrument) -> Depth: ...

    async def funding_history(
        self, instrument: Instrument, since: datetime, until: datetime
    ) -> Sequence[FundingPrint]:
        """Settled prints with ``since < at <= until``, oldest first."""
        ...


class Trading(Protocol):
    """The private side of one account."""

    async def place(self, order: OrderRequest) -> OrderReport:
        """Send once. Raises VenueRefused on a definite no; any other error means *unknown*."""
        ...

    async def look_up(self, client_id: str) -> OrderReport | None:
        """What became of an order; None = not known there now (which is not: never existed)."""
        ...

    async def account(self) -> AccountState: ...

    async def fills_since(self, since: datetime) -> Sequence[Fill]: ...

    async def funding_payments_since(self, since: datetime) -> Sequence[FundingPayment]:
        """Payments with ``at > since``, oldest first; each id once for ever."""
        ...

    async def fee_rates(self) -> FeeRates | None:
        """The account's own fee tier; None where the venue does not tell."""
        ...


class Venue(MarketData, Trading, Protocol):
    """A whole exchange account."""

    async def close(self) -> None: ...
