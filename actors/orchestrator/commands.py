"""How a person's word becomes a command."""

from collections.abc import Callable

from actors.orchestrator.messages import (
    ClearEmergency,
    ClosePosition,
    Command,
    EmergencyStop,
    Pause,
    Restart,
    Resume,
    Start,
    Stop,
)

COMMANDS: dict[str, Callable[[int, str], Command]] = {
    "start": lambda command_id, _: Start(command_id),
    "stop": lambda command_id, _: Stop(command_id),
    "restart": lambda command_id, _: Restart(command_id),
    "pause": lambda command_id, _: Pause(command_id),
    "resume": lambda command_id, _: Resume(command_id),
    "emergency-stop": lambda command_id, reason: EmergencyStop(reason, command_id),
    "clear-emergency": lambda command_id, _: ClearEmergency(command_id),
    "close-position": lambda command_id, position_id: ClosePosition(position_id, command_id),
}
"""By name: (the journal's number, the argument) -> the message."""
