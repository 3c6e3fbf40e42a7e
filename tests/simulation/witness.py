"""The witness: hears every order, fill and payment at the exchange's door and every durable write.

It keeps its own small picture of both and looks at the promises at once, wherever something
changed: after every record of the exchange, every transaction of the store, and every turn of the
simulation. What is allowed to be open for a while has its deadline. What it finds inside an actor's
turn is told after the turn: raised there, it would only crash an actor.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from actors.domain.orders import OrderRequest
from actors.runtime import Clock, Reply
from actors.store import Store
from actors.venues.paper.records import Traded, from_line
from tests.simulation.deadlines import Deadlines, Matter
from tests.simulation.holdings import Holdings
from tests.simulation.money import Money
from tests.simulation.people import People
from tests.simulation.promise import BrokenPromise

Note = Callable[[datetime], None]
"""Something written in a transaction, to be heard with the time of its commit."""


class Witness:
    def __init__(self, clock: Clock) -> None:
        self.deadlines = Deadlines()
        self.money = Money(self.deadlines)
        self.holdings = Holdings(self.money.account, self.deadlines)
        self.people = People(self.deadlines)
        self.turns = 0
        """Turns and timers seen so far."""
        self.commits = 0
        self.records = 0
        self._clock = clock
        self._broken: BrokenPromise | None = None
        self._held_nothing_before = False

    # --- heard ---

    def placed(self, order: OrderRequest) -> None:
        self._hear(partial(self.holdings.asked_for, order))

    def appended(self, lines: Sequence[str]) -> None:
        """By the exchange to its own records."""
        for line in lines:
            self.records += 1
            record = from_line(line)
            self._hear(partial(self.money.recorded, record))
            if isinstance(record, Traded):
                self._hear(partial(self.holdings.traded, record))
        self._check()

    def committed(self, notes: Sequence[Note]) -> None:
        self.commits += 1
        for note in notes:
            self._hear(note)
        self._check()

    def asked(self, key: str, name: str, reply: Reply[Any]) -> None:
        """Somebody has given a command."""
        now = self._clock.now()
        self.people.asks(key, f"{name} of {now:%Y-%m-%d %H:%M:%S}", reply, now)

    def life_lost(self) -> None:
        self.people.life_lost(self._clock.now())

    # --- looked at ---

    def after_turn(self) -> None:
        """Raises BrokenPromise for the first promise that was broken."""
        self.turns += 1
        now = self._clock.now()
        if self._broken is None:
            try:
                if self.people.is_waiting:
                    self.people.look_for_answers(now)
                self.deadlines.check(now)
            except BrokenPromise as broken:
                self._broken = broken
        if self._broken is not None:
            raise BrokenPromise(f"turn {self.turns}, {now:%Y-%m-%d %H:%M:%S}: {self._broken}")

    def agrees_with(self, store: Store) -> None:
        """What was heard is what can be read. Raises BrokenPromise."""
        with store.reading() as tx:
            positions = {one.id: one for one in tx.positions.all()}
            balances = {coin: amount for coin, amount in tx.ledger.balances().items() if amount}
            pending = [one.id for one in tx.commands.pending()]
        heard = {key: held.whole for key, held in self.holdings.positions.items()}
        for key in sorted({*positions, *heard}):
            if positions.get(key) != heard.get(key):
                raise BrokenPromise(f"on disk: {positions.get(key)}; written: {heard.get(key)}")
        if balances != {coin: amount for coin, amount in self.money.wallet.items() if amount}:
            raise BrokenPromise(f"on disk: {balances}; booked: {self.money.wallet}")
        if pending != sorted(self.people.pending):
            raise BrokenPromise(f"on disk: {pending}; pending: {sorted(self.people.pending)}")

    def _hear(self, note: Note) -> None:
        try:
            note(self._clock.now())
        except BrokenPromise as broken:
            self._broken = self._broken or broken
        except Exception as error:  # in an actor's turn it would count as the actor's own
            self._broken = self._broken or BrokenPromise(f"the witness is at a loss: {error!r}")

    def _check(self) -> None:
        self._hear(self._check_now)

    def _check_now(self, now: datetime) -> None:
        to_hold_nothing = self.people.is_to_hold_nothing
        held = list(self.holdings.check(now))
        if to_hold_nothing != self._held_nothing_before:
            self._held_nothing_before = to_hold_nothing
            held = list(self.holdings.active())
        for one in held:
            self.deadlines.set(Matter.UNWANTED, one.position.id, to_hold_nothing, now)
        self.money.check()
