"""What the exchange closes on its own: everything at a liquidation, a part at an ADL."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from actors.domain.instruments import Instrument
from actors.domain.orders import Fill, Side
from actors.venues.paper.account import PaperAccount
from actors.venues.paper.margin import Marks, value
from actors.venues.paper.matching import round_quote
from actors.venues.paper.records import Traded, traded
from actors.venues.paper.rules import PaperRules


@dataclass(frozen=True, slots=True)
class ForcedClose:
    """Which part of a perpetual is closed, at mark, and what that costs."""

    instrument: Instrument
    quantity: Decimal
    """Base coins, positive."""
    fee_rate: Decimal
    client_id: str
    reason: str


def liquidate(
    account: PaperAccount,
    instruments: Mapping[str, Instrument],
    marks: Marks,
    rules: PaperRules,
    venue: str,
    now: datetime,
) -> tuple[Traded, ...]:
    """Closes every perpetual at mark once the collateral is below the maintenance margin."""
    valuation = value(account, marks, rules)
    if not valuation.is_liquidated:
        return ()
    reason = (
        f"liquidated: collateral {valuation.collateral:.2f} is below the maintenance margin of "
        f"{valuation.maintenance_margin:.2f} {rules.quote}"
    )
    records: list[Traded] = []
    for symbol in sorted(account.perps):
        number = account.next_order + len(records)
        one = ForcedClose(
            instruments[symbol],
            abs(account.perp(symbol).quantity),
            rules.perp_taker + rules.liquidation_fee,
            f"liquidation-{number}",
            reason,
        )
        records.append(close_at_mark(account, one, marks[symbol], number, venue, now))
    return tuple(records)


def close_at_mark(
    account: PaperAccount,
    close: ForcedClose,
    mark: Decimal,
    number: int,
    venue: str,
    now: datetime,
) -> Traded:
    """The record of a closing that nobody ordered."""
    instrument = close.instrument
    held = account.perp(instrument.symbol).quantity
    side = Side.BUY if held < 0 else Side.SELL
    fill = Fill(
        venue=venue,
        fill_id=f"{number}-1",
        client_id=close.client_id,
        symbol=instrument.symbol,
        market=instrument.market,
        side=side,
        quantity=close.quantity,
        price=mark,
        fee=round_quote(close.quantity * mark * close.fee_rate),
        fee_coin=instrument.quote,
        at=now,
    )
    return traded(
        now, number, close.client_id, instrument, side, close.quantity, (fill,), close.reason
    )
