"""How a dataclass looks as JSON: one description, used by the writer and by the schema."""

import ast
import inspect
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache
from itertools import pairwise
from typing import Any, get_args, get_origin, get_type_hints

from actors.domain.costs import ClosingCost
from actors.domain.decisions import RoundTrip
from actors.domain.funding import FundingPrint, FundingRate
from actors.domain.instruments import Pair
from actors.domain.ledger import EquityPoint
from actors.domain.market import Ticker
from actors.domain.results import PnlSplit

COMPUTED: dict[type, tuple[str, ...]] = {
    ClosingCost: ("total",),
    FundingPrint: ("rate_8h",),
    FundingRate: ("rate_8h",),
    Pair: ("key", "step"),
    PnlSplit: ("price", "fees", "net"),
    RoundTrip: ("total",),
    Ticker: ("mid", "spread_bp"),
}
"""Properties that are written like fields: a reader need not know how they are computed."""
LEFT_OUT: dict[type, frozenset[str]] = {EquityPoint: frozenset({"marks"})}
"""Fields that would outweigh all the rest: an equity point's prices serve its verification."""


@dataclass(frozen=True, slots=True)
class Part:
    """One member of the JSON object."""

    name: str
    hint: Any
    is_map: bool
    """Pairs of a text and a value, which are written as an object."""
    description: str = ""


@cache
def parts_of(kind: type) -> tuple[Part, ...]:
    """The members of a dataclass's JSON object, in order."""
    hints = get_type_hints(kind)
    described = _docstrings(kind)
    left_out = LEFT_OUT.get(kind, frozenset())
    names = [field.name for field in fields(kind) if field.name not in left_out]
    parts = [(name, hints[name]) for name in names]
    parts += [
        (name, get_type_hints(getattr(kind, name).fget)["return"])
        for name in COMPUTED.get(kind, ())
    ]
    return tuple(Part(name, hint, is_map(hint), described.get(name, "")) for name, hint in parts)


def is_map(hint: Any) -> bool:
    """Whether a type is ``tuple[tuple[str, X], ...]``, the frozen form of a mapping."""
    items = get_args(hint)
    if get_origin(hint) is not tuple or len(items) != 2 or items[1] is not Ellipsis:
        return False
    pair = get_args(items[0])
    return get_origin(items[0]) is tuple and len(pair) == 2 and pair[0] is str


def _docstrings(kind: type) -> dict[str, str]:
    """The docstrings under the fields, which say units and signs; none without the source."""
    try:
        source = textwrap.dedent(inspect.getsource(kind))
    except (OSError, TypeError):
        return {}
    (definition,) = ast.parse(source).body
    found: dict[str, str] = {}
    body: Sequence[ast.stmt] = getattr(definition, "body", ())
    for before, after in pairwise(body):
        match before, after:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                found[name] = inspect.cleandoc(text)
            case _:
                pass
    return found
