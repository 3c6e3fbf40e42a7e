"""Whatever goes wrong in a command, as one message to a person and one exit code."""

import traceback

from actors.cli.exit_codes import ExitCode


class CommandFailed(Exception):
    """A command could not do what was asked; ``str()`` says why and what to do."""

    def __init__(self, code: ExitCode, message: str) -> None:
        super().__init__(message)
        self.code = code


def explained(error: Exception, *, debug: bool) -> tuple[ExitCode, str]:
    """The exit code and the text for an error that reached the top."""
    code, text = _explained(error)
    if debug:
        text = "".join(traceback.format_exception(error)) + text
    return code, text


def _explained(error: Exception) -> tuple[ExitCode, str]:
    # Imported here: a command that goes well does not wait for what only its failures need.
    from actors.config.problems import SettingsError
    from actors.store import StoreError
    from actors.venues.replay import RecordingError

    match error:
        case CommandFailed():
            return error.code, str(error)
        case SettingsError(problems=problems):
            lines = "\n".join(f"  {problem}" for problem in problems)
            count = "a problem" if len(problems) == 1 else f"{len(problems)} problems"
            return ExitCode.USAGE, f"The settings have {count}:\n{lines}"
        case StoreError():
            return ExitCode.STORE, f"The store cannot be used: {error}"
        case RecordingError():
            return ExitCode.DATA, f"The recorded market cannot be used: {error}"
        case OSError():
            return ExitCode.UNEXPECTED, f"The system refused: {error}"
        case _:
            what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
            hint = "This is a fault of the program. perpcarry --debug COMMAND shows where."
            return ExitCode.UNEXPECTED, f"Unexpected: {what}\n{hint}"
