"""Drives every position to its goal: asks the plan for the next step, writes it down, does it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from actors.domain.orders import OrderAction, OrderReport, OrderRequest
from actors.domain.positions import Intent, Position
from actors.execution import judge, states
from actors.execution.desk import Desk
from actors.execution.inquiry import Inquiry
from actors.execution.legs import Legs, instrument_of
from actors.execution.plan import Books, Step, Turn, next_step, unresolved
from actors.gateway.messages import DepthFetched, FetchDepth, LookUpOrder, PlaceOrder
from actors.journal.messages import Severity

ALARM_FROM_QUESTION = 5
"""From this question on, an order that is still unknown is an alarm."""


@dataclass(frozen=True, slots=True)
class Wake:
    """From a timer: something is due for this position."""

    position_id: str


@dataclass(frozen=True, slots=True)
class _BooksAsked:
    request_id: str
    until: datetime


class Driver:
    """What it keeps in memory is only how often it has asked for what; all else is on disk."""

    def __init__(self, desk: Desk, changed: Callable[[str], None]) -> None:
        """``changed`` is called with a pair's key whenever its position may have changed."""
        self._desk = desk
        self._changed = changed
        self._inquiries: dict[str, Inquiry] = {}
        self._books: dict[str, _BooksAsked] = {}
        self._book_requests = 0
        self._urgent: set[str] = set()
        self.problems: dict[str, str] = {}
        """Why a position is not at rest, in words, by its id."""
        self.contradicted = False
        """The venue contradicts the ledger; whoever compares them resets this."""

    # --- going on --------------------------------------------------------------------------------

    def advance(self, position: Position, books: Books | None = None) -> None:
        """Do whatever is next for the position. Safe to call at any time, any number of times."""
        rules = self._desk.rules
        if position.id in self._urgent:
            rules = replace(rules, close_patience=rules.close_patience * 0)
        step = next_step(position, rules, self._now(), books)
        while step.turn is not None:
            position = self._turn(position, step.turn, step.reason)
            step = next_step(position, rules, self._now())
        if step.send:
            position = self._send(position, step)
        if step.needs_account:
            self.contradicted = True
        if step.needs_books:
            self._ask_books(position)
        else:
            self._books.pop(position.id, None)
        self.problems[position.id] = step.reason
        if position.closed_at is not None:
            self._forget(position)
        else:
            self._set_timer(position, step)
        self._changed(position.pair.key)

    def make_urgent(self, position_id: str) -> None:
        """From now on its close waits for no better book."""
        self._urgent.add(position_id)

    def wake(self, position: Position) -> None:
        """Ask again about what is due, and go on."""
        now = self._now()
        for client_id in unresolved(position):
            inquiry = self._inquiries.get(client_id)
            if inquiry is not None and inquiry.next_at <= now:
                self._look_up(position, client_id, inquiry)
        asked = self._books.get(position.id)
        given_up = asked is not None and asked.until <= now
        self.advance(position, Books() if given_up else None)

    def on_books(self, answer: DepthFetched) -> None:
        """Go on with the books that a position has waited for."""
        for position_id, asked in self._books.items():
            if asked.request_id == answer.request_id:
                position = self._desk.records.active[position_id]
                del self._books[position_id]
                found = {depth.symbol: depth for depth in answer.depths}
                pair = position.pair
                books = Books(found.get(pair.long.symbol), found.get(pair.short.symbol))
                self.advance(position, books)
                return

    # --- outcomes --------------------------------------------------------------------------------

    def on_report(self, client_id: str, report: OrderReport) -> None:
        """The venue says what became of an order."""
        found = self._desk.records.find(client_id)
        if found is None:
            return
        position, intent = found
        settled = judge.reported(intent, report, self._now())
        if settled is not None:
            self.settle(position, settled)
        elif not intent.status.is_final:
            self._inquiries[client_id] = self._inquiry(client_id).answered_otherwise()
            self.advance(position)

    def on_refusal(self, client_id: str, code: str, reason: str) -> None:
        """The venue refused an order. It is asked whether the order stands before that counts."""
        if code == "duplicate_client_id":  # so it stands, from an earlier sending
            self._ask_now(client_id)
        else:
            self._ask_now(client_id, refusal=f"{code}: {reason}")

    def on_unknown(self, client_id: str) -> None:
        """Nobody can say what became of an order: ask the venue."""
        self._ask_now(client_id)

    def on_not_known(self, client_id: str) -> None:
        """The venue does not know the order, or not yet."""
        found = self._desk.records.find(client_id)
        if found is None or found[1].status.is_final:
            return
        position, intent = found
        inquiry = self._inquiry(client_id).answered_not_known()
        self._inquiries[client_id] = inquiry
        verdict = inquiry.verdict(intent, self._desk.rules)
        if verdict is not None:
            self.settle(position, judge.refused(intent, verdict, self._now()))

    def on_look_up_failed(self, client_id: str) -> None:
        inquiry = self._inquiries.get(client_id)
        if inquiry is not None:
            self._inquiries[client_id] = inquiry.answered_otherwise()

    def settle(self, position: Position, intent: Intent) -> None:
        """Write an order's outcome down, in its own transaction, and go on from there."""
        before = states.intent_of(position, intent.client_id)
        late = before is not None and before.status.is_final
        if intent.status.is_final:
            self._inquiries.pop(intent.client_id, None)
        position = self._desk.records.write(position, outcome=intent)
        if before is None or len(intent.fills) > len(before.fills):
            self._desk.voice.fills(position.id)
        if late:
            self._event(
                "position.late_fill",
                Severity.ALARM,
                f"{position.id}: {intent.client_id} was given up and has filled after all",
                position,
            )
        self.advance(position)

    # --- doing -----------------------------------------------------------------------------------

    def _send(self, position: Position, step: Step) -> Position:
        desk, now = self._desk, self._now()
        intents = states.intended(position, step.send, desk.records.installation_id, now)
        position = desk.records.write(position, new=intents)
        for intent in intents:
            self._inquiries[intent.client_id] = Inquiry(now + desk.rules.answer_timeout)
            order = OrderRequest(
                intent.client_id,
                instrument_of(position.pair, intent.leg),
                intent.side,
                intent.quantity,
                intent.reduce_only,
            )
            deadline = now + desk.rules.order_deadline
            desk.ask_gateway(PlaceOrder(order, desk.context.fence, deadline))
        self._tell_of_repair(position, intents, step)
        return position

    def _turn(self, position: Position, turn: Turn, reason: str) -> Position:
        now, rules = self._now(), self._desk.rules
        cooldown = None
        if turn is Turn.GIVEN_UP:
            cooldown = (now + rules.failed_open_cooldown, reason)
        elif turn is Turn.FAILED:
            _, why = self._desk.records.cooldowns.get(position.pair.key, (now, reason))
            cooldown = (now + rules.failed_open_cooldown, why)
        turned = states.turned(position, turn, reason, now)
        position = self._desk.records.write(turned, cooldown=cooldown)
        key = position.id
        match turn:
            case Turn.OPENED:
                self._event("position.opened", Severity.INFO, f"{key} is open", position)
            case Turn.GIVEN_UP:
                text = f"{key} is unwound: {reason}"
                self._event("position.repairing", Severity.ALARM, text, position)
            case Turn.CLOSED:
                result = states.cash_result(position)
                text = f"{key} is closed: {result:+.4f} from prices and fees, without funding"
                self._event("position.closed", Severity.INFO, text, position)
            case Turn.FAILED:
                result = states.cash_result(position)
                text = f"{key} could not be opened, which made {result:+.4f}"
                self._event("position.open_failed", Severity.WARNING, text, position)
        return position

    def _look_up(self, position: Position, client_id: str, inquiry: Inquiry) -> None:
        inquiry = inquiry.ask(self._desk.rules, self._now())
        self._inquiries[client_id] = inquiry
        self._desk.ask_gateway(LookUpOrder(client_id))
        if inquiry.refusal or inquiry.asked not in (2, ALARM_FROM_QUESTION):
            return
        naked = abs(Legs.of(position).delta) >= position.pair.step
        alarm = naked or inquiry.asked >= ALARM_FROM_QUESTION
        self._event(
            "position.unknown_order",
            Severity.ALARM if alarm else Severity.WARNING,
            f"{position.id}: what became of {client_id} is still not known",
            position,
        )

    def _ask_now(self, client_id: str, refusal: str = "") -> None:
        found = self._desk.records.find(client_id)
        if found is None or found[1].status.is_final:
            return
        position = found[0]
        inquiry = self._inquiry(client_id)
        if refusal:
            inquiry = inquiry.refused(refusal, self._now())
        self._look_up(position, client_id, inquiry)
        self.advance(position)

    def _ask_books(self, position: Position) -> None:
        if position.id in self._books:
            return
        self._book_requests += 1
        request_id = f"books {self._desk.context.epoch}-{self._book_requests}"
        until = self._now() + self._desk.rules.answer_timeout
        self._books[position.id] = _BooksAsked(request_id, until)
        pair = position.pair
        self._desk.ask_gateway(FetchDepth(request_id, (pair.long, pair.short)))

    def _set_timer(self, position: Position, step: Step) -> None:
        """Wake up when the first thing is due: a question, the end of a pause, missing books."""
        due = [self._inquiry(client_id).next_at for client_id in unresolved(position)]
        if step.wait_until is not None:
            due.append(step.wait_until)
        if position.id in self._books:
            due.append(self._books[position.id].until)
        key = f"wake {position.id}"
        if due:
            self._desk.context.after(key, min(due) - self._now(), Wake(position.id))
        else:
            self._desk.context.cancel(key)

    def _inquiry(self, client_id: str) -> Inquiry:
        """The order's inquiry; after a crash a new one that begins at once."""
        if client_id not in self._inquiries:
            self._inquiries[client_id] = Inquiry(self._now())
        return self._inquiries[client_id]

    def _forget(self, position: Position) -> None:
        self._desk.context.cancel(f"wake {position.id}")
        self._urgent.discard(position.id)
        self.problems.pop(position.id, None)

    def _tell_of_repair(self, position: Position, intents: tuple[Intent, ...], step: Step) -> None:
        text = f"{position.id}: {step.reason}"
        actions = {intent.action for intent in intents}
        if step.failures + 1 >= self._desk.rules.alarm_from_attempt:
            text += f" (try {step.failures + 1} in a row)"
            self._event("position.repairing", Severity.ALARM, text, position)
        elif OrderAction.UNWIND in actions:
            self._event("position.repairing", Severity.ALARM, text, position)
        elif OrderAction.TOP_UP in actions:
            self._event("position.repairing", Severity.WARNING, text, position)

    def _event(self, kind: str, severity: Severity, text: str, position: Position) -> None:
        self._desk.voice.event(kind, severity, text, states.figures(position))

    def _now(self) -> datetime:
        return self._desk.context.now()
