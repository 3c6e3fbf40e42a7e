"""Ways to break the house, each in one place: what the witness has to notice."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from actors.domain import ledger_entries
from actors.domain.exact import product
from actors.domain.orders import Fill, OrderStatus
from actors.domain.payments import FundingPayment
from actors.domain.positions import Goal, Intent, Position, PositionState
from actors.execution import driver, judge, plan, records, states
from actors.execution.inquiry import Inquiry
from actors.execution.plan import Step, Turn
from actors.execution.records import Records
from actors.execution.states import with_intent
from actors.execution.watch import Watch
from actors.gateway.actor import Asked, GatewayActor
from actors.gateway.messages import PlaceOrder
from actors.journal.actor import JournalActor
from actors.journal.messages import CommandAccepted, SubmitCommand
from actors.orchestrator.actor import OrchestratorActor
from actors.pnl import booking, recording
from actors.pnl.actor import PnlActor
from actors.store.positions import Positions

Sabotage = Callable[[pytest.MonkeyPatch], None]


def orders_without_intents(patch: pytest.MonkeyPatch) -> None:
    """An order is sent that is not on disk."""
    honest = Records.write

    def write(
        self: Records, position: Position, *, new: Sequence[Intent] = (), **more: Any
    ) -> Position:
        position = honest(self, position, **more) if more else position
        for intent in new:
            position = with_intent(position, intent)
        self._remember(position)
        return position

    patch.setattr(Records, "write", write)


def orders_of_another_size(patch: pytest.MonkeyPatch) -> None:
    """What is sent is not what is on disk."""
    honest = GatewayActor._place

    def place(self: GatewayActor, asked: Asked) -> None:
        message = asked.message
        assert isinstance(message, PlaceOrder)
        order = replace(message.order, quantity=message.order.quantity * 2)
        honest(self, replace(asked, message=replace(message, order=order)))

    patch.setattr(GatewayActor, "_place", place)


def orders_sent_twice(patch: pytest.MonkeyPatch) -> None:
    honest = GatewayActor._place

    def place(self: GatewayActor, asked: Asked) -> None:
        honest(self, asked)
        honest(self, asked)

    patch.setattr(GatewayActor, "_place", place)


def unknown_is_failed(patch: pytest.MonkeyPatch) -> None:
    """An order that the exchange does not know at once counts as never arrived."""

    def verdict(self: Inquiry, *_: object) -> str | None:
        return "never_arrived: it said so once" if self.not_known >= 1 else None

    patch.setattr(Inquiry, "verdict", verdict)


def unknown_is_sent_again(patch: pytest.MonkeyPatch) -> None:
    """A leg gets a new order while the outcome of the last one is not known."""
    patch.setattr("actors.execution.plan.unresolved", lambda position, leg=None: ())


def questions_never_asked(patch: pytest.MonkeyPatch) -> None:
    """An order without an answer is not asked about."""
    patch.setattr(driver.Driver, "_look_up", lambda *_: None)


def a_fill_forgotten(patch: pytest.MonkeyPatch) -> None:
    """Of several fills of an order the last is not put on record."""
    honest = judge._merged

    def merged(known: tuple[Fill, ...], others: tuple[Fill, ...]) -> tuple[Fill, ...]:
        found = honest(known, others)
        return found[:-1] if len(found) > 1 else found

    patch.setattr(judge, "_merged", merged)


def a_fill_invented(patch: pytest.MonkeyPatch) -> None:
    """A fill is put on record at another price than it had."""
    honest = judge._merged

    def merged(known: tuple[Fill, ...], others: tuple[Fill, ...]) -> tuple[Fill, ...]:
        better = tuple(replace(one, price=product(one.price, one.price)) for one in others)
        return honest(known, better)

    patch.setattr(judge, "_merged", merged)


def nothing_watched(patch: pytest.MonkeyPatch) -> None:
    """What the exchange takes on its own is not looked for once trading has begun."""
    patch.setattr(Watch, "tick", lambda self: None)


def naked_legs_left(patch: pytest.MonkeyPatch) -> None:
    """Legs that differ are said to be under repair, and nothing is done."""
    patch.setattr("actors.execution.plan._mend", lambda *_: Step(reason="tomorrow"))


def naked_legs_called_open(patch: pytest.MonkeyPatch) -> None:
    """A position is called open, whatever its legs hold."""
    honest = states.state_of

    def state_of(position: Position) -> PositionState:
        state = honest(position)
        return PositionState.OPEN if state is PositionState.REPAIRING else state

    patch.setattr(records, "state_of", state_of)


def forgotten_before_closed(patch: pytest.MonkeyPatch) -> None:
    """A position is off the books before its closing orders are sent."""

    def next_step(position: Position, *arguments: Any) -> Step:
        if position.goal is Goal.FLAT and position.closed_at is None:
            return Step(turn=Turn.CLOSED)
        return plan.next_step(position, *arguments)

    patch.setattr(driver, "next_step", next_step)


def recovery_forgets(patch: pytest.MonkeyPatch) -> None:
    """After a restart nobody goes on with the positions that were under way."""
    honest = Records._read

    def read(self: Records) -> None:
        honest(self)
        for key in list(self.active):
            del self.active[key]

    patch.setattr(Records, "_read", read)


def payments_booked_twice(patch: pytest.MonkeyPatch) -> None:
    """Each funding payment is booked once more under another key."""
    honest = recording._book

    def book(tx: Any, state: Any, transactions: Sequence[Any]) -> None:
        again = [replace(one, key=f"{one.key}*") for one in transactions if one.kind == "funding"]
        honest(tx, state, [*transactions, *again])

    patch.setattr(recording, "_book", book)


def payments_booked_roughly(patch: pytest.MonkeyPatch) -> None:
    """A funding payment is booked without its last digits."""
    honest = ledger_entries.funding_transaction

    def rounded(payment: FundingPayment, holder: str | None) -> Any:
        return honest(replace(payment, amount=round(payment.amount, 4)), holder)

    patch.setattr(recording, "funding_transaction", rounded)


def payments_forgotten(patch: pytest.MonkeyPatch) -> None:
    """One payment in two is lost on its way into the ledger."""
    honest = recording.record_payments

    def record(tx: Any, state: Any, payments: Sequence[FundingPayment], at: Any) -> Any:
        return honest(tx, state, [one for one in payments if one.at.hour % 16], at)

    patch.setattr(recording, "record_payments", record)


def fills_not_booked(patch: pytest.MonkeyPatch) -> None:
    """The ledger does not hear of fills until a payment comes."""
    patch.setattr(PnlActor, "_fills_recorded", lambda *_: None)
    patch.setattr(recording, "record_fills", lambda *_: False)


def losses_booked_at_the_wrong_price(patch: pytest.MonkeyPatch) -> None:
    """What a perpetual realises is booked with the wrong sign."""
    honest = booking.book_fill

    def book_fill(fill: Fill, position_id: str, perps: Any) -> Any:
        worse = replace(fill, price=fill.price * 2) if fill.market == "perp" else fill
        return honest(worse, position_id, perps)

    patch.setattr(recording, "book_fill", book_fill)


def a_command_dropped(patch: pytest.MonkeyPatch) -> None:
    """What became of a command is not put on record."""
    patch.setattr(JournalActor, "_finish", lambda *_: None)


def a_command_never_answered(patch: pytest.MonkeyPatch) -> None:
    """The sender of a command waits for ever."""
    honest = JournalActor._submit

    def submit(self: JournalActor, command: SubmitCommand) -> None:
        self.context.keep_reply()
        self.context.reply = lambda answer: None  # type: ignore[method-assign]
        honest(self, command)

    patch.setattr(JournalActor, "_submit", submit)


def a_command_accepted_in_the_air(patch: pytest.MonkeyPatch) -> None:
    """The sender hears that a command is accepted, and it is not on disk."""

    def submit(self: JournalActor, command: SubmitCommand) -> None:
        self.context.reply(CommandAccepted(1, command.name, False, "accepted"))

    patch.setattr(JournalActor, "_submit", submit)


def a_stop_that_keeps(patch: pytest.MonkeyPatch) -> None:
    """After a stop nothing is closed."""
    patch.setattr(OrchestratorActor, "_close_all", lambda *_, urgent: None)
    patch.setattr(OrchestratorActor, "_close", lambda *_, urgent: None)


def too_much_bought(patch: pytest.MonkeyPatch) -> None:
    """A leg that lags is topped up by twice of what it lacks."""

    def next_step(position: Position, *arguments: Any) -> Step:
        step = plan.next_step(position, *arguments)
        twice = tuple(
            replace(one, quantity=one.quantity * 2) if one.action == "topup" else one
            for one in step.send
        )
        return replace(step, send=twice)

    patch.setattr(driver, "next_step", next_step)


def coins_left_behind(patch: pytest.MonkeyPatch) -> None:
    """A position is closed when its short is gone, with the coins still there."""
    patch.setattr("actors.execution.plan._is_dust", lambda position, quantity: True)


def outcomes_lost_on_disk(patch: pytest.MonkeyPatch) -> None:
    """The store says that an order's reason and time are written, and keeps the old ones."""
    honest = Positions.resolve_intent

    def resolve(self: Positions, intent: Intent) -> None:
        kept = intent.status is OrderStatus.REJECTED
        honest(self, replace(intent, reason="", resolved_at=None) if kept else intent)

    patch.setattr(Positions, "resolve_intent", resolve)


SABOTAGES: dict[Sabotage, str] = {
    orders_without_intents: "no open order on disk",
    orders_of_another_size: "on disk Intent",
    orders_sent_twice: "was sent twice",
    unknown_is_failed: "filled after all|is missing there",
    unknown_is_sent_again: "is intended while|is closed: short",
    questions_never_asked: "has no outcome on disk",
    a_fill_forgotten: "is missing there|has no outcome on disk",
    a_fill_invented: "at the exchange it is",
    nothing_watched: "was taken by the exchange and is not on disk",
    naked_legs_left: "no order under way",
    naked_legs_called_open: "nothing under way",
    forgotten_before_closed: "is closed: short|is closed with",
    recovery_forgets: "to hold nothing|taken by the exchange|has no outcome",
    payments_booked_twice: "knows of no such thing",
    payments_booked_roughly: "in the ledger and",
    payments_forgotten: "paid by the exchange and is not booked",
    fills_not_booked: "on disk and not booked",
    losses_booked_at_the_wrong_price: "in the ledger and",
    a_command_dropped: "was accepted and has no outcome",
    a_command_never_answered: "never answered",
    a_command_accepted_in_the_air: "said to be accepted",
    a_stop_that_keeps: "to hold nothing|only to be passed through",
    too_much_bought: "on top of",
    coins_left_behind: "is closed with",
    outcomes_lost_on_disk: "on disk: ",
}
"""What is broken, and what the witness says (a pattern)."""
