"""People's commands, and the state that the bot is in by them."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from actors.journal.messages import CommandAccepted
from actors.orchestrator.memory import KEY
from actors.orchestrator.messages import BotState
from actors.runtime import Reply
from actors.store import CommandRecord
from tests.simulation.deadlines import Deadlines, Matter
from tests.simulation.promise import BrokenPromise

TO_HOLD_NOTHING = (BotState.STOPPING, BotState.STOPPED, BotState.HALTED)
PASSED_THROUGH = (BotState.STARTING, BotState.STOPPING)


@dataclass(frozen=True, slots=True)
class Asked:
    key: str
    text: str
    reply: Reply[Any]


class People:
    """A command is on disk before its sender hears that it was accepted; it gets an outcome."""

    def __init__(self, deadlines: Deadlines) -> None:
        self.state: BotState | None = None
        """As it is on disk; None before the first start."""
        self.pending: dict[int, CommandRecord] = {}
        """Accepted and without an outcome."""
        self._accepted: dict[str, int] = {}
        self._asked: list[Asked] = []
        self._deadlines = deadlines

    @property
    def is_waiting(self) -> bool:
        """Whether anybody waits for an answer."""
        return bool(self._asked)

    @property
    def is_to_hold_nothing(self) -> bool:
        return self.state in TO_HOLD_NOTHING

    # --- at the edge ---

    def asks(self, key: str, text: str, reply: Reply[Any], now: datetime) -> None:
        asked = Asked(key, text, reply)
        self._asked.append(asked)
        self._deadlines.expect(Matter.ANSWER, asked.text, now)

    def life_lost(self, now: datetime) -> None:
        """An answer cannot survive the process; a command on disk does."""
        for asked in self._asked:
            self._deadlines.done(Matter.ANSWER, asked.text, now)
        self._asked.clear()

    def look_for_answers(self, now: datetime) -> None:
        for asked in [one for one in self._asked if one.reply.done()]:
            self._asked.remove(asked)
            self._deadlines.done(Matter.ANSWER, asked.text, now)
            answer = asked.reply.get(0)
            if not isinstance(answer, CommandAccepted):
                raise BrokenPromise(f"{asked.text} was answered with {answer}")
            if self._accepted.get(asked.key) != answer.command_id:
                raise BrokenPromise(f"{asked.text} is said to be accepted and is not on disk")

    # --- heard from the store ---

    def accepted(self, record: CommandRecord, now: datetime) -> None:
        if record.key in self._accepted:
            raise BrokenPromise(f"{record} was accepted before")
        self._accepted[record.key] = record.id
        self.pending[record.id] = record
        self._deadlines.expect(Matter.COMMAND, _name(record.id), now)

    def finished(self, command_id: int, outcome: str, now: datetime) -> None:
        if self.pending.pop(command_id, None) is None:
            raise BrokenPromise(f"{_name(command_id)} has a second outcome: {outcome}")
        self._deadlines.done(Matter.COMMAND, _name(command_id), now)

    def remembered(self, key: str, text: str, now: datetime) -> None:
        """A durable value: the bot's state is one."""
        if key != KEY:
            return
        self.state = BotState(json.loads(text)["state"])
        for state in PASSED_THROUGH:
            if state is self.state:
                self._deadlines.expect(Matter.PASSAGE, f"the state {state}", now)
            else:
                self._deadlines.done(Matter.PASSAGE, f"the state {state}", now)


def _name(command_id: int) -> str:
    return f"command {command_id}"
