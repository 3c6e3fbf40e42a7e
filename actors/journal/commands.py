"""Which commands there are, what each needs, and which may be told a second time."""

from collections.abc import Sequence
from dataclasses import dataclass

from actors.journal.messages import SubmitCommand
from actors.runtime import Rejected
from actors.store import CommandRecord

RESTART_ACTOR = "restart-actor"
RESEND_LETTER = "resend-letter"
DROP_LETTER = "drop-letter"

LONGEST = 200
"""Characters of a key, an argument or a sender."""


@dataclass(frozen=True, slots=True)
class CommandKind:
    needs: str = ""
    """What the argument has to be, in words; empty = the argument is free text or nothing."""
    repeatable: bool = True
    """Does no harm when told again after a restart: it names a state, not a step."""


KINDS = {
    "start": CommandKind(),
    "stop": CommandKind(),
    "restart": CommandKind(),
    "pause": CommandKind(),
    "resume": CommandKind(),
    "emergency-stop": CommandKind(),
    "clear-emergency": CommandKind(),
    "close-position": CommandKind(needs="the position's id"),
    RESTART_ACTOR: CommandKind(needs="the actor's address", repeatable=False),
    RESEND_LETTER: CommandKind(needs="the number of the dead letter", repeatable=False),
    DROP_LETTER: CommandKind(needs="the number of the dead letter", repeatable=False),
}


def check(command: SubmitCommand) -> None:
    """Pass a command that can be meant. Raises Rejected: unknown_command, invalid_argument."""
    kind = KINDS.get(command.name)
    if kind is None:
        raise Rejected(
            "unknown_command",
            f"there is no command {command.name!r:.60}; known: {', '.join(KINDS)}",
        )
    if not command.idempotency_key:
        raise Rejected("invalid_argument", "a command needs an idempotency key")
    for text in (command.idempotency_key, command.argument, command.who):
        if len(text) > LONGEST:
            raise Rejected("invalid_argument", f"longer than {LONGEST} characters: {text[:40]}...")
    if kind.needs and not command.argument:
        raise Rejected("invalid_argument", f"{command.name} needs {kind.needs}")
    if command.name in (RESEND_LETTER, DROP_LETTER) and not command.argument.isdecimal():
        raise Rejected("invalid_argument", f"{command.name} needs {kind.needs}, a whole number")


def check_same(command: SubmitCommand, record: CommandRecord) -> None:
    """Pass a command that is the one on record. Raises Rejected: key_reused."""
    if (command.name, command.argument) != (record.name, record.argument):
        raise Rejected(
            "key_reused",
            f"the idempotency key was used for {described(record)}; take a new one",
        )


def to_tell_again(pending: Sequence[CommandRecord], last_finished: int) -> list[CommandRecord]:
    """Which of the commands that a restart found without an outcome are told once more.

    Not those that are steps rather than states, and not those after which a later one has an
    outcome already: a lost ``start`` must not undo the ``stop`` that followed it.
    """
    repeatable = {name for name, kind in KINDS.items() if kind.repeatable}
    return [one for one in pending if one.name in repeatable and one.id > last_finished]


def described(record: CommandRecord) -> str:
    return f"{record.name} {record.argument}".rstrip()
