"""What both policies did on the bundled market: runs, verifies the books, prints the tables.

    python -m tests.evidence.tables FOLDER

writes the tables of docs/evidence.md. Each run's books stay in FOLDER as a SQLite database; books
that are there already are not made again, but verified all the same.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from actors.domain.exact import ZERO
from actors.domain.results import Figure
from tests.evidence.books import Outcome, Stay

ROOT = Path(__file__).parents[2]
POLICIES = ("carry", "threshold")
MARGIN = Decimal("1.5")
"""Capital a position ties up, in notionals of one leg: the spot, and the short's margin at 2x."""
HARDLY_ANY = Decimal("0.01")
"""Share of the account below which a return on what was held means nothing."""


@dataclass(frozen=True, slots=True)
class Span:
    title: str
    begin: str
    end: str

    def books(self, folder: Path, policy: str) -> Path:
        return folder / f"{self.begin}-{policy}.db"


SPANS = (
    Span("The lean year", "2025-01-01", "2026-01-01"),
    Span("Four months with rich weeks", "2024-09-01", "2025-01-01"),
)


def run(span: Span, policy: str, books: Path) -> None:
    """One run of the command, as a person would start it. Raises CalledProcessError."""
    _perpcarry(
        books,
        *("run", "--speed", "max", "--no-dashboard", "--from", span.begin, "--until", span.end),
        *("--set", f"trading.policy={policy}"),
    )


def verify(books: Path) -> None:
    """Raises CalledProcessError unless every figure agrees to the last digit."""
    _perpcarry(books, "verify-ledger")


def report(folder: Path, spans: Iterable[Span] = SPANS) -> Iterator[str]:
    """The tables, line by line."""
    for span in spans:
        outcomes = {}
        for policy in POLICIES:
            books = span.books(folder, policy)
            if not books.exists():
                _timed(f"{policy} from {span.begin} to {span.end}", run, span, policy, books)
            _timed(f"verifying {books.name}", verify, books)
            outcomes[policy] = Outcome.read(books)
        yield f"### {span.title}: {span.begin} to {span.end}"
        yield ""
        yield from _totals(outcomes)
        yield ""
        yield from _pairs(outcomes)
        yield ""
        for policy, outcome in outcomes.items():
            yield from _stays(policy, outcome)
            yield ""


def _totals(outcomes: dict[str, Outcome]) -> Iterator[str]:
    yield "| USDT, on an account of 100,000 | " + " | ".join(outcomes) + " |"
    yield "| --- " + "| ---: " * len(outcomes) + "|"
    for name, cell in ROWS.items():
        yield f"| {name} | " + " | ".join(cell(one) for one in outcomes.values()) + " |"


ROWS: dict[str, Callable[[Outcome], str]] = {
    "**net of all costs paid**": lambda one: f"**{_usdt(one.net)}**",
    "funding": lambda one: _usdt(_sum(one.stays, lambda stay: stay.pnl.funding)),
    "fees": lambda one: _usdt(_sum(one.stays, lambda stay: stay.pnl.fees)),
    "basis (price results of both legs, with spread and slippage)": lambda one: _usdt(
        _sum(one.stays, lambda stay: stay.pnl.price)
    ),
    "fees still to come, to leave what is held at the end": lambda one: _usdt(one.still_to_pay),
    "**net, those paid too**": lambda one: f"**{_usdt(one.net + one.still_to_pay)}**",
    "round trips finished": lambda one: str(len(one.finished)),
    "of them won": lambda one: str(sum(1 for stay in one.finished if stay.pnl.net > 0)),
    "positions held at the end": lambda one: str(len(one.held)),
    "largest drawdown of the hourly equity": lambda one: _share(one.analytics.max_drawdown, 2),
    "notional held, of one leg, mean over the span": lambda one: f"{one.mean_notional:,.0f}",
    "return on the account": lambda one: _percent(one.net / one.capital),
    "the same a year, simple": lambda one: _percent(one.a_year(one.net, one.capital)),
    "a year, on what the positions tied up": lambda one: (
        _percent(one.a_year(one.net, MARGIN * one.mean_notional))
        if one.mean_notional > HARDLY_ANY * one.capital
        else "n/a: next to nothing was held"
    ),
}
"""Each row's name, and how its cells come about."""


def _pairs(outcomes: dict[str, Outcome]) -> Iterator[str]:
    columns = "net | funding | fees | basis | entries"
    heads = " | ".join(f"{policy}: {columns}" for policy in outcomes)
    yield f"| Pair | {heads} |"
    yield "| --- " + "| ---: " * 5 * len(outcomes) + "|"
    pairs = sorted({stay.pair_key for one in outcomes.values() for stay in one.stays})
    for pair in pairs:
        cells = [_pair_cells(pair, one.stays) for one in outcomes.values()]
        yield f"| {pair.removesuffix('-USDT')} | {' | '.join(cells)} |"


def _pair_cells(pair: str, stays: Iterable[Stay]) -> str:
    own = [stay for stay in stays if stay.pair_key == pair]
    if not own:
        return " | ".join("-" * 5)
    figures = [
        _usdt(_sum(own, lambda stay: stay.pnl.net)),
        _usdt(_sum(own, lambda stay: stay.pnl.funding)),
        _usdt(_sum(own, lambda stay: stay.pnl.fees)),
        _usdt(_sum(own, lambda stay: stay.pnl.price)),
    ]
    return " | ".join([*figures, str(len(own))])


def _stays(policy: str, outcome: Outcome) -> Iterator[str]:
    yield f"Positions of `{policy}`:"
    yield ""
    yield "| Pair | from (UTC) | to | notional | net | funding | fees | basis |"
    yield "| --- | --- | --- " + "| ---: " * 5 + "|"
    for one in outcome.stays:
        left = "held" if one.left_at is None else f"{one.left_at:%Y-%m-%d}"
        cells = [_usdt(x) for x in (one.pnl.net, one.pnl.funding, one.pnl.fees, one.pnl.price)]
        yield (
            f"| {one.pair_key.removesuffix('-USDT')} | {one.entered_at:%Y-%m-%d} | {left} "
            f"| {one.notional:,.0f} | {' | '.join(cells)} |"
        )


def _perpcarry(books: Path, *arguments: str) -> None:
    """Beside the books and without an environment, so that nobody's settings have a say."""
    subprocess.run(
        [sys.executable, "-m", "actors", *arguments, "--store", f"sqlite:///{books.resolve()}"],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd=books.parent,
        env={"PYTHONPATH": str(ROOT)},
    )


def _timed(what: str, act: Callable[..., None], *arguments: object) -> None:
    began = time.perf_counter()
    act(*arguments)
    took = timedelta(seconds=round(time.perf_counter() - began))
    print(f"{what}: {took}", file=sys.stderr)


def _sum(stays: Iterable[Stay], of: Callable[[Stay], Decimal]) -> Decimal:
    return sum((of(one) for one in stays), ZERO)


def _usdt(amount: Decimal) -> str:
    text = f"{amount:+,.2f}"
    return "0.00" if amount.quantize(Decimal("0.01")) == 0 else text


def _percent(fraction: Decimal | None) -> str:
    return "n/a" if fraction is None else f"{100 * fraction:+.2f} %"


def _share(figure: Figure, digits: int) -> str:
    return "n/a" if figure.value is None else f"{100 * figure.value:.{digits}f} %"


if __name__ == "__main__":
    where = Path(sys.argv[1])
    where.mkdir(parents=True, exist_ok=True)
    for line in report(where):
        print(line, flush=True)
