"""The bot's states and what each command does in each of them. Pure: no message is sent here."""

from dataclasses import dataclass
from enum import StrEnum

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
from actors.runtime import Rejected

S = BotState


class Do(StrEnum):
    """What the actor has to set going with a transition."""

    NOTHING = "nothing"
    RECONCILE = "reconcile"
    CLOSE_ALL = "close_all"
    CLOSE_ALL_NOW = "close_all_now"


@dataclass(frozen=True, slots=True)
class Transition:
    state: BotState
    then: BotState
    """Where STARTING leads once reconciled; else the state itself."""
    do: Do
    text: str


def after(state: BotState, then: BotState, command: Command, *, flat: bool) -> Transition:
    """Where a command leads. ``flat``: nothing is held and no order is under way.

    Raises Rejected (halted, stopping, not_running) where the command cannot be meant.
    """
    match command:
        case EmergencyStop(reason):
            text = "emergency stop: everything is being closed at market" + _because(reason)
            return Transition(S.HALTED, S.HALTED, Do.CLOSE_ALL_NOW, text)
        case ClearEmergency():
            return _clear(state, flat=flat)
        case Start() | Restart() if state is S.HALTED:
            raise Rejected("halted", "the emergency latch is set; clear it first")
        case Start() | Restart() | Pause() | Resume() if state is S.STOPPING:
            raise Rejected("stopping", "everything is being closed; wait until it has stopped")
        case Start() if state in (S.RUNNING, S.PAUSED, S.STARTING):
            return Transition(state, then, Do.NOTHING, f"already {state.value}")
        case Start():
            return Transition(S.STARTING, S.RUNNING, Do.RECONCILE, "starting: reconciling first")
        case Restart():
            back_to = S.PAUSED if S.PAUSED in (state, then) else S.RUNNING
            text = "restarting: the loop re-enters once reconciled"
            return Transition(S.STARTING, back_to, Do.RECONCILE, text)
        case Pause():
            return _pause(state)
        case Resume():
            return _resume(state)
        case Stop():
            return _stop(state, flat=flat)
    raise Rejected("unknown_command", f"{type(command).__name__} is not a change of state")


def _clear(state: BotState, *, flat: bool) -> Transition:
    if state is not S.HALTED:
        raise Rejected("not_halted", f"there is no emergency to clear: the bot is {state.value}")
    if not flat:
        raise Rejected("closing", "positions are still being closed; clear it when all are flat")
    return Transition(S.STOPPED, S.STOPPED, Do.NOTHING, "the emergency is cleared; now stopped")


def _pause(state: BotState) -> Transition:
    if state is S.STARTING:
        return Transition(S.STARTING, S.PAUSED, Do.NOTHING, "will be paused once reconciled")
    if state in (S.RUNNING, S.PAUSED):
        return Transition(S.PAUSED, S.PAUSED, Do.NOTHING, "paused: positions are kept, none opened")
    raise Rejected("not_running", f"the bot is {state.value}: there is nothing to pause")


def _resume(state: BotState) -> Transition:
    if state is S.STARTING:
        return Transition(S.STARTING, S.RUNNING, Do.NOTHING, "will run once reconciled")
    if state in (S.RUNNING, S.PAUSED):
        return Transition(S.RUNNING, S.RUNNING, Do.NOTHING, "running")
    raise Rejected("not_running", f"the bot is {state.value}: start it instead")


def _stop(state: BotState, *, flat: bool) -> Transition:
    if state is S.HALTED:
        raise Rejected("halted", "already closing everything by the emergency stop")
    if state is S.STOPPED or flat:
        return Transition(S.STOPPED, S.STOPPED, Do.NOTHING, "stopped: nothing is held")
    return Transition(S.STOPPING, S.STOPPING, Do.CLOSE_ALL, "stopping: closing all positions")


def _because(reason: str) -> str:
    return f" ({reason})" if reason else ""
