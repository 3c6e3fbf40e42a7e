"""``perpcarry scan``"""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from actors.cli import options
from actors.cli.console import print_table
from actors.cli.exit_codes import ExitCode
from actors.cli.failure import CommandFailed
from actors.cli.recorded import check_within, load_recording
from actors.cli.text import UNKNOWN, bp, moment, percent
from actors.domain.tables import exact

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal
    from pathlib import Path

    from actors.config.settings import Settings
    from actors.domain.decisions import Verdict
    from actors.domain.market import MarketSnapshot, PairMarket
    from actors.venues.port import MarketData
    from actors.venues.replay import Recording

HISTORY_SLOW_HALF_LIVES = 6
"""How much funding history is read: 98 % of the slow average's weight."""


@dataclass(frozen=True, slots=True)
class Scanned:
    market: "PairMarket"
    verdict: "Verdict"


def scan(
    at: Annotated[
        str | None,
        typer.Option(
            "--at",
            metavar="DATE",
            help="As it stood then (UTC); historical.from where left out.",
            show_default=False,
        ),
    ] = None,
    config: options.Config = None,
    settings: options.Set = None,
    venue: options.Venue = None,
    data: options.Data = None,
    as_json: options.AsJson = False,
) -> None:
    """Rank every pair of the market as a cycle would, without any order.

    The market is the recorded one, or in ``trading.mode`` ``paper`` the exchange's as it is now.

    Rates are per 8 hours, whatever the symbol's interval; net is the expected funding over the
    horizon less the full round trip.
    """
    given: dict[str, object] = {"exchange.id": venue, "historical.data": data}
    if at is not None:  # the file's own dates don't matter then
        given |= {"historical.from": "", "historical.until": ""}
    loaded = options.load_from(config, settings, given)
    wanted = _moment(at)
    if loaded.settings.trading.mode.value == "replay":
        recording = load_recording(loaded.settings)
        when = wanted or loaded.settings.historical.from_ or recording.span.start
        check_within(recording, "--at", when)
        snapshot = picture(recording, loaded.settings, when)
    else:
        snapshot = live_picture(loaded.settings, at, data)
        when = snapshot.at
    ranking = ranked(snapshot, loaded.settings)
    if as_json:
        typer.echo(json.dumps(_document(ranking, when), indent=2))
    else:
        _print(ranking, loaded.settings, when)


def _moment(text: str | None) -> "datetime | None":
    from actors.config.texts import parse_time

    try:
        return parse_time(text)
    except ValueError as error:
        message = f'--at: "{text}" {error}; right is a date like 2025-01-31, or an ISO 8601 time'
        raise CommandFailed(ExitCode.USAGE, message) from None


def picture(recording: "Recording", settings: "Settings", at: "datetime") -> "MarketSnapshot":
    """What a cycle at ``at`` would have seen, without an account."""
    import asyncio

    from actors.runtime import SimulatedClock
    from actors.venues.replay import ReplayMarket

    market = ReplayMarket(recording, SimulatedClock(at), settings.exchange.id)
    return asyncio.run(_look(market, settings, at))


def live_picture(settings: "Settings", at: str | None, data: "Path | None") -> "MarketSnapshot":
    """What a cycle would see now, by the exchange's live prices.

    Raises CommandFailed where a past is asked for, or the exchange does not answer.
    """
    import asyncio
    import logging

    from actors.cli.live_prices import live_market
    from actors.runtime import SystemClock
    from actors.venues.port import VenueError

    if at is not None or data is not None:
        option = "--at" if at is not None else "--data"
        message = f"{option} belongs to a replay, but trading.mode is {settings.trading.mode.value}"
        raise CommandFailed(ExitCode.USAGE, message)
    logging.basicConfig(level=logging.CRITICAL)
    clock = SystemClock()
    market = live_market(settings, clock)

    async def look() -> "MarketSnapshot":
        try:
            return await _look(market, settings, clock.now())
        finally:
            await market.close()

    try:
        return asyncio.run(look())
    except VenueError as error:
        raise CommandFailed(ExitCode.EXCHANGE, f"{error}. perpcarry doctor tells more.") from error


async def _look(market: "MarketData", settings: "Settings", at: "datetime") -> "MarketSnapshot":
    import asyncio
    from datetime import timedelta

    from actors.config.terms import terms_of
    from actors.gateway.messages import MarketFetched
    from actors.market.assembly import assembled
    from actors.market.history import FundingHistory
    from actors.market.pairing import pairs_of

    carry = terms_of(settings).carry
    since = at - timedelta(hours=carry.slow_half_life_hours * HISTORY_SLOW_HALF_LIVES)
    pairs = pairs_of(await market.instruments())
    read = await asyncio.gather(*(market.funding_history(pair.short, since, at) for pair in pairs))
    histories = {
        pair.short.symbol: FundingHistory().folded(prints, at, carry)
        for pair, prints in zip(pairs, read, strict=True)
    }
    fetched = MarketFetched(
        cycle=0,
        venue=market.name,
        at=at,
        tickers=tuple(await market.tickers()),
        rates=tuple(await market.funding_rates()),
        account=None,
    )
    return assembled(fetched, pairs, histories)


def ranked(snapshot: "MarketSnapshot", settings: "Settings") -> list[Scanned]:
    """Best first, as the orchestrator ranks: by score; those without one last, by name."""
    from actors.config.terms import terms_of
    from actors.domain.policies import decide

    terms = terms_of(settings)
    judged = [Scanned(one, decide(one, None, terms, snapshot.at)) for one in snapshot.pairs]

    def place(one: Scanned) -> tuple[bool, "Decimal | int", str]:
        score = one.verdict.score
        return (score is None, 0 if score is None else -score, one.market.pair.key)

    return sorted(judged, key=place)


def _print(ranking: list[Scanned], settings: "Settings", at: "datetime") -> None:
    columns = (
        "#",
        "pair",
        "rate bp / 8h",
        "every",
        "mean bp / 8h",
        "rate a year",
        "round trip",
        "expected",
        "net",
        "break-even",
        "verdict",
    )
    rows = [_row(place, one) for place, one in enumerate(ranking, start=1)]
    entering = sum(1 for one in ranking if one.verdict.action.value == "enter")
    horizon = settings.signal.horizon
    title = (
        f"{settings.exchange.id} at {moment(at)} UTC, policy {settings.trading.policy.value}, "
        f"horizon {horizon.total_seconds() / 86400:g} days: {entering} of {len(ranking)} pairs "
        "would be entered, limits and account aside"
    )
    print_table(columns, rows, title=title, numbers=columns[2:10], if_empty="no pair is listed")
    why = [(one.market.pair.key, "; ".join(one.verdict.reasons)) for one in ranking]
    print_table(("pair", "why"), why)


def _row(place: int, one: Scanned) -> tuple[str, ...]:
    from actors.domain.funding import per_year

    funding, signal, verdict = one.market.funding, one.market.signal, one.verdict
    rate = funding.rate_8h if funding else None
    interval = funding.interval_hours if funding else None
    trip = verdict.round_trip
    hours = verdict.break_even_hours
    return (
        str(place) if verdict.score is not None else UNKNOWN,
        one.market.pair.key,
        bp(rate),
        f"{interval}h" if interval else UNKNOWN,
        bp(signal.slow_8h if signal else None),
        percent(per_year(rate), 1) if rate is not None else UNKNOWN,
        percent(trip.total, 3, signed=False) if trip else UNKNOWN,
        percent(verdict.expected_funding, 3),
        percent(verdict.score, 3),
        f"{hours / 24:.1f} d" if hours is not None else UNKNOWN,
        verdict.action.value.replace("_", " "),
    )


def _document(ranking: list[Scanned], at: "datetime") -> dict[str, object]:
    from actors.domain.funding import per_year

    pairs = []
    for one in ranking:
        funding, signal, verdict = one.market.funding, one.market.signal, one.verdict
        rate = funding.rate_8h if funding else None
        pairs.append(
            {
                "pair": one.market.pair.key,
                "rate_8h": _text(rate),
                "interval_hours": funding.interval_hours if funding else None,
                "mean_8h": signal.slow_8h if signal else None,
                "apr": _text(per_year(rate) if rate is not None else None),
                "round_trip": _text(verdict.round_trip.total if verdict.round_trip else None),
                "expected_funding": _text(verdict.expected_funding),
                "horizon_hours": _text(verdict.horizon_hours),
                "net": _text(verdict.score),
                "break_even_hours": _text(verdict.break_even_hours),
                "verdict": verdict.action.value,
                "reasons": list(verdict.reasons),
            }
        )
    return {"at": exact(at), "pairs": pairs}


def _text(value: "Decimal | None") -> str | None:
    return None if value is None else exact(value)
