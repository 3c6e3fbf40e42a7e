"""What must hold at any instant, and what must hold when everything has come to rest."""

from collections import defaultdict
from decimal import Decimal

from actors.domain.exact import ZERO, total
from actors.domain.orders import Leg
from actors.domain.positions import AT_REST, Position, PositionState
from actors.execution.legs import Legs
from actors.pnl.verify import verify
from actors.store import dump
from tests.simulation.watched import BrokenPromise
from tests.simulation.world import World


def always(world: World) -> None:
    """At any instant, whatever is under way."""
    with world.store.reading() as tx:
        positions = tx.positions.active()
    _one_position_a_pair(positions)
    for position in positions:
        _hedged_or_mending(position)
        _not_more_than_wanted(position)
    _nothing_forgotten(world, positions)


def at_rest(world: World) -> None:
    """When trouble has ended: exact to the last digit, and every command has its answer."""
    always(world)
    with world.store.reading() as tx:
        active = tx.positions.active()
        account = world.paper_state()
        discrepancies = verify(tx, account)
        pending = tx.commands.pending()
    for position in active:
        if position.state not in AT_REST:
            raise BrokenPromise(f"{position.id} is still {position.state}")
    if discrepancies:
        raise BrokenPromise("; ".join(map(str, discrepancies[:5])))
    if pending:
        raise BrokenPromise(f"commands without an outcome: {pending}")
    for command in world.commands:
        if not command.reply.done() and command.life == world.lives:
            raise BrokenPromise(f"{command.name} of {command.at} was never answered")


def flat(world: World) -> None:
    """After a stop: nothing is held, at the exchange neither."""
    with world.store.reading() as tx:
        left = [one for one in tx.positions.active() if one.state is not PositionState.ORPHANED]
    if left:
        raise BrokenPromise(f"after the stop: {[(one.id, one.state) for one in left]}")
    held = {one.symbol: one.quantity for one in world.paper_state().perps if one.quantity}
    if held:
        raise BrokenPromise(f"after the stop the exchange still holds {held}")


def ledger_text(world: World) -> str:
    return "\n".join(dump(world.store))


def _one_position_a_pair(positions: list[Position]) -> None:
    keys = [one.pair.key for one in positions]
    if len(keys) != len(set(keys)):
        raise BrokenPromise(f"two positions of one pair: {sorted(keys)}")


def _hedged_or_mending(position: Position) -> None:
    """A naked leg is allowed only while orders, or the next look at it, are under way."""
    legs = Legs.of(position)
    known = all(intent.status.is_final for intent in position.intents)
    if position.state is PositionState.OPEN and known and abs(legs.delta) >= position.pair.step:
        raise BrokenPromise(f"{position.id} is open with a delta of {legs.delta}")


def _not_more_than_wanted(position: Position) -> None:
    """What is bought and not sold again never exceeds the target by more than the gross-up."""
    legs = Legs.of(position)
    most = position.target_quantity * Decimal("1.01") + position.pair.step * 2
    for leg, held in ((Leg.SPOT, legs.spot), (Leg.PERP, legs.short)):
        if not -position.pair.step <= held <= most:
            raise BrokenPromise(
                f"{position.id}: {held} in {leg}, wanted {position.target_quantity}"
            )


def _nothing_forgotten(world: World, positions: list[Position]) -> None:
    """Every perpetual that the exchange holds belongs to a position on record."""
    account = world.book
    known: dict[str, Decimal] = defaultdict(lambda: ZERO)
    busy = set()
    for position in positions:
        symbol = position.pair.short.symbol
        known[symbol] = total(known[symbol], -Legs.of(position).short)
        if any(not intent.status.is_final for intent in position.intents):
            busy.add(symbol)
    for symbol, holding in account.perps.items():
        if holding.quantity and symbol not in known:
            raise BrokenPromise(f"{symbol}: {holding.quantity} held, and no position knows of it")
        if symbol in busy or symbol in world.struck():
            continue
        if holding.quantity != known[symbol]:
            raise BrokenPromise(
                f"{symbol}: {holding.quantity} held, {known[symbol]} on record, nothing under way"
            )
