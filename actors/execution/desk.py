"""What the parts of execution share."""

from dataclasses import dataclass

from actors.execution.records import Records
from actors.execution.rules import Rules
from actors.execution.voice import Voice
from actors.runtime import Address, Context


@dataclass(slots=True)
class Desk:
    """One incarnation's tools. Only ``rules`` changes: with the terms last heard of."""

    context: Context
    gateway: Address
    records: Records
    voice: Voice
    rules: Rules

    def ask_gateway(self, question: object) -> None:
        """The answer comes to this actor as a message."""
        self.gateway.tell(question, reply_to=self.context.address)
