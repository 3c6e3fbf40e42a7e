"""What must hold when everything has come to rest; what holds at every turn, the witness sees."""

from actors.domain.positions import AT_REST, PositionState
from actors.pnl.verify import verify
from actors.store import dump
from tests.simulation.promise import BrokenPromise
from tests.simulation.world import World


def at_rest(world: World) -> None:
    """When trouble has ended: exact to the last digit, and every command has its outcome."""
    world.witness.agrees_with(world.store)
    with world.store.reading() as tx:
        discrepancies = verify(tx, world.paper_state())
    for held in world.witness.holdings.active():
        if held.position.state not in AT_REST:
            raise BrokenPromise(f"{held.position.id} is still {held.position.state}")
    if discrepancies:
        raise BrokenPromise("; ".join(map(str, discrepancies[:5])))
    left = world.witness.deadlines.open
    if left:
        raise BrokenPromise(f"still open when all is quiet: {left}")


def flat(world: World) -> None:
    """After a stop: nothing is held, at the exchange neither."""
    active = world.witness.holdings.active()
    left = [one.position for one in active if one.position.state is not PositionState.ORPHANED]
    if left:
        raise BrokenPromise(f"after the stop: {[(one.id, one.state) for one in left]}")
    held = {one.symbol: one.quantity for one in world.paper_state().perps if one.quantity}
    if held:
        raise BrokenPromise(f"after the stop the exchange still holds {held}")


def ledger_text(world: World) -> str:
    return "\n".join(dump(world.store))
