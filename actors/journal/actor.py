"""The journal: on disk first, then told to whom it concerns."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from actors.journal import commands
from actors.journal.commands import DROP_LETTER, RESEND_LETTER, RESTART_ACTOR
from actors.journal.messages import (
    CommandAccepted,
    CommandOutcome,
    Event,
    EventRecorded,
    EventsRead,
    GetCommand,
    GetStoreHealth,
    ReadEvents,
    RecordEvent,
    Severity,
    SubmitCommand,
)
from actors.runtime import (
    Actor,
    Address,
    ChildStarted,
    DeadLetterOffice,
    MailboxFull,
    Refused,
    Rejected,
    RestartChild,
)
from actors.store import (
    CommandRecord,
    CommandStatus,
    EventRecord,
    Store,
    StoreError,
    StoreHealth,
    Transaction,
)

LONGEST_TEXT = 2_000
LONGEST_DETAIL = 20_000
MOST_EVENTS = 1_000
"""In one answer."""

LOST = "not known whether it was done: the journal restarted before the answer; look, and repeat it"


@dataclass(frozen=True, slots=True)
class Target:
    """Who does a command, and the message that says it: (command id, argument) -> message.

    The answer has to be a CommandOutcome with that id; a refusal is a Refused with the message,
    which has to have the id as ``command_id``.
    """

    address: Address
    message: Callable[[int, str], object]


class JournalActor(Actor):
    """Accepts commands and sees them through; records events. All its state is on disk."""

    def __init__(
        self,
        store: Store,
        views: Address,
        targets: Mapping[str, Target],
        supervisor_of: Callable[[str], Address | None],
        letters: DeadLetterOffice,
    ) -> None:
        """``supervisor_of`` an actor's address is None where no actor is."""
        self._store = store
        self._views = views
        self._targets = targets
        self._supervisor_of = supervisor_of
        self._letters = letters

    def started(self) -> None:
        with self._store.transaction(self.context.fence) as tx:
            pending = tx.commands.pending()
            again = commands.to_tell_again(pending, tx.commands.last_finished(tuple(self._targets)))
        for record in pending:
            if record in again:
                self._do(record)
            elif record.name == RESTART_ACTOR and record.argument == self.context.address.name:
                self._finish(record.id, CommandStatus.DONE, f"{record.argument} was restarted")
            else:
                self._finish(record.id, CommandStatus.REFUSED, LOST)

    def receive(self, message: Any) -> None:
        match message:
            case RecordEvent(event):
                self._record(event)
            case ReadEvents(before_seq, limit):
                self.context.reply(self._events(before_seq, limit))
            case SubmitCommand():
                self._submit(message)
            case GetCommand(command_id):
                self.context.reply(self._command(command_id))
            case GetStoreHealth():
                self.context.reply(self._health())
            case ChildStarted(name):
                self._restarted(name)
            case Refused(question, code, reason):
                self._refused(question, f"{code}: {reason}")
            case CommandOutcome(command_id=command_id, text=text):
                self._finish(command_id, CommandStatus.DONE, text)

    # --- commands ---

    def _submit(self, command: SubmitCommand) -> None:
        commands.check(command)
        if command.name not in (*self._targets, RESTART_ACTOR, RESEND_LETTER, DROP_LETTER):
            raise Rejected("unknown_command", f"nobody here does {command.name}")
        key, name, argument, who = (
            command.idempotency_key,
            command.name,
            command.argument,
            command.who,
        )
        event: EventRecorded | None = None
        with self._store.transaction(self.context.fence) as tx:
            record, is_new = tx.commands.accept(key, name, argument, who, self.context.now())
            if is_new:
                severity = Severity.WARNING if name == "emergency-stop" else Severity.INFO
                event = self._append(tx, "command.accepted", severity, record, "")
        if not is_new:
            commands.check_same(command, record)
        self.context.reply(_answer(record, repeated=not is_new))
        if event is not None:
            self._show(event)
            self._do(record)

    def _do(self, record: CommandRecord) -> None:
        """Tell it to whom it concerns. Whatever goes wrong on the way is its outcome."""
        try:
            match record.name:
                case commands.RESTART_ACTOR:
                    self._restart(record)
                case commands.RESEND_LETTER:
                    again = "sent again; should it fail once more, it comes back with a new number"
                    self._with_letter(record, self._letters.resend, again)
                case commands.DROP_LETTER:
                    self._with_letter(record, self._letters.drop, "dropped")
                case name:
                    target = self._targets[name]
                    message = target.message(record.id, record.argument)
                    target.address.tell(message, reply_to=self.context.address)
        except MailboxFull as full:
            self._finish(record.id, CommandStatus.REFUSED, f"busy: {full}; try again")

    def _with_letter(self, record: CommandRecord, do: Callable[[int], None], done: str) -> None:
        try:
            do(int(record.argument))
        except KeyError:
            gone = f"there is no dead letter {record.argument}; it may have been dealt with already"
            self._finish(record.id, CommandStatus.REFUSED, f"no_such_letter: {gone}")
        else:
            self._finish(record.id, CommandStatus.DONE, done)

    def _restart(self, record: CommandRecord) -> None:
        supervisor = self._supervisor_of(record.argument)
        if supervisor is None:
            nobody = f"there is no actor {record.argument} under a supervisor"
            self._finish(record.id, CommandStatus.REFUSED, f"no_such_actor: {nobody}")
        else:
            supervisor.tell(RestartChild(record.argument), reply_to=self.context.address)

    def _restarted(self, name: str) -> None:
        """A supervisor's answer names the child by the last part of its address alone."""
        for record in self._pending_restarts():
            if record.argument.rpartition("/")[2] == name:
                self._finish(record.id, CommandStatus.DONE, f"{record.argument} was restarted")

    def _refused(self, question: object, reason: str) -> None:
        if isinstance(question, RestartChild):
            for record in self._pending_restarts():
                if record.argument == question.name:
                    self._finish(record.id, CommandStatus.REFUSED, reason)
        else:
            command_id = getattr(question, "command_id", None)
            if isinstance(command_id, int):
                self._finish(command_id, CommandStatus.REFUSED, reason)

    def _pending_restarts(self) -> list[CommandRecord]:
        with self._store.reading() as tx:
            return [one for one in tx.commands.pending() if one.name == RESTART_ACTOR]

    def _finish(self, command_id: int, status: CommandStatus, outcome: str) -> None:
        """Write the outcome, unless there is one: answers may come twice."""
        with self._store.transaction(self.context.fence) as tx:
            record = tx.commands.get(command_id)
            if record is None or record.status is not CommandStatus.ACCEPTED:
                return
            tx.commands.finish(command_id, status, outcome, self.context.now())
            severity = Severity.INFO if status is CommandStatus.DONE else Severity.WARNING
            event = self._append(tx, f"command.{status}", severity, record, outcome)
        self._show(event)

    def _command(self, command_id: int) -> CommandAccepted:
        with self._store.reading() as tx:
            record = tx.commands.get(command_id)
        if record is None:
            raise Rejected("no_such_command", f"there is no command {command_id}")
        return _answer(record, repeated=False)

    def _health(self) -> StoreHealth:
        try:
            return self._store.health()
        except (
            StoreError
        ) as error:  # whoever wants to know how it fares should not stop the journal
            raise Rejected("store_failed", str(error)) from error

    # --- events ---

    def _record(self, event: Event) -> None:
        event = replace(event, text=event.text[:LONGEST_TEXT], detail=event.detail[:LONGEST_DETAIL])
        with self._store.transaction(self.context.fence) as tx:
            (seq,) = tx.events.append([event])
        self._show(EventRecorded(seq, event))

    def _append(
        self, tx: Transaction, kind: str, severity: Severity, record: CommandRecord, outcome: str
    ) -> EventRecorded:
        """What happens to a command is an event too, on disk in the same transaction."""
        text = f"{record.who}: {commands.described(record)}" + (f" - {outcome}" if outcome else "")
        event = Event(
            self.context.now(), kind, severity, self.context.address.name, text[:LONGEST_TEXT]
        )
        (seq,) = tx.events.append([event])
        return EventRecorded(seq, event)

    def _show(self, event: EventRecorded) -> None:
        # Views that do not keep up read the events anew when they are back.
        with suppress(MailboxFull):
            self._views.tell(event)

    def _events(self, before_seq: int | None, limit: int) -> EventsRead:
        with self._store.reading() as tx:
            found = tx.events.read(before_seq, max(1, min(limit, MOST_EVENTS)))
        return EventsRead(tuple(_recorded(one) for one in found))


def _answer(record: CommandRecord, *, repeated: bool) -> CommandAccepted:
    return CommandAccepted(record.id, record.name, repeated, record.status, record.outcome)


def _recorded(one: EventRecord) -> EventRecorded:
    severity = Severity(one.severity)
    event = Event(one.at, one.kind, severity, one.address, one.text, one.detail)
    return EventRecorded(one.seq, event)
