"""The bot's states: what each command does, and that the latch holds."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.orchestrator.lifecycle import Do, after
from actors.orchestrator.messages import (
    BotState,
    ClearEmergency,
    Command,
    EmergencyStop,
    Pause,
    Restart,
    Resume,
    Start,
    Stop,
)
from actors.orchestrator.schedule import next_due
from actors.runtime import Rejected

S = BotState
COMMANDS: list[Command] = [
    Start(),
    Stop(),
    Restart(),
    Pause(),
    Resume(),
    EmergencyStop(),
    ClearEmergency(),
]


def lead(state: BotState, command: Command, *, flat: bool = False) -> tuple[BotState, Do]:
    change = after(state, state, command, flat=flat)
    return change.state, change.do


@pytest.mark.parametrize(
    ("state", "command", "expected"),
    [
        (S.STOPPED, Start(), (S.STARTING, Do.RECONCILE)),
        (S.RUNNING, Start(), (S.RUNNING, Do.NOTHING)),
        (S.RUNNING, Stop(), (S.STOPPING, Do.CLOSE_ALL)),
        (S.PAUSED, Stop(), (S.STOPPING, Do.CLOSE_ALL)),
        (S.RUNNING, Pause(), (S.PAUSED, Do.NOTHING)),
        (S.PAUSED, Resume(), (S.RUNNING, Do.NOTHING)),
        (S.RUNNING, Restart(), (S.STARTING, Do.RECONCILE)),
        (S.STOPPED, Restart(), (S.STARTING, Do.RECONCILE)),
        (S.RUNNING, EmergencyStop(), (S.HALTED, Do.CLOSE_ALL_NOW)),
        (S.STOPPED, EmergencyStop(), (S.HALTED, Do.CLOSE_ALL_NOW)),
        (S.STOPPING, EmergencyStop(), (S.HALTED, Do.CLOSE_ALL_NOW)),
    ],
)
def test_what_a_command_leads_to(
    state: BotState, command: Command, expected: tuple[BotState, Do]
) -> None:
    assert lead(state, command) == expected


def test_a_stop_with_nothing_held_is_at_once() -> None:
    assert lead(S.RUNNING, Stop(), flat=True) == (S.STOPPED, Do.NOTHING)


def test_a_restart_while_paused_stays_paused() -> None:
    assert after(S.PAUSED, S.PAUSED, Restart(), flat=False).then is S.PAUSED
    assert after(S.STARTING, S.PAUSED, Restart(), flat=False).then is S.PAUSED


def test_the_latch_opens_only_by_hand_and_only_when_flat() -> None:
    for command, flat in product(COMMANDS, (True, False)):
        try:
            state, _ = lead(S.HALTED, command, flat=flat)
        except Rejected:
            continue
        released = isinstance(command, ClearEmergency) and flat
        assert state is (S.STOPPED if released else S.HALTED)


def test_a_stop_cannot_be_overtaken_by_a_start() -> None:
    for command in (Start(), Restart(), Pause(), Resume()):
        with pytest.raises(Rejected, match="closed"):
            lead(S.STOPPING, command)


@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_an_answer_in_every_state(state: BotState, command: Command) -> None:
    try:
        answer = after(state, state, command, flat=False).text
    except Rejected as refusal:
        answer = refusal.reason
    assert answer


@given(
    after_epoch=st.timedeltas(timedelta(days=20_000), timedelta(days=21_000)),
    seconds=st.integers(min_value=1, max_value=86_400),
)
def test_the_next_cycle_lies_on_the_grid_and_ahead(after_epoch: timedelta, seconds: int) -> None:
    now = datetime(1970, 1, 1, tzinfo=UTC) + after_epoch
    interval = timedelta(seconds=seconds)
    due = next_due(now, interval)
    assert timedelta(0) < due - now <= interval
    assert next_due(due, interval) == due + interval
    assert next_due(due - timedelta(microseconds=1), interval) == due
