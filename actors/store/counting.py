"""The next number of a ``seq`` column."""

from functools import cache
from typing import Any

from sqlalchemy import Column, Connection, Select, func, select


def next_seq(connection: Connection, column: Column[int]) -> int:
    """One more than the highest so far, starting with 1; safe since there is one writer."""
    highest: int = connection.scalar(_highest(column)) or 0
    return highest + 1


@cache
def _highest(column: Column[int]) -> Select[Any]:
    return select(func.max(column))
