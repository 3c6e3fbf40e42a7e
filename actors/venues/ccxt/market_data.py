"""The public side of an exchange behind the venue port: live prices, no keys."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from actors.domain.funding import FundingPrint, FundingRate
from actors.domain.instruments import Instrument, Market
from actors.domain.market import Depth, Ticker
from actors.runtime import Clock
from actors.venues.ccxt.cache import MarketsFile
from actors.venues.ccxt.connection import Connection
from actors.venues.ccxt.exchange import TICK_SIZE, Answered, Exchange
from actors.venues.ccxt.history import LONGEST_INTERVAL, PAGE, PrintBook, pages, prints_of
from actors.venues.ccxt.markets import Listing, listings
from actors.venues.ccxt.rates import rate_of
from actors.venues.ccxt.tickers import depth_of, ticker_of
from actors.venues.ccxt.values import milliseconds, moment
from actors.venues.port import VenueDown, VenueError, VenueRefused

KEPT_FOR = timedelta(seconds=2)
"""Prices and rates younger than this are not asked for again."""
INTERVALS_KEPT_FOR = timedelta(minutes=10)
MARKETS_KEPT_FOR = timedelta(hours=1)
MARKETS_USABLE_FOR = timedelta(days=7)
"""So old may the list on disk be where the exchange does not answer at the start."""
BOOK_LEVELS = 100
"""On each side; a size that every exchange offers."""

_KINDS: Mapping[Market, Mapping[str, str]] = {
    Market.SPOT: {"type": "spot"},
    Market.PERP: {"type": "swap", "subType": "linear"},
}


class CcxtMarket:
    """MarketData of any exchange of ccxt's. To be awaited on one event loop only.

    Every time is the exchange's own stamp; only what comes without any stamp is taken to be as old
    as the question. So an exchange that repeats itself looks as stale as it is.
    """

    def __init__(self, exchange: Exchange, clock: Clock, connection: Connection) -> None:
        self.name = exchange.id
        self._exchange = exchange
        self._clock = clock
        self._quote = connection.quote
        self._file = _file(exchange, connection)
        self._listed: dict[str, Listing] = {}
        self._listed_at: datetime | None = None
        self._listing = asyncio.Lock()
        self._pricing = asyncio.Lock()
        self._rating = asyncio.Lock()
        self._tickers: tuple[datetime, tuple[Ticker, ...]] | None = None
        self._rate_rows: tuple[datetime, Answered] | None = None
        self._intervals: tuple[datetime, Mapping[str, Any]] | None = None
        self._quotes_apart: set[Market] = set()
        self._books: dict[str, PrintBook] = {}
        self._reading: dict[str, asyncio.Lock] = {}

    async def instruments(self) -> Sequence[Instrument]:
        listed = await self._list()
        return tuple(one.instrument for _, one in sorted(listed.items()))

    async def tickers(self) -> Sequence[Ticker]:
        """The same tuple as before while it is younger than :data:`KEPT_FOR`."""
        listed = await self._list()
        async with self._pricing:
            if self._tickers is None or self._is_old(self._tickers[0], KEPT_FOR):
                asked_at = self._clock.now()
                parts = await asyncio.gather(*(self._price(kind, listed) for kind in _KINDS))
                self._tickers = asked_at, tuple(one for part in parts for one in part)
            return self._tickers[1]

    async def funding_rates(self) -> Sequence[FundingRate]:
        listed = await self._list()
        intervals = await self._told_apart()
        asked_at = self._clock.now()
        answer = await self._ask_rates()
        rates = []
        for symbol, row in _rows(answer.value):
            listing = listed.get(symbol)
            if listing is None or listing.instrument.market is not Market.PERP:
                continue
            book = self._books.setdefault(symbol, PrintBook())
            rate = rate_of(
                row,
                listing,
                answer.stamped_at or asked_at,
                self._exchange.ccxt.markets[symbol],
                intervals.get(symbol),
                book.prints[-1].interval_hours if book.prints else None,
            )
            book.next_settlement = rate.next_settlement
            rates.append(rate)
        return tuple(rates)

    async def depth(self, instrument: Instrument) -> Depth:
        listing = await self._find(instrument)
        asked_at = self._clock.now()
        answer = await self._exchange.ask("fetch_order_book", instrument.symbol, BOOK_LEVELS)
        return depth_of(answer.value, listing, answer.stamped_at or asked_at)

    async def funding_history(
        self, instrument: Instrument, since: datetime, until: datetime
    ) -> Sequence[FundingPrint]:
        listing = await self._find(instrument)
        symbol = instrument.symbol
        async with self._reading.setdefault(symbol, asyncio.Lock()):
            book = self._books.setdefault(symbol, PrintBook())
            if not book.covers(since, until):
                await self._read(listing, book, since, until)
            return book.between(since, until)

    async def close(self) -> None:
        await self._exchange.close()

    # --- for a person ---

    @property
    def described(self) -> str:
        network = " (test network)" if self._exchange.is_sandbox else ""
        return f"{self.name}{network} by ccxt {self._exchange.ccxt_version}"

    async def clock_ahead(self) -> timedelta | None:
        """By how much our clock runs ahead of the exchange's, give or take the way there.

        None where the exchange does not tell the time.
        """
        if not self._exchange.offers("fetchTime"):
            return None
        before = self._clock.now()
        answer = await self._exchange.ask("fetch_time")
        theirs = moment(answer.value)
        between = before + (self._clock.now() - before) / 2
        return None if theirs is None else between - theirs

    # --- what is listed ---

    async def _list(self) -> Mapping[str, Listing]:
        async with self._listing:
            if self._listed_at is None:
                self._take_from_disk(MARKETS_KEPT_FOR)
            if self._listed_at is None or _age(self._listed_at) > MARKETS_KEPT_FOR:
                try:
                    await self._list_anew()
                except VenueError:
                    if self._listed_at is None:
                        self._take_from_disk(MARKETS_USABLE_FOR)
                    if self._listed_at is None:
                        raise
            return self._listed

    async def _list_anew(self) -> None:
        asked_at = datetime.now(UTC)
        answer = await self._exchange.ask("fetch_markets")
        if not self._use(answer.value, asked_at):
            raise VenueDown(f"{self.name} lists nothing that is traded for {self._quote}")
        if self._file is not None:
            self._file.write(answer.value, asked_at)

    def _take_from_disk(self, usable_for: timedelta) -> None:
        kept = self._file.read() if self._file is not None else None
        if kept is not None and _age(kept.listed_at) <= usable_for:
            self._use(kept.markets, kept.listed_at)

    def _use(self, markets: Sequence[Mapping[str, Any]], listed_at: datetime) -> bool:
        ccxt = self._exchange.ccxt
        found = listings(markets, self.name, self._quote, ccxt.precisionMode == TICK_SIZE)
        if not found:
            return False
        ccxt.set_markets(markets)
        self._listed, self._listed_at = found, listed_at
        return True

    async def _find(self, instrument: Instrument) -> Listing:
        listing = (await self._list()).get(instrument.symbol)
        if listing is None:
            reason = f"{instrument.symbol} is not traded at {self.name} (any more)"
            raise VenueRefused("closed_symbol", reason)
        return listing

    # --- prices ---

    async def _price(self, kind: Market, listed: Mapping[str, Listing]) -> list[Ticker]:
        params = _KINDS[kind]
        asked_at = self._clock.now()
        answer, quotes = await asyncio.gather(
            self._exchange.ask("fetch_tickers", None, params), self._ask_quotes(kind)
        )
        rows = [(symbol, row) for symbol, row in _rows(answer.value) if symbol in listed]
        if quotes is None and self._lacks_quotes(rows):
            self._quotes_apart.add(kind)
            quotes = await self._ask_quotes(kind)
        marks = await self._ask_marks(rows) if kind is Market.PERP else {}
        best = None if quotes is None else dict(_rows(quotes.value))
        stamped_at = (quotes or answer).stamped_at or asked_at
        made = (
            ticker_of(
                row,
                listed[symbol],
                stamped_at,
                None if best is None else best.get(symbol, {}),
                marks.get(symbol),
            )
            for symbol, row in rows
            if listed[symbol].instrument.market is kind
        )
        return [one for one in made if one is not None]

    async def _ask_quotes(self, kind: Market) -> Answered | None:
        if kind not in self._quotes_apart:
            return None
        return await self._exchange.ask("fetch_bids_asks", None, _KINDS[kind])

    def _lacks_quotes(self, rows: Sequence[tuple[str, Mapping[str, Any]]]) -> bool:
        said = any(row.get("bid") or row.get("ask") for _, row in rows)
        return bool(rows) and not said and self._exchange.offers("fetchBidsAsks")

    async def _ask_marks(
        self, rows: Sequence[tuple[str, Mapping[str, Any]]]
    ) -> Mapping[str, object]:
        """Mark prices where the tickers have none: beside the rates, or asked for apart."""
        if any(row.get("markPrice") for _, row in rows):
            return {}
        answer = await self._ask_rates()
        marks = {symbol: row.get("markPrice") for symbol, row in _rows(answer.value)}
        if not any(marks.values()) and self._exchange.offers("fetchMarkPrices"):
            answer = await self._exchange.ask("fetch_mark_prices", None, _KINDS[Market.PERP])
            marks = {symbol: row.get("markPrice") for symbol, row in _rows(answer.value)}
        return marks

    # --- funding ---

    async def _ask_rates(self) -> Answered:
        async with self._rating:
            if self._rate_rows is None or self._is_old(self._rate_rows[0], KEPT_FOR):
                asked_at = self._clock.now()
                self._rate_rows = asked_at, await self._exchange.ask("fetch_funding_rates")
            return self._rate_rows[1]

    async def _told_apart(self) -> Mapping[str, Any]:
        """Intervals and caps by symbol, where the exchange answers these apart."""
        if not self._exchange.offers("fetchFundingIntervals"):
            return {}
        if self._intervals is None or self._is_old(self._intervals[0], INTERVALS_KEPT_FOR):
            asked_at = self._clock.now()
            answer = await self._exchange.ask("fetch_funding_intervals")
            self._intervals = asked_at, dict(_rows(answer.value))
        return self._intervals[1]

    async def _read(
        self, listing: Listing, book: PrintBook, since: datetime, until: datetime
    ) -> None:
        # One print more than wanted: only the one before tells the first one's interval.
        known = book.prints if book.since is not None and book.since <= since else []
        begin = known[-1].at if known else since - LONGEST_INTERVAL
        hours = book.prints[-1].interval_hours if book.prints else None

        async def fetch(start: datetime, end: datetime) -> Iterable[Mapping[str, Any]]:
            answer = await self._exchange.ask(
                "fetch_funding_rate_history",
                listing.instrument.symbol,
                milliseconds(start),
                PAGE,
                {"until": milliseconds(end)},
            )
            return [row for row in answer.value if isinstance(row, Mapping)]

        interval = timedelta(hours=hours) if hours else LONGEST_INTERVAL
        rows = await pages(fetch, begin, until, interval)
        prints = prints_of(rows, listing, hours)
        anchor = known[-1].at if known else None
        new = [one for one in prints if anchor is None or one.at > anchor]
        book.extended(since, until, new)

    def _is_old(self, asked_at: datetime, kept_for: timedelta) -> bool:
        return not timedelta() <= self._clock.now() - asked_at < kept_for


def _rows(answer: Any) -> list[tuple[str, Mapping[str, Any]]]:
    """ccxt answers by symbol; what is no row is left out."""
    rows = answer.items() if isinstance(answer, Mapping) else ()
    return [(one, row) for one, row in rows if isinstance(one, str) and isinstance(row, Mapping)]


def _age(at: datetime) -> timedelta:
    """By the machine's clock: a file is as old as it is, however fast the bot's clock runs."""
    return abs(datetime.now(UTC) - at)


def _file(exchange: Exchange, connection: Connection) -> MarketsFile | None:
    if connection.cache_folder is None:
        return None
    return MarketsFile(
        connection.cache_folder,
        exchange.id,
        exchange.ccxt_version,
        f"{exchange.is_sandbox} {exchange.ccxt.urls.get('api')}",
    )
