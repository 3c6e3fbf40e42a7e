"""Booking what is gone at the venue, so that the ledger equals the account again."""

from collections.abc import Mapping
from decimal import Decimal

from actors.domain.account import AccountState
from actors.domain.exact import ZERO
from actors.domain.instruments import Instrument, Pair
from actors.domain.market import Depth
from actors.domain.orders import Leg
from actors.execution.comparison import Comparison
from actors.execution.desk import Desk
from actors.execution.driver import Driver
from actors.execution.messages import Difference
from actors.execution.reconcile import (
    GHOST,
    explained_by,
    leg_of,
    missing_quantity,
    taken_by,
    written_off,
)
from actors.journal.messages import Severity


def book_ghost(
    desk: Desk, driver: Driver, running: Comparison, ghost: Difference, depths: tuple[Depth, ...]
) -> bool:
    """Book what a leg lost at the venue, and drive its position on.

    By the fills that explain it; what is left is written off. False, and nothing is done, where
    that has to wait for a price.
    """
    position, now = desk.records.of_pair(ghost.pair_key), desk.context.now()
    if position is None:
        return True
    leg = leg_of(position.pair, ghost)
    missing = missing_quantity(ghost)
    intents = explained_by(position, leg, missing, running.strange_fills, now)
    left = missing - taken_by(position, leg, intents)
    if left >= position.pair.step:
        price = ZERO  # coins that left the wallet brought nothing
        if leg is Leg.PERP:
            found = _price(position.pair.short.symbol, running.account, depths)
            if found is None:
                return False
            price = found
        intents = (*intents, written_off(position, leg, left, price, now))
    desk.voice.event(
        "position.changed_at_venue",
        Severity.ALARM,
        f"{position.id}: the {leg} leg has shrunk by {missing}: {ghost.detail}",
        "; ".join(f"{one.client_id}: {one.quantity} {one.reason}" for one in intents),
    )
    position = desk.records.write(position, new=intents)
    desk.voice.fills(position.id)
    driver.advance(position)
    return True


def without_price(
    pairs: Mapping[str, Pair], differences: tuple[Difference, ...], account: AccountState
) -> tuple[Instrument, ...]:
    """Perpetuals that are wholly gone, so that the account names no mark price for them."""
    marked = {one.symbol for one in account.perps if one.mark_price is not None}
    shorts = [pairs[one.pair_key].short for one in differences if one.kind == GHOST]
    lost = {one.symbol for one in differences if one.kind == GHOST}
    return tuple(one for one in shorts if one.symbol in lost - marked)


def _price(symbol: str, account: AccountState | None, depths: tuple[Depth, ...]) -> Decimal | None:
    """What the perpetual costs at the venue now: the mark, else the middle of the book."""
    for holding in account.perps if account is not None else ():
        if holding.symbol == symbol and holding.mark_price is not None:
            return holding.mark_price
    for depth in depths:
        if depth.symbol == symbol and depth.bids and depth.asks:
            return (depth.bids[0].price + depth.asks[0].price) / 2
    return None
