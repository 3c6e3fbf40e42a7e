"""Comparing the venue's account with the ledger, and explaining what differs.

Expected at the venue: of each perpetual the short of its position; of each coin what its position
holds, the dust of closed ones, and what lay there before the bot first traded it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from actors.domain.account import AccountState
from actors.domain.exact import ZERO, total_of
from actors.domain.instruments import Pair
from actors.domain.orders import Fill, Leg, OrderAction, OrderStatus, Side
from actors.domain.positions import Intent, Position
from actors.execution.ids import EXTERNAL
from actors.execution.legs import Legs, instrument_of, spot_change
from actors.execution.messages import Difference

ORPHAN = "orphan"
GHOST = "ghost"


@dataclass(frozen=True, slots=True)
class Expected:
    """What the ledger expects of one pair, in base coins."""

    pair: Pair
    held: Decimal = ZERO
    """Spot of the position that is open."""
    short: Decimal = ZERO
    dust: Decimal = ZERO
    """Spot that closed positions left behind."""
    others: Decimal = ZERO
    """Spot that was in the wallet before the bot first traded the pair."""


def expected_of(
    pair: Pair, positions: Iterable[Position], dust: Decimal, others: Decimal
) -> Expected:
    """Of the pair's positions that are not closed; normally there is one at most."""
    legs = [Legs.of(position) for position in positions]
    return Expected(
        pair,
        held=total_of(one.spot for one in legs),
        short=total_of(one.short for one in legs),
        dust=dust,
        others=others,
    )


def compare(account: AccountState, expected: Iterable[Expected]) -> tuple[Difference, ...]:
    """What differs by a step of the pair or more.

    A *ghost*: the ledger has what the venue has not (liquidation, ADL, a person's sale); missing
    dust is none. An *orphan*: the venue has what the ledger does not explain.
    """
    return tuple(
        difference
        for one in expected
        for difference in (_spot_difference(account, one), _perp_difference(account, one))
        if difference is not None
    )


def strangers(account: AccountState, expected: Iterable[Expected]) -> tuple[Difference, ...]:
    """Perpetuals held at the venue in which the ledger never traded."""
    known = {one.pair.short.symbol for one in expected}
    return tuple(
        Difference(
            kind=ORPHAN,
            pair_key=one.symbol.partition(":")[0].replace("/", "-"),
            symbol=one.symbol,
            venue_quantity=one.quantity,
            ledger_quantity=ZERO,
            detail=f"the venue holds {one.quantity} of {one.symbol}, the ledger never traded it",
        )
        for one in sorted(account.perps, key=lambda holding: holding.symbol)
        if one.symbol not in known and one.quantity != 0
    )


def _spot_difference(account: AccountState, one: Expected) -> Difference | None:
    wallet = account.total_of(one.pair.long.base)
    explained = one.held + one.dust + one.others
    if wallet <= one.held - one.pair.step:
        kind, ledger = GHOST, one.held
    elif wallet >= explained + one.pair.step:
        kind, ledger = ORPHAN, explained
    else:
        return None
    coin = one.pair.long.base
    return Difference(
        kind=kind,
        pair_key=one.pair.key,
        symbol=one.pair.long.symbol,
        venue_quantity=wallet,
        ledger_quantity=ledger,
        detail=f"the wallet holds {wallet} {coin}, the ledger explains {ledger}",
    )


def _perp_difference(account: AccountState, one: Expected) -> Difference | None:
    symbol = one.pair.short.symbol
    quantity = account.perp_of(symbol)
    if abs(quantity + one.short) < one.pair.step:
        return None
    return Difference(
        kind=GHOST if -quantity < one.short and one.short > 0 else ORPHAN,
        pair_key=one.pair.key,
        symbol=symbol,
        venue_quantity=quantity,
        ledger_quantity=-one.short,
        detail=f"the venue holds {quantity} of {symbol}, the ledger says {-one.short}",
    )


# --- explaining a ghost ----------------------------------------------------------------------


def leg_of(pair: Pair, difference: Difference) -> Leg:
    return Leg.SPOT if difference.symbol == pair.long.symbol else Leg.PERP


def missing_quantity(difference: Difference) -> Decimal:
    """How many base coins a ghost lacks at the venue (positive)."""
    return abs((difference.venue_quantity or ZERO) - difference.ledger_quantity)


def explained_by(
    position: Position, leg: Leg, missing: Decimal, fills: Sequence[Fill], now: datetime
) -> tuple[Intent, ...]:
    """External intents for those strange fills that took ``missing`` from the leg.

    ``fills``: of the venue, not of our orders. Only those since the position began and that reduce
    the leg count, oldest first, as long as they do not explain more than is missing.
    """
    instrument = instrument_of(position.pair, leg)
    reducing = Side.SELL if leg is Leg.SPOT else Side.BUY
    found: list[Intent] = []
    left = missing
    for fill in sorted(fills, key=lambda one: (one.at, one.fill_id)):
        if (fill.symbol, fill.side) != (instrument.symbol, reducing):
            continue
        took = _taken(position, leg, fill)
        if fill.at < position.created_at or took >= left + position.pair.step:
            continue
        left -= took
        found.append(external_intent(position, leg, fill, "changed at the venue", now))
        if left < position.pair.step:
            break
    return tuple(found)


def taken_by(position: Position, leg: Leg, intents: Iterable[Intent]) -> Decimal:
    """How many base coins the intents' fills took from the leg."""
    return total_of(_taken(position, leg, fill) for one in intents for fill in one.fills)


def written_off(
    position: Position, leg: Leg, missing: Decimal, price: Decimal, now: datetime
) -> Intent:
    """An external intent for what is gone without any fill that would say why.

    A short is booked as bought back at ``price`` without a fee. Coins that left the wallet brought
    no quote coins: they are booked at price 0.
    """
    number = sum(1 for intent in position.intents if intent.client_id.startswith(EXTERNAL)) + 1
    instrument = instrument_of(position.pair, leg)
    fill = Fill(
        venue=instrument.venue,
        fill_id=f"writeoff-{position.id}-{number}",
        client_id="",
        symbol=instrument.symbol,
        market=instrument.market,
        side=Side.SELL if leg is Leg.SPOT else Side.BUY,
        quantity=missing,
        price=ZERO if leg is Leg.SPOT else price,
        fee=ZERO,
        fee_coin=instrument.quote,
        at=now,
    )
    return external_intent(position, leg, fill, "written off: the venue names no fill", now)


def external_intent(position: Position, leg: Leg, fill: Fill, reason: str, now: datetime) -> Intent:
    """The record of something that happened to a leg without an order of ours."""
    client_id = f"{EXTERNAL}{fill.fill_id}"
    return Intent(
        client_id=client_id,
        position_id=position.id,
        leg=leg,
        action=OrderAction.UNWIND,
        attempt=0,
        side=fill.side,
        quantity=fill.quantity,
        reduce_only=leg is Leg.PERP,
        intended_at=fill.at,
        status=OrderStatus.FILLED,
        fills=(replace(fill, client_id=client_id),),
        reason=reason,
        resolved_at=now,
    )


def _taken(position: Position, leg: Leg, fill: Fill) -> Decimal:
    return -spot_change(fill, position.pair.long.base) if leg is Leg.SPOT else fill.quantity
