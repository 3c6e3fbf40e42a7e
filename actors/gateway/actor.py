"""The gateway: one venue account. It submits every call to the outside and never waits for one."""

from collections import deque
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from actors.gateway import calls
from actors.gateway.calls import Question
from actors.gateway.health import Pulse
from actors.gateway.messages import GetVenueHealth, OrderAnswered, PlaceOrder
from actors.runtime import Actor, Outcome, ReplyTo
from actors.venues.port import Venue


@dataclass(frozen=True, slots=True)
class CallEnded:
    """The outside has answered; told to this gateway by itself."""

    ticket: str
    message: PlaceOrder | Question
    outcome: Outcome[Any]


@dataclass(frozen=True, slots=True)
class Asked:
    message: PlaceOrder | Question
    reply: ReplyTo
    sent_at: datetime | None = None


class GatewayActor(Actor):
    """Answers each message when the venue has. It has no durable state.

    Should it crash, those who asked are refused with the code ``lost``: what became of their call
    is not known. What nobody awaits is not sent. Orders and questions have each a limit on how many
    may be out at once; the others wait here, so questions never hold an order up.
    """

    def __init__(self, venue: Venue, *, most_orders: int = 16, most_questions: int = 8) -> None:
        self._venue = venue
        self._orders = Lane(most_orders)
        self._questions = Lane(most_questions)
        self._out: dict[str, Asked] = {}
        self._pulse = Pulse(venue.name)
        self._tickets = 0

    def receive(self, message: Any) -> None:
        match message:
            case CallEnded(ticket):
                asked = self._out.pop(ticket, None)
                if asked is not None:  # else an earlier incarnation's: its asker knows it is lost
                    self._lane(message.message).out -= 1
                    self._answer(asked, message.outcome)
            case GetVenueHealth():
                waiting = len(self._orders.waiting) + len(self._questions.waiting)
                self.context.reply(self._pulse.health(len(self._out), waiting))
            case _:
                reply = self.context.keep_reply_if_asked()
                if reply is not None:  # else it came again after a crash: its asker was told
                    self._lane(message).waiting.append(Asked(message, reply))
        self._send_waiting()

    def _lane(self, message: PlaceOrder | Question) -> "Lane":
        return self._orders if isinstance(message, PlaceOrder) else self._questions

    def _send_waiting(self) -> None:
        while (asked := self._orders.take()) is not None:
            self._place(asked)
        while (asked := self._questions.take()) is not None:
            self._ask_venue(asked)

    def _place(self, asked: Asked) -> None:
        message = asked.message
        assert isinstance(message, PlaceOrder)
        if message.not_after is not None and self.context.now() > message.not_after:
            self._orders.out -= 1
            late = f"not sent now: it was to be sent until {message.not_after.isoformat()}"
            asked.reply.answer(OrderAnswered(message.order.client_id, reason=late))
            return
        self._submit(asked, calls.place(self._venue, message))

    def _ask_venue(self, asked: Asked) -> None:
        assert not isinstance(asked.message, PlaceOrder)
        self._submit(asked, calls.call(self._venue, asked.message))

    def _submit(self, asked: Asked, operation: Any) -> None:
        self._tickets += 1
        ticket = f"{self.context.epoch}-{self._tickets}"
        self._out[ticket] = replace(asked, sent_at=self.context.now())
        message = asked.message
        self.context.submit(operation, lambda outcome: CallEnded(ticket, message, outcome))

    def _answer(self, asked: Asked, outcome: Outcome[Any]) -> None:
        message, now = asked.message, self.context.now()
        if asked.sent_at is not None:
            self._pulse.ended(outcome, now - asked.sent_at, now)
        if isinstance(message, PlaceOrder):
            asked.reply.answer(calls.order_answer(message, outcome))
        else:
            asked.reply.answer(calls.answer(self._venue, message, outcome, now))


class Lane:
    """Calls of one kind: those that are out, and those that wait for a place."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.out = 0
        self.waiting: deque[Asked] = deque()

    def take(self) -> Asked | None:
        """The next that may go out now, counted as out; None if none may or waits."""
        if self.out >= self.limit or not self.waiting:
            return None
        self.out += 1
        return self.waiting.popleft()
