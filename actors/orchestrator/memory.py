"""What the orchestrator must not forget: its state, on disk at every change."""

import json
from dataclasses import dataclass
from datetime import datetime

from actors.orchestrator.messages import BotState
from actors.runtime import Fence
from actors.store import Store

KEY = "orchestrator"


@dataclass(frozen=True, slots=True)
class Memory:
    state: BotState
    then: BotState
    since: datetime
    reason: str
    cycle: int
    """The last one begun."""
    seen_at: datetime
    """The last moment on record; a replay goes on from here."""


def recall(store: Store) -> Memory | None:
    """The last state written; None in a fresh ledger."""
    with store.reading() as tx:
        text = tx.state.get(KEY)
    if text is None:
        return None
    saved = json.loads(text)
    return Memory(
        BotState(saved["state"]),
        BotState(saved["then"]),
        datetime.fromisoformat(saved["since"]),
        saved["reason"],
        saved["cycle"],
        datetime.fromisoformat(saved["seen_at"]),
    )


def remember(store: Store, fence: Fence, memory: Memory) -> None:
    text = json.dumps(
        {
            "state": memory.state.value,
            "then": memory.then.value,
            "since": memory.since.isoformat(),
            "reason": memory.reason,
            "cycle": memory.cycle,
            "seen_at": memory.seen_at.isoformat(),
        }
    )
    with store.transaction(fence) as tx:
        tx.state.set(KEY, text)
