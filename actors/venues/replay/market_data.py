"""Recorded history served on the clock as a venue's public side: nothing later than now is seen."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from actors.domain.funding import FundingPrint, FundingRate
from actors.domain.instruments import Instrument, Market
from actors.domain.market import Depth, Ticker
from actors.runtime import Clock
from actors.venues.port import VenueRefused
from actors.venues.replay.quotes import Quote, QuoteBook, QuoteModel
from actors.venues.replay.recording import Recording


class ReplayMarket:
    """The MarketData of one venue of a recording.

    A price holds for its whole hour: it is the open of the hour's candle, and where the hour will
    end is not known yet. In a gap it stays as it was, with an ``as_of`` that gets old, and the book
    is empty. Nothing here ever suspends. ``coins`` are the base coins to be listed (None = all).
    """

    def __init__(
        self,
        recording: Recording,
        clock: Clock,
        venue: str = "binance",
        quotes: QuoteModel | None = None,
        coins: Collection[str] | None = None,
        book: QuoteBook | None = None,
    ) -> None:
        self.name = venue
        self._clock = clock
        self._book = book or QuoteBook(recording, venue, quotes or QuoteModel(), coins)
        self._tickers: tuple[Ticker, ...] = ()
        self._tickers_at: datetime | None = None
        self._rates: tuple[FundingRate, ...] = ()
        self._rates_at: datetime | None = None

    def on(self, clock: Clock) -> "ReplayMarket":
        """The same market on another clock, sharing what was computed so far."""
        return ReplayMarket(self._book.recording, clock, self.name, book=self._book)

    async def instruments(self) -> Sequence[Instrument]:
        return self._book.instruments

    async def tickers(self) -> Sequence[Ticker]:
        """Every instrument with a price by now. The perpetual's mark is its recorded price."""
        now = self._clock.now()
        if now != self._tickers_at:
            quotes = self._book.quotes(_hour(now))
            self._tickers = tuple(_ticker(quote, now) for quote in quotes)
            self._tickers_at = now
        return self._tickers

    async def funding_rates(self) -> Sequence[FundingRate]:
        """Every perpetual that has a print by now.

        A recording holds no predictions: the predicted rate is the last settled one, and the
        interval is the last one seen. ``as_of`` gets old once the announced settlement is missing.
        """
        now = self._clock.now()
        if now != self._rates_at:
            perps = (one for one in self._book.instruments if one.market is Market.PERP)
            rates = (self._rate(one.symbol, now) for one in perps)
            self._rates = tuple(one for one in rates if one is not None)
            self._rates_at = now
        return self._rates

    async def depth(self, instrument: Instrument) -> Depth:
        """Raises VenueRefused for a symbol without any price by now."""
        now = self._clock.now()
        symbol, market = instrument.symbol, instrument.market
        for quote in self._book.quotes(_hour(now)):
            if quote.instrument.symbol == symbol and quote.instrument.market is market:
                bids, asks = self._book.levels(quote)
                return Depth(symbol, market, bids, asks, as_of=quote.stale_since or now)
        raise VenueRefused("closed_symbol", f"{symbol} has no price at {now:%Y-%m-%d %H:%M} UTC")

    async def funding_history(
        self, instrument: Instrument, since: datetime, until: datetime
    ) -> Sequence[FundingPrint]:
        """Raises VenueRefused for a perpetual that is not recorded."""
        until = min(until, self._clock.now())
        if until <= since:
            return ()
        try:
            return self._book.recording.funding_between(self.name, instrument.symbol, since, until)
        except LookupError as error:
            raise VenueRefused("closed_symbol", str(error)) from None

    def _rate(self, symbol: str, now: datetime) -> FundingRate | None:
        recording = self._book.recording
        last = recording.last_funding(self.name, symbol, now)
        if last is None:
            return None
        return FundingRate(
            symbol=symbol,
            predicted_rate=last.rate,
            interval_hours=last.interval_hours,
            next_settlement=recording.next_funding_time(self.name, symbol, now),
            as_of=min(now, last.at + timedelta(hours=last.interval_hours)),
            last_settled=last,
        )


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


def _ticker(quote: Quote, now: datetime) -> Ticker:
    return Ticker(
        symbol=quote.instrument.symbol,
        market=quote.instrument.market,
        bid=quote.bid,
        ask=quote.ask,
        mark=quote.price,
        volume_24h_usdt=quote.turnover_24h,
        as_of=quote.stale_since or now,
        bid_quantity=quote.bid_quantity,
        ask_quantity=quote.ask_quantity,
    )
