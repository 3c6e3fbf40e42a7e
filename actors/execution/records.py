"""The positions that matter now, in memory exactly as on disk; every write goes through here."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from actors.domain.exact import ZERO, total
from actors.domain.instruments import Pair
from actors.domain.positions import EntryDecision, Goal, Intent, Position, PositionState
from actors.execution.legs import Legs
from actors.execution.plan import unresolved
from actors.execution.states import intent_of, reopened, state_of, with_intent
from actors.runtime import Fence
from actors.store import Store

_OTHERS = "execution.other_coins"
"""The state key of the coins that lay in the wallet before the bot first traded them."""


class Records:
    """Written first, remembered then: what fails to be written has not happened.

    A write raises StoreError or Fenced; the actor then crashes and starts anew from the disk.
    """

    def __init__(self, store: Store, fence: Fence) -> None:
        self._store = store
        self._fence = fence
        self.installation_id = store.installation_id
        self.active: dict[str, Position] = {}
        """Positions not closed, by id."""
        self.cooldowns: dict[str, tuple[datetime, str]] = {}
        """By pair key: until when, and why."""
        self.pairs: dict[str, Pair] = {}
        """Every pair ever traded, by key."""
        self.changes: dict[str, int] = defaultdict(int)
        """How often a pair's positions were written, by pair key."""
        self._position_of: dict[str, str] = {}
        self._known_fills: set[tuple[str, str]] = set()
        self._dust: dict[str, Decimal] = defaultdict(Decimal)
        self._others: dict[str, Decimal] = {}
        self._last_entry: dict[str, EntryDecision] = {}
        self._read()

    # --- reading ---------------------------------------------------------------------------------

    def of_pair(self, pair_key: str) -> Position | None:
        """The pair's position; of several (a late fill may reopen one) the newest."""
        found = self.all_of_pair(pair_key)
        return found[-1] if found else None

    def all_of_pair(self, pair_key: str) -> list[Position]:
        mine = [one for one in self.active.values() if one.pair.key == pair_key]
        return sorted(mine, key=lambda one: (one.created_at, one.id))

    def find(self, client_id: str) -> tuple[Position, Intent] | None:
        """The order and its position, closed ones too; None for an id that is none of ours."""
        position_id = self._position_of.get(client_id)
        if position_id is None:
            return None
        position = self.active.get(position_id)
        if position is None:
            with self._store.reading() as tx:
                position = tx.positions.load(position_id)
        intent = None if position is None else intent_of(position, client_id)
        return None if position is None or intent is None else (position, intent)

    def is_ours(self, client_id: str) -> bool:
        return client_id in self._position_of

    def has_fill(self, venue: str, fill_id: str) -> bool:
        return (venue, fill_id) in self._known_fills

    def is_repeated(self, pair_key: str, entry: EntryDecision) -> bool:
        """Whether this very decision was carried out before (a message may come twice)."""
        return self._last_entry.get(pair_key) == entry

    def unresolved(self) -> int:
        return sum(len(unresolved(position)) for position in self.active.values())

    def dust(self, coin: str) -> Decimal:
        """What closed positions left in the wallet."""
        return self._dust[coin]

    def others(self, coin: str) -> Decimal:
        """What lay in the wallet before the coin was first traded."""
        return self._others.get(coin, ZERO)

    # --- writing ---------------------------------------------------------------------------------

    def begin(
        self, pair: Pair, quantity: Decimal, entry: EntryDecision, wallet: Decimal, now: datetime
    ) -> Position:
        """A new position with the goal to be held. ``wallet``: base coins that lie there now."""
        coin = pair.long.base
        with self._store.transaction(self._fence) as tx:
            number = tx.positions.next_number(pair.key)
            position = Position(
                id=f"{pair.key}#{number}",
                pair=pair,
                goal=Goal.HELD,
                state=PositionState.OPENING,
                target_quantity=quantity,
                created_at=now,
                entry=entry,
            )
            tx.positions.save(position)
            others = self._others
            if not self.all_of_pair(pair.key):
                others = self._others | {coin: max(wallet - self.dust(coin), ZERO)}
                if others != self._others:
                    texts = {key: str(value) for key, value in sorted(others.items())}
                    tx.state.set(_OTHERS, json.dumps(texts))
        self._others = others
        self._remember(position)
        return position

    def write(
        self,
        position: Position,
        *,
        new: Sequence[Intent] = (),
        outcome: Intent | None = None,
        cooldown: tuple[datetime, str] | None = None,
    ) -> Position:
        """Write what changed in one transaction; return the position as it stands then.

        ``new`` are intents (with their fills, where external), ``outcome`` is one that has
        changed. A closed position to which an outcome brings something is open again.
        """
        after = position
        for intent in (*new, *((outcome,) if outcome else ())):
            after = with_intent(after, intent)
        before = self.active.get(position.id)
        if before is None:
            after = reopened(after)
        after = replace(after, state=state_of(after))
        with self._store.transaction(self._fence) as tx:
            if before is None or replace(after, intents=()) != replace(before, intents=()):
                tx.positions.save(after)
            if new:
                tx.positions.add_intents(new)
            if outcome is not None:
                tx.positions.resolve_intent(outcome)
            if cooldown is not None:
                tx.positions.set_cooldown(position.pair.key, *cooldown)
        if cooldown is not None:
            self.cooldowns[position.pair.key] = cooldown
        if before is None:
            self._count_dust(position, -1)
        self._remember(after)
        return after

    def _read(self) -> None:
        with self._store.reading() as tx:
            positions = tx.positions.all()
            cooldowns = tx.positions.cooldowns()
            others = json.loads(tx.state.get(_OTHERS) or "{}")
        self._others = {coin: Decimal(text) for coin, text in others.items()}
        self.cooldowns = {pair_key: (until, why) for pair_key, until, why in cooldowns}
        for position in positions:
            self._remember(position)

    def _remember(self, position: Position) -> None:
        key = position.pair.key
        self.pairs[key] = position.pair
        self.changes[key] += 1
        self._last_entry[key] = position.entry
        for intent in position.intents:
            self._position_of[intent.client_id] = position.id
            self._known_fills.update((fill.venue, fill.fill_id) for fill in intent.fills)
        if position.closed_at is None:
            self.active[position.id] = position
        else:
            self.active.pop(position.id, None)
            self._count_dust(position, 1)

    def _count_dust(self, position: Position, times: int) -> None:
        coin = position.pair.long.base
        self._dust[coin] = total(self._dust[coin], times * Legs.of(position).spot)
