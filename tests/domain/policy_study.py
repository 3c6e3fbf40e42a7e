"""What the policies would have earned on recorded funding alone, after all costs.

The decisions are the bot's own (`decide`), told at each settlement, with the settled rate for the
predicted one: a recording has no predictions. Prices stand still, so basis and price results are
left out; each pair trades one unit of notional by itself, whatever else is held.

    python -m tests.domain.policy_study actors/venues/sample            # the tables of the docs
    python -m tests.domain.policy_study FOLDER_WITH_OLDER_FUNDING --vary  # one term at a time
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from statistics import mean

import pyarrow.parquet as pq

from actors.domain.costs import round_trip
from actors.domain.decisions import Action, Held
from actors.domain.funding import FundingPrint, FundingRate
from actors.domain.market import PairMarket
from actors.domain.policies import decide
from actors.domain.signals import CarrySignal, updated
from actors.domain.terms import CarryTerms, FeeRates, PolicyName, Terms
from tests.domain.builders import PAIR, PERP, SPOT, ticker

BINANCE = FeeRates(Decimal("0.001"), Decimal("0.0005"), Decimal("2"))
BYBIT = FeeRates(Decimal("0.001"), Decimal("0.00055"), Decimal("2"))
QUOTES = ("99.995", "100.005")
"""A spread of 1 bp on both legs."""
MAJORS = ("BTC", "ETH", "SOL", "DOGE", "ADA", "LINK", "BNB", "ARB")
LATER = ("OP", "ORCA", "ZEC", "1000PEPE", "BCH", "SUI")
ELSEWHERE = ("BTC", "ETH", "WIF")
HEADER = (
    "| Pair | threshold: net | funding | costs | trips "
    "| carry: net | funding | costs | trips | always held | hindsight |"
)
VARIED = {
    "fast_half_life_hours": (24.0, 168.0),
    "slow_half_life_hours": (336.0, 1008.0),
    "reversion_half_life_hours": (120.0, 480.0),
    "horizon_hours": (360.0, 1440.0),
    "entry_margin_round_trips": (0.0, 1.0),
    "exit_margin_round_trips": (0.0, 1.0),
    "min_hold_hours": (24.0, 168.0),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """Fractions of one leg's notional; ``costs`` positive."""

    funding: float = 0.0
    costs: float = 0.0
    round_trips: int = 0
    held_share: float = 0.0
    """Share of the settlements lived through with a position."""

    @property
    def net(self) -> float:
        return self.funding - self.costs


@dataclass(frozen=True, slots=True)
class Row:
    """One pair in one year; fractions of one leg's notional, net of all costs."""

    base: str
    threshold: Outcome
    carry: Outcome
    always: float
    """Entered at the first print, left at the last, whatever the rate did."""
    hindsight: float


def run(prints: Sequence[FundingPrint], terms: Terms, since: datetime, until: datetime) -> Outcome:
    """One pair through ``since <= at < until``; what is held at the end is closed and paid for."""
    cost = _round_trip_cost(terms.fees)
    signal: CarrySignal | None = None
    held: Held | None = None
    funding, trips, lived, seen = Decimal(0), 0, 0, 0
    recent: tuple[FundingPrint, ...] = ()
    for one in prints:
        if one.at >= until:
            break
        signal, recent = updated(signal, one, terms.carry), (*recent[-2:], one)
        if one.at < since:
            continue
        seen += 1
        if held is not None:
            funding += one.rate
            lived += 1
            held = replace(held, settlements=held.settlements + 1)
        rate = FundingRate(one.symbol, one.rate, one.interval_hours, None, one.at, one)
        spot, perp = ticker(SPOT, *QUOTES, as_of=one.at), ticker(PERP, *QUOTES, as_of=one.at)
        now = PairMarket(PAIR, spot, perp, rate, signal, recent)
        action = decide(now, held, terms, one.at).action
        if action is Action.ENTER:
            held, trips = Held("x", Decimal(1), one.at, 0), trips + 1
        elif action is Action.LEAVE:
            held = None
    share = lived / seen if seen else 0.0
    return Outcome(float(funding), trips * cost, trips, share)


def hindsight(
    prints: Iterable[FundingPrint], fees: FeeRates, since: datetime, until: datetime
) -> float:
    """The best net result that any sequence of entries and exits could have had."""
    half = _round_trip_cost(fees) / 2
    flat, holding = 0.0, float("-inf")
    for one in prints:
        if since <= one.at < until:
            holding += float(one.rate)
            flat, holding = max(flat, holding - half), max(holding, flat - half)
    return max(flat, holding - half)


def load(folder: Path, venue: str, bases: Iterable[str]) -> dict[str, list[FundingPrint]]:
    """Settled prints by base coin, oldest first."""
    wanted = {f"{base}/USDT:USDT": base for base in bases}
    rows: dict[str, list[FundingPrint]] = {base: [] for base in bases}
    table = pq.read_table(folder / "funding.parquet", filters=[("venue", "=", venue)])
    for row in table.to_pylist():
        if base := wanted.get(row["symbol"]):
            at = datetime.fromtimestamp(row["timestamp"] / 1000, UTC)
            rate = Decimal(repr(row["rate"]))
            rows[base].append(
                FundingPrint(row["symbol"], at, rate, row["interval_hours"], None, row["after_gap"])
            )
    return {base: sorted(found, key=lambda one: one.at) for base, found in rows.items() if found}


def year(number: int) -> tuple[datetime, datetime]:
    return datetime(number, 1, 1, tzinfo=UTC), datetime(number + 1, 1, 1, tzinfo=UTC)


def rows(series: dict[str, list[FundingPrint]], fees: FeeRates, number: int) -> Iterator[Row]:
    """Each pair's figures for a year."""
    since, until = year(number)
    terms = Terms(fees=fees)
    for base, prints in series.items():
        paid = [float(one.rate) for one in prints if since <= one.at < until]
        yield Row(
            base,
            run(prints, replace(terms, policy=PolicyName.THRESHOLD), since, until),
            run(prints, replace(terms, policy=PolicyName.CARRY), since, until),
            sum(paid[1:]) - _round_trip_cost(fees),
            hindsight(prints, fees, since, until),
        )


def report(folder: Path) -> list[str]:
    """The tables of docs/policies.md, line by line, for what the folder holds."""
    lines = []
    for venue, fees, number, bases in (
        ("binance", BINANCE, 2024, MAJORS),
        ("binance", BINANCE, 2025, (*MAJORS, *LATER)),
        ("bybit", BYBIT, 2024, ELSEWHERE),
        ("bybit", BYBIT, 2025, ELSEWHERE),
    ):
        series = load(folder, venue, bases)
        if not series:
            continue
        judged = list(rows(series, fees, number))
        lines += [
            f"### {venue.capitalize()}, {number}",
            "",
            HEADER,
            "| --- " + "| ---: " * 10 + "|",
        ]
        lines += [_line(one) for one in judged]
        lines += [_mean(judged), ""]
    return lines


def sensitivity(folder: Path, years: Sequence[int] = (2021, 2022, 2023, 2024)) -> list[str]:
    """Mean net per pair with one term of `carry` changed at a time, for the pairs a year has."""
    defaults = CarryTerms()
    changes: list[tuple[str, CarryTerms]] = [("defaults", defaults)]
    for name, values in VARIED.items():
        label = name.replace("_", " ")
        changes += [(f"{label} {value:g}", replace(defaults, **{name: value})) for value in values]
    series = load(folder, "binance", MAJORS)
    known = {
        number: [prints for prints in series.values() if prints[0].at <= year(number)[0]]
        for number in years
    }
    years = [number for number in years if known[number]]
    lines = ["| Terms | " + " | ".join(f"{n} ({len(known[n])} pairs)" for n in years) + " |"]
    lines.append("| --- " + "| ---: " * len(years) + "|")
    for label, carry in changes:
        terms = Terms(fees=BINANCE, carry=carry)
        cells = []
        for number in years:
            outcomes = [run(prints, terms, *year(number)) for prints in known[number]]
            trips = sum(one.round_trips for one in outcomes) / len(outcomes)
            net = sum(one.net for one in outcomes) / len(outcomes)
            cells.append(f"{_percent(net)} ({trips:.1f})")
        lines.append(f"| {label} | {' | '.join(cells)} |")
    return lines


def _round_trip_cost(fees: FeeRates) -> float:
    spread_bp = ticker(SPOT, *QUOTES).spread_bp
    assert spread_bp is not None
    return float(round_trip(spread_bp, spread_bp, fees).total)


def _percent(value: float) -> str:
    return f"{100 * value:.2f}"


def _line(row: Row) -> str:
    cells = [row.base]
    for one in (row.threshold, row.carry):
        cells += [_percent(one.net), _percent(one.funding), _percent(one.costs)]
        cells.append(str(one.round_trips))
    return f"| {' | '.join([*cells, _percent(row.always), _percent(row.hindsight)])} |"


def _mean(judged: Sequence[Row]) -> str:
    cells = ["**mean**"]
    for ones in ([row.threshold for row in judged], [row.carry for row in judged]):
        cells.append(_percent(mean(one.net for one in ones)))
        cells.append(_percent(mean(one.funding for one in ones)))
        cells.append(_percent(mean(one.costs for one in ones)))
        cells.append(f"{mean(one.round_trips for one in ones):.1f}")
    cells.append(_percent(mean(row.always for row in judged)))
    cells.append(_percent(mean(row.hindsight for row in judged)))
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    make = sensitivity if "--vary" in sys.argv else report
    print("\n".join(make(Path(sys.argv[1]))))
