"""Queries that make no sense are refused."""

from actors.runtime import Rejected


def at_least(minimum: int, **figures: int) -> None:
    """Raises Rejected (code ``invalid_query``) for a figure below ``minimum``."""
    for name, figure in figures.items():
        if figure < minimum:
            raise Rejected("invalid_query", f"{name} has to be {minimum} or more, not {figure}")
