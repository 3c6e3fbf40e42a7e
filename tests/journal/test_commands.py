"""Which commands can be meant, and which are told again."""

from datetime import UTC, datetime

import pytest

from actors.journal.commands import KINDS, check, check_same, to_tell_again
from actors.journal.messages import SubmitCommand
from actors.orchestrator.commands import COMMANDS
from actors.runtime import Rejected
from actors.store import CommandRecord


def submit(name: str, argument: str = "", key: str = "k", who: str = "anna") -> SubmitCommand:
    return SubmitCommand(key, name, argument, who)


def record(id: int, name: str, argument: str = "") -> CommandRecord:
    return CommandRecord(id, f"k{id}", name, argument, "anna", datetime(2025, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    "command",
    [
        submit("stop"),
        submit("emergency-stop", "I do not like this"),
        submit("close-position", "BTC-USDT#3"),
        submit("restart-actor", "root/market"),
        submit("resend-letter", "17"),
        submit("drop-letter", "17"),
    ],
)
def test_what_can_be_meant_passes(command: SubmitCommand) -> None:
    check(command)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (submit("dance"), "unknown_command"),
        (submit(""), "unknown_command"),
        (submit("x" * 10_000), "unknown_command"),
        (submit("stop", key=""), "invalid_argument"),
        (submit("stop", key="k" * 201), "invalid_argument"),
        (submit("stop", who="k" * 201), "invalid_argument"),
        (submit("close-position"), "invalid_argument"),
        (submit("close-position", "x" * 201), "invalid_argument"),
        (submit("restart-actor"), "invalid_argument"),
        (submit("resend-letter", "first"), "invalid_argument"),
        (submit("resend-letter", "-1"), "invalid_argument"),
        (submit("drop-letter", "last"), "invalid_argument"),
    ],
)
def test_what_cannot_is_rejected(command: SubmitCommand, code: str) -> None:
    with pytest.raises(Rejected) as caught:
        check(command)
    assert caught.value.code == code
    assert len(caught.value.reason) < 400


def test_a_key_stands_for_one_command() -> None:
    check_same(submit("close-position", "a"), record(1, "close-position", "a"))
    for other in (submit("close-position", "b"), submit("stop", "a")):
        with pytest.raises(Rejected, match="key_reused"):
            check_same(other, record(1, "close-position", "a"))


def test_steps_are_not_told_again_and_nothing_overtakes() -> None:
    pending = [record(1, "start"), record(3, "stop"), record(4, "restart-actor", "root/pnl")]
    pending += [record(5, "resend-letter", "1"), record(6, "pause"), record(7, "long forgotten")]
    assert [one.id for one in to_tell_again(pending, last_finished=0)] == [1, 3, 6]
    assert [one.id for one in to_tell_again(pending, last_finished=2)] == [3, 6]


def test_the_orchestrator_and_the_journal_know_the_same_commands() -> None:
    assert set(COMMANDS) == set(KINDS) - {"restart-actor", "resend-letter", "drop-letter"}
    for make in COMMANDS.values():
        assert make(7, "x").command_id == 7
