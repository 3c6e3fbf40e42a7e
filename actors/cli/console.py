"""Output: tables and colour on a terminal, plain aligned text into a pipe."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

_WIDE = 1_000
"""Columns of a pipe: lines are not broken there."""


def console(*, errors: bool = False) -> "Console":
    """Of standard output, or of standard error."""
    from rich.console import Console

    found = Console(stderr=errors, highlight=False, markup=False, emoji=False)
    if not found.is_terminal:
        found = Console(
            stderr=errors, highlight=False, markup=False, emoji=False, width=_WIDE, soft_wrap=True
        )
    return found


def print_table(
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    title: str = "",
    numbers: Iterable[str] = (),
    if_empty: str = "none",
) -> None:
    """A table with its title above; ``numbers`` names the columns that are aligned right."""
    from rich import box
    from rich.table import Table

    out = console()
    if title:
        out.print(title, style="bold")
    lines = list(rows)
    if not lines:
        out.print(f"  {if_empty}", style="dim")
        out.print()
        return
    shape = box.SIMPLE_HEAD if out.is_terminal else None
    table = Table(box=shape, pad_edge=False, show_edge=False, header_style="bold")
    for column in columns:
        table.add_column(
            column,
            justify="right" if column in set(numbers) else "left",
            no_wrap=not out.is_terminal,
        )
    for line in lines:
        table.add_row(*line)
    out.print(table)
    out.print()
