"""The live market that the settings name. ccxt is imported when it is opened, and no sooner."""

from pathlib import Path
from typing import TYPE_CHECKING

from actors.cli.books import database_file
from actors.cli.exit_codes import ExitCode
from actors.cli.failure import CommandFailed

if TYPE_CHECKING:
    from actors.config.settings import Settings
    from actors.runtime import Clock
    from actors.venues.ccxt import CcxtMarket


def live_market(settings: "Settings", clock: "Clock") -> "CcxtMarket":
    """Live prices, without keys. Nothing is asked of the exchange yet.

    Its ``close`` has to be awaited where it was used. Raises CommandFailed where the exchange
    cannot be used as the settings say.
    """
    from actors.venues.ccxt import CcxtMarket, Connection, Exchange, NotUsable

    connection = Connection(
        exchange_id=settings.exchange.id,
        sandbox=settings.exchange.sandbox,
        ccxt_config=settings.exchange.ccxt_config,
        cache_folder=cache_folder(settings),
    )
    try:
        return CcxtMarket(Exchange(connection), clock, connection)
    except NotUsable as error:
        raise CommandFailed(ExitCode.EXCHANGE, str(error)) from error


def live_report(settings: "Settings") -> str:
    """What the exchange offers and how it answers, in lines for a person.

    Raises CommandFailed where it does not answer, or where this machine's clock is off.
    """
    import asyncio
    import logging

    from actors.runtime import SystemClock
    from actors.venues.port import VenueError

    logging.basicConfig(level=logging.CRITICAL)
    market = live_market(settings, SystemClock())

    async def look() -> str:
        try:
            return await _looked_at(market)
        finally:
            await market.close()

    try:
        return asyncio.run(look())
    except VenueError as error:
        raise CommandFailed(ExitCode.EXCHANGE, str(error)) from error


async def _looked_at(market: "CcxtMarket") -> str:
    from actors.market.pairing import pairs_of

    pairs = pairs_of(await market.instruments())
    tickers = {one.symbol: one for one in await market.tickers()}
    rates = {one.symbol: one for one in await market.funding_rates()}
    priced = sum(1 for one in pairs if one.long.symbol in tickers and one.short.symbol in tickers)
    rated = [rates[one.short.symbol] for one in pairs if one.short.symbol in rates]
    intervals = sorted({one.interval_hours for one in rated if one.interval_hours is not None})
    hours = ", ".join(f"{one}h" for one in intervals) or "unknown yet"
    lines = [
        f"{market.described}: {len(pairs)} pairs of spot and perpetual, {priced} with prices, "
        f"{len(rated)} with funding rates (every {hours}); no keys needed",
    ]
    ahead = await market.clock_ahead()
    if ahead is not None:
        seconds = ahead.total_seconds()
        lines.append(f"this machine's clock is {abs(seconds):.1f} s off the exchange's")
        if abs(seconds) > CLOCK_MAY_BE_OFF_SECONDS:
            message = f"{lines[-1]}: prices would look stale; set it (NTP)"
            raise CommandFailed(ExitCode.EXCHANGE, message)
    if not pairs:
        raise CommandFailed(ExitCode.EXCHANGE, f"{market.name} lists no pair that could be traded")
    return "\n".join(lines)


CLOCK_MAY_BE_OFF_SECONDS = 5.0


def cache_folder(settings: "Settings") -> Path:
    """Beside the store's file; the user's cache folder for a store that is no file."""
    file = database_file(settings.store.url)
    return file.parent if file is not None else Path.home() / ".cache" / "perpcarry"
