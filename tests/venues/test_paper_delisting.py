"""A perpetual that is not traded any more takes no other with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import pytest

from actors.domain.funding import FundingPrint
from actors.domain.instruments import Instrument
from actors.domain.orders import Side
from actors.venues.port import VenueRefused
from tests.venues.exchange import OTHER_PERP, PERP, Exchange, HandMarket, settled


@dataclass(slots=True)
class Delisting(HandMarket):
    gone: str = ""

    async def funding_history(
        self, instrument: Instrument, since: datetime, until: datetime
    ) -> Sequence[FundingPrint]:
        if instrument.symbol == self.gone:
            raise VenueRefused("closed_symbol", f"{self.gone} is not traded here")
        return await HandMarket.funding_history(self, instrument, since, until)


@pytest.mark.parametrize("restarted", [False, True])
def test_the_others_are_paid_and_shown(restarted: bool) -> None:
    exchange = Exchange()
    market = Delisting(exchange.clock)
    exchange.market = market
    exchange.restart()
    exchange.place(PERP, Side.SELL, "1")
    exchange.place(OTHER_PERP, Side.SELL, "1")
    market.gone = PERP.symbol
    del market.prices[PERP.symbol]
    market.listed = tuple(one for one in market.listed if one != PERP)
    if restarted:
        exchange.restart()
    at = exchange.pass_time(hours=8)
    market.prints.append(settled(OTHER_PERP.symbol, at, "0.001"))
    account = exchange.account()
    assert account.equity_usdt is None  # nobody knows what the one is worth
    assert {one.symbol: one.quantity for one in account.perps} == {
        PERP.symbol: Decimal(-1),
        OTHER_PERP.symbol: Decimal(-1),
    }
    since = at.replace(year=2024)
    paid = exchange.run(exchange.venue.funding_payments_since(since))
    assert [one.symbol for one in paid] == [OTHER_PERP.symbol]
