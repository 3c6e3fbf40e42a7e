"""Which world a ledger belongs to, so that two markets never end up in one set of books."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from actors.cli.exit_codes import ExitCode
from actors.cli.failure import CommandFailed

if TYPE_CHECKING:
    from actors.store import Store

KEY = "world"


@dataclass(frozen=True, slots=True)
class World:
    mode: str
    """replay, paper or live."""
    venue: str
    market: str
    """Which recording, by name and span; for live prices the network, empty for the real one."""


def claim(store: "Store", world: World) -> None:
    """Write into a new store what it is for. Raises CommandFailed if it is for something else."""
    with store.transaction() as tx:
        text = tx.state.get(KEY)
        if text is None:
            tx.state.set(KEY, json.dumps(asdict(world)))
            return
    owner = World(**json.loads(text))
    if owner != world:
        raise CommandFailed(
            ExitCode.STORE,
            f"This store keeps the books of {_words(owner)}, not of {_words(world)}. "
            "Give another one with --store sqlite:///FILE, or move the old one away.",
        )


def last_instant(store: "Store", vault_name: str) -> datetime | None:
    """The latest moment on record: a replay goes on from there. None in new books."""
    from actors.orchestrator.memory import recall
    from actors.venues.paper.account import PaperAccount
    from actors.venues.paper.records import from_line

    memory = recall(store)
    account = PaperAccount(from_line(line) for line in store.vault(vault_name).read())
    with store.reading() as tx:
        newest = tx.events.read(None, 1)
        active = tx.positions.active()
    instants = [
        memory.seen_at if memory is not None else None,
        account.last_at,
        newest[0].at if newest else None,
        # What a killed process wrote last may be an order that never reached the account.
        *(one.created_at for one in active),
        *(intent.intended_at for one in active for intent in one.intents),
    ]
    return max((at for at in instants if at is not None), default=None)


def _words(world: World) -> str:
    if world.mode == "replay":
        return f"a replay of {world.venue} ({world.market})"
    network = f" ({world.market})" if world.market else ""
    return f"{world.mode} trading on {world.venue}{network}"
