"""What a person must look at now. An alarm is a present condition: it goes away with its cause."""

from collections.abc import Iterable, Sequence

from actors.domain.positions import PositionState
from actors.execution.messages import PairStatus
from actors.orchestrator.messages import BotState, StateChanged
from actors.runtime import ActorView


def alarms(
    bot: StateChanged | None,
    pairs: Iterable[PairStatus],
    actors: Sequence[ActorView],
    dead_letters: int,
) -> tuple[str, ...]:
    """In words, the gravest first: money, then the bot, then its parts."""
    return (
        *_of_positions(pairs),
        *_of_bot(bot),
        *_of_parts(actors, dead_letters),
    )


def is_up(actor: ActorView) -> bool:
    return actor.state == "running"


def _of_positions(pairs: Iterable[PairStatus]) -> Iterable[str]:
    for pair in sorted(pairs, key=lambda one: one.pair_key):
        if pair.state in (PositionState.REPAIRING, PositionState.ORPHANED):
            why = f": {pair.problem}" if pair.problem else ""
            yield f"{pair.pair_key} is {pair.state}{why}"


def _of_bot(bot: StateChanged | None) -> Iterable[str]:
    if bot is None:
        return
    if bot.state is BotState.HALTED:
        yield f"Halted by an emergency stop{f': {bot.reason}' if bot.reason else ''}"
    reconciled = bot.last_reconciled
    if reconciled is not None and not reconciled.ok:
        yield f"The venue and the ledger are not reconciled: {reconciled.problem}"


def _of_parts(actors: Sequence[ActorView], dead_letters: int) -> Iterable[str]:
    down = [actor for actor in actors if actor.state in ("restarting", "abandoned")]
    for actor in down[:5]:
        why = f": {actor.last_error}" if actor.last_error else ""
        yield f"{actor.address} is {actor.state}{why}"
    if len(down) > 5:
        yield f"{len(down) - 5} more actors are down"
    if dead_letters:
        plural = "dead letters wait" if dead_letters > 1 else "dead letter waits"
        yield f"{dead_letters} {plural} to be looked at"
