"""Perpetuals as the account holds them: by symbol, whichever positions they belong to."""

from bisect import insort_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from actors.domain.exact import ZERO, difference, total
from actors.domain.holdings import PerpHolding
from actors.domain.orders import Fill
from actors.domain.position_book import trading_order


@dataclass(slots=True)
class _Symbol:
    fills: list[Fill] = field(default_factory=list)
    """In the order of trading."""
    holding: PerpHolding = field(default_factory=PerpHolding)
    realised: Decimal = ZERO
    """Price result of all fills so far, quote coins."""


class PerpBook:
    """Folds perpetual fills in the order of trading, though some become known late."""

    def __init__(self) -> None:
        self._symbols: dict[str, _Symbol] = {}

    def add(self, fill: Fill) -> Decimal:
        """One fill more, in the order of recording; the realised result it adds, in quote coins.

        A fill that became known late is folded where it belongs. What was booked stays booked, and
        the late one brings the difference: so the sum is always what the venue's wallet moved by.
        """
        symbol = self._symbols.setdefault(fill.symbol, _Symbol())
        before = symbol.realised
        late = bool(symbol.fills) and trading_order(fill) < trading_order(symbol.fills[-1])
        insort_right(symbol.fills, fill, key=trading_order)
        if late:
            symbol.holding, symbol.realised = PerpHolding(), ZERO
        for one in symbol.fills if late else (fill,):
            symbol.holding, realised = symbol.holding.after(one)
            symbol.realised = total(symbol.realised, realised)
        return difference(symbol.realised, before)

    def holdings(self) -> Mapping[str, PerpHolding]:
        """What is held, by symbol; flat ones are left out."""
        return {
            name: symbol.holding
            for name, symbol in sorted(self._symbols.items())
            if symbol.holding.quantity
        }
