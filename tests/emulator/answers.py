"""The envelope of every answer, and the refusals that go in it."""

from tests.emulator.numbers import Json
from tests.emulator.routing import Query


class Refused(Exception):
    """Answered with a code of Bybit's (``retCode``) instead of a result."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"{code} {message}")
        self.code = code
        self.message = message


def envelope(now_ms: int, result: Json, code: int = 0, message: str = "OK") -> Json:
    return {
        "retCode": code,
        "retMsg": message,
        "result": result,
        "retExtInfo": {},
        "time": now_ms,
    }


def page(rows: list[Json], query: Query, default: int, most: int) -> tuple[list[Json], str]:
    """The rows of one page, newest first as given, and the cursor of the next ("" after the last).

    Raises `Refused` for a limit or a cursor that is no number.
    """
    try:
        size = min(max(int(query.get("limit") or default), 1), most)
        start = int((query.get("cursor") or "0").split(":")[0])
    except ValueError:
        raise Refused(10001, "params error: limit or cursor invalid") from None
    end = start + size
    return rows[start:end], f"{end}:{size}" if end < len(rows) else ""
