"""Positions and orders on disk against what the exchange holds, pair by pair.

At every instant, of every pair:

- one position at most is not closed, and what the exchange holds beyond the dust of closed ones
  belongs to it;
- the exchange holds what the fills on disk come to, and the fills not on disk yet: each of an order
  that is open on disk, or taken by the exchange itself (an ADL, a liquidation);
- the legs differ by less than a lot, at the exchange and on disk, or a repair is under way: the
  position on disk is not at rest, or has an open order, or a loss is yet to be found by comparing;
- a leg has one open order at most, and never more ordered than is wanted or held;
- an order that has its outcome on disk has that outcome at the exchange, for good.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from actors.domain.exact import ZERO, difference, total
from actors.domain.instruments import Pair
from actors.domain.orders import Fill, Leg, OrderRequest, OrderStatus, Side
from actors.domain.positions import AT_REST, Intent, Position
from actors.execution.ids import is_external
from actors.execution.legs import spot_change
from actors.venues.paper.account import PaperAccount
from actors.venues.paper.records import Traded
from tests.simulation.deadlines import Deadlines, Matter
from tests.simulation.promise import BrokenPromise


@dataclass(slots=True)
class Held:
    """One position as it stands on disk."""

    position: Position
    """Without its intents."""
    spot: Decimal = ZERO
    short: Decimal = ZERO
    intents: dict[str, Intent] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)
    """Client ids of the orders without an outcome."""

    @property
    def delta(self) -> Decimal:
        return difference(self.spot, self.short)

    @property
    def whole(self) -> Position:
        return replace(self.position, intents=tuple(self.intents.values()))


@dataclass(slots=True)
class PairHoldings:
    pair: Pair
    active: dict[str, Held] = field(default_factory=dict)
    """Positions not closed, by id."""
    dust: Decimal = ZERO
    """Spot that closed positions left."""
    unseen: dict[str, Fill] = field(default_factory=dict)
    """At the exchange and not on disk."""


class Holdings:
    def __init__(self, account: PaperAccount, deadlines: Deadlines) -> None:
        self.positions: dict[str, Held] = {}
        """All there ever were, by id."""
        self.sent: list[str] = []
        """Client ids in the order in which they came to the exchange's door."""
        self.checks = 0
        self._account = account
        self._deadlines = deadlines
        self._pairs: dict[str, PairHoldings] = {}
        self._of_symbol: dict[str, PairHoldings] = {}
        self._orders: dict[str, Held] = {}
        """By client id: whose it is."""
        self._fills: dict[str, Fill] = {}
        """All at the exchange, by their ids."""
        self._touched: dict[str, PairHoldings] = {}

    def active(self) -> Iterator[Held]:
        for pair in self._pairs.values():
            yield from pair.active.values()

    # --- heard at the exchange ---

    def asked_for(self, order: OrderRequest, now: datetime) -> None:
        """An order has come to the exchange's door."""
        client_id = order.client_id
        if client_id in self.sent:
            raise BrokenPromise(f"{client_id} was sent twice")
        self.sent.append(client_id)
        held = self._orders.get(client_id)
        if held is None or client_id not in held.open or held.position.closed_at is not None:
            raise BrokenPromise(f"{client_id} was sent and is no open order on disk")
        intent = held.intents[client_id]
        same = (intent.side, intent.quantity, intent.reduce_only) == (
            order.side,
            order.quantity,
            order.reduce_only,
        )
        if not same:
            raise BrokenPromise(f"{client_id} is {order}, on disk {intent}")

    def traded(self, record: Traded, now: datetime) -> None:
        """An order was filled, or the exchange has taken something on its own."""
        held, pair = self._orders.get(record.client_id), self._of_symbol[record.symbol]
        if held is not None and record.client_id not in held.open:
            status = held.intents[record.client_id].status
            raise BrokenPromise(f"{record.client_id} is {status} on disk and was filled after all")
        matter = Matter.STRIKE if held is None else Matter.FILL
        for fill in record.fills:
            self._fills[fill.fill_id] = fill
            pair.unseen[fill.fill_id] = fill
            self._deadlines.expect(matter, _name(fill), now)
        self._touch(pair)

    # --- heard from the store ---

    def saved(self, position: Position, now: datetime) -> None:
        """The position without its intents."""
        header = replace(position, intents=())
        pair = self._pairs.get(position.pair.key)
        if pair is None:
            pair = self._pairs[position.pair.key] = PairHoldings(position.pair)
            self._of_symbol[position.pair.long.symbol] = pair
            self._of_symbol[position.pair.short.symbol] = pair
        held = self.positions.get(position.id)
        if held is None:
            held = self.positions[position.id] = Held(header)
        elif held.position.closed_at is not None:
            pair.dust = difference(pair.dust, held.spot)
        held.position = header
        if header.closed_at is None:
            pair.active[header.id] = held
        else:
            pair.active.pop(header.id, None)
            pair.dust = total(pair.dust, held.spot)
            _properly_closed(held)
            for matter in (Matter.UNREST, Matter.NAKED, Matter.UNWANTED):
                self._deadlines.done(matter, header.id, now)
        self._touch(pair)

    def intended(self, intents: Sequence[Intent], now: datetime) -> None:
        for intent in intents:
            held = self.positions[intent.position_id]
            if intent.client_id in self._orders:
                raise BrokenPromise(f"{intent.client_id} was intended before")
            self._orders[intent.client_id] = held
            held.intents[intent.client_id] = replace(intent, fills=())
            if not is_external(intent.client_id):
                _not_too_much(held, intent)
                held.open.add(intent.client_id)
                self._deadlines.expect(Matter.ORDER, intent.client_id, now)
                # A further order is a repair under way: the time for the next one begins anew.
                self._deadlines.done(Matter.NAKED, held.position.id, now)
            self.resolved(intent, now)

    def resolved(self, intent: Intent, now: datetime) -> None:
        held = self._orders[intent.client_id]
        pair = self._pairs[held.position.pair.key]
        before = held.intents[intent.client_id]
        known = {fill.fill_id for fill in before.fills}
        for fill in intent.fills:
            if fill.fill_id not in known:
                self._seen(held, pair, intent, fill, now)
        held.intents[intent.client_id] = intent
        if intent.status.is_final:
            held.open.discard(intent.client_id)
            self._deadlines.done(Matter.ORDER, intent.client_id, now)
            for fill in pair.unseen.values():
                if fill.client_id == intent.client_id:
                    raise BrokenPromise(
                        f"{intent.client_id} is {intent.status} on disk ({intent.reason}), and"
                        f" {fill} is missing there"
                    )
        self._touch(pair)

    def _seen(
        self, held: Held, pair: PairHoldings, intent: Intent, fill: Fill, now: datetime
    ) -> None:
        """A fill is on disk from now on."""
        true = self._fills.get(fill.fill_id)
        if true is None:
            raise BrokenPromise(f"{fill} is on disk, and the exchange knows of no such fill")
        own = intent.client_id if not is_external(intent.client_id) else true.client_id
        if replace(fill, client_id=own) != true:
            raise BrokenPromise(f"{fill} is on disk, at the exchange it is {true}")
        if pair.unseen.pop(fill.fill_id, None) is None:
            raise BrokenPromise(f"{fill} is on disk twice")
        if intent.leg is Leg.SPOT:
            held.spot = total(held.spot, spot_change(fill, held.position.pair.long.base))
        else:
            held.short = difference(held.short, _signed(fill))
        for matter in (Matter.FILL, Matter.STRIKE):
            self._deadlines.done(matter, _name(true), now)

    # --- what must hold ---

    def check(self, now: datetime) -> Iterator[Held]:
        """Every pair that was touched since the last time; gives what is held there."""
        touched, self._touched = self._touched, {}
        for key, pair in touched.items():
            self.checks += 1
            if len(pair.active) > 1:
                raise BrokenPromise(f"{key}: two positions at once: {sorted(pair.active)}")
            self._nothing_forgotten(key, pair)
            for held in pair.active.values():
                self._hedged_or_mending(held, pair, now)
                yield held

    def _nothing_forgotten(self, key: str, pair: PairHoldings) -> None:
        base = pair.pair.long.base
        spot = difference(self._account.balance(base), pair.dust)
        short = -self._account.perp(pair.pair.short.symbol).quantity
        known_spot, known_short = ZERO, ZERO
        for held in pair.active.values():
            known_spot, known_short = total(known_spot, held.spot), total(known_short, held.short)
        for fill in pair.unseen.values():
            if fill.symbol == pair.pair.long.symbol:
                known_spot = total(known_spot, spot_change(fill, base))
            else:
                known_short = difference(known_short, _signed(fill))
        if (spot, short) != (known_spot, known_short):
            raise BrokenPromise(
                f"{key}: the exchange holds {spot} and short {short}, known are {known_spot} and"
                f" {known_short}"
            )
        step = pair.pair.step
        if not pair.active and (abs(spot) >= step or short):
            raise BrokenPromise(f"{key}: {spot} and short {short} held, and no position has them")
        mending = pair.unseen or any(
            held.open or held.position.state not in AT_REST for held in pair.active.values()
        )
        if abs(difference(spot, short)) >= step and not mending:
            raise BrokenPromise(f"{key}: {spot} against short {short}, and nothing under way")

    def _hedged_or_mending(self, held: Held, pair: PairHoldings, now: datetime) -> None:
        position, step = held.position, pair.pair.step
        at_rest = position.state in AT_REST
        naked = abs(held.delta) >= step
        if at_rest and (naked or held.open):
            raise BrokenPromise(
                f"{position.id} is {position.state} with a delta of {held.delta} and open orders"
                f" {sorted(held.open)}"
            )
        self._deadlines.set(Matter.UNREST, position.id, not at_rest, now)
        self._deadlines.set(Matter.NAKED, position.id, naked and not held.open, now)

    def _touch(self, pair: PairHoldings) -> None:
        self._touched[pair.pair.key] = pair


def _properly_closed(held: Held) -> None:
    """Nothing is left but coins too few to be sold."""
    position, spot = held.position, held.position.pair.long
    if held.open or held.short:
        raise BrokenPromise(f"{position.id} is closed: short {held.short}, {sorted(held.open)}")
    left = spot.floor_quantity(abs(held.spot))
    refused = any(
        one.status is OrderStatus.REJECTED and one.reason.startswith("below_minimum")
        for one in held.intents.values()
    )
    if left >= spot.min_quantity and not refused:
        raise BrokenPromise(f"{position.id} is closed with {held.spot} {spot.base} left")


def _not_too_much(held: Held, intent: Intent) -> None:
    """One order a leg at a time, for no more than is wanted there, or held."""
    position = held.position
    if position.closed_at is not None:
        raise BrokenPromise(f"{intent.client_id} is intended for a position that is closed")
    for other in held.open:
        if held.intents[other].leg is intent.leg:
            raise BrokenPromise(f"{intent.client_id} is intended while {other} is open")
    step = position.pair.step
    spot = intent.leg is Leg.SPOT
    has = held.spot if spot else held.short
    if (intent.side is Side.BUY) == spot:
        if has + intent.quantity > position.target_quantity * Decimal("1.01") + step * 2:
            raise BrokenPromise(f"{intent} on top of {has}, wanted {position.target_quantity}")
    elif intent.quantity > has:
        raise BrokenPromise(f"{intent} takes more than the {has} held")


def _name(fill: Fill) -> str:
    return f"fill {fill.fill_id} of {fill.client_id}"


def _signed(fill: Fill) -> Decimal:
    return fill.quantity if fill.side is Side.BUY else -fill.quantity
