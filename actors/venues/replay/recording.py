"""A recorded market: what a venue showed at each instant of the past, and nothing of its future.

Prices and mark prices are quote per base coin whatever the venue's contract is: the price of
1000PEPE is served per PEPE, as :class:`Instrument` and the venue port want it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import numpy as np

from actors.domain.funding import FundingPrint
from actors.domain.instruments import Instrument, Market, Pair
from actors.venues.replay import instruments as listing
from actors.venues.replay.series import Candles, Prints, from_ms, to_ms
from actors.venues.replay.tables import (
    RecordingError,
    floats,
    integers,
    read_funding,
    read_prices,
    split_series,
)

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class PriceAt:
    """A price per base coin and the instant at which it held; older than asked for means stale."""

    price: Decimal
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Span:
    """From the first candle's open to the last candle's end."""

    start: datetime
    end: datetime


class Recording:
    """Every answer is what was known at the instant asked about.

    A symbol the recording does not hold raises LookupError; a known one without data at that
    instant answers None.
    """

    def __init__(
        self,
        instruments: Sequence[Instrument],
        candles: Mapping[listing.Key, Candles],
        prints: Mapping[tuple[str, str], Prints],
        notes: Sequence[str] = (),
    ) -> None:
        self.instruments: tuple[Instrument, ...] = tuple(instruments)
        self.venues: tuple[str, ...] = tuple(sorted({one.venue for one in instruments}))
        self.notes: tuple[str, ...] = tuple(notes)
        """What had to be assumed, in words."""
        self._multiplier = {(one.venue, one.symbol): one.multiplier for one in instruments}
        self._candles = dict(candles)
        self._prints = dict(prints)
        self._served_prints: dict[tuple[str, str], tuple[FundingPrint, ...]] = {}

    @classmethod
    def load(cls, folder: Path) -> "Recording":
        """Read ``prices.parquet``, ``funding.parquet`` and, if there, ``instruments.csv``.

        Raises RecordingError where the folder does not hold a recorded market in good order.
        """
        if not folder.is_dir():
            right = "name a folder with funding.parquet and prices.parquet"
            raise RecordingError(folder, "no such folder", right)
        candles = _load_candles(folder)
        prints = _load_prints(folder, candles)
        instruments, notes = _load_instruments(folder, candles)
        return cls(instruments, candles, prints, notes)

    def pairs(self) -> tuple[Pair, ...]:
        """Spot and perpetual of one base and quote coin on one venue, where funding is recorded."""
        spots: dict[tuple[str, str, str], Instrument] = {}
        for one in self.instruments:
            if one.market is Market.SPOT:
                spots.setdefault((one.venue, one.base, one.quote), one)
        return tuple(
            Pair(long=spots[one.venue, one.base, one.quote], short=one)
            for one in self.instruments
            if one.market is Market.PERP
            and (one.venue, one.base, one.quote) in spots
            and (one.venue, one.symbol) in self._prints
        )

    @property
    def span(self) -> Span:
        """Of all prices together."""
        start = min(one.start_ms for one in self._candles.values())
        end = max(one.end_ms for one in self._candles.values())
        return Span(from_ms(start), from_ms(end))

    def span_of(self, pair: Pair) -> Span | None:
        """Where both legs have prices; None where they never overlap."""
        legs = [self._find(leg.venue, leg.symbol, leg.market) for leg in (pair.long, pair.short)]
        start, end = max(leg.start_ms for leg in legs), min(leg.end_ms for leg in legs)
        return Span(from_ms(start), from_ms(end)) if start < end else None

    def price_at(self, venue: str, symbol: str, market: Market, at: datetime) -> PriceAt | None:
        """The last price known at ``at``: the open of the candle that contains it.

        In a gap, the close of the last candle with ``as_of`` at that candle's end, so that it
        looks as stale as it is. None before the first candle.
        """
        known = self._find(venue, symbol, market).known_at(to_ms(at))
        if known is None:
            return None
        price, as_of_ms = known
        return PriceAt(self._per_base(venue, symbol, price), from_ms(as_of_ms))

    def volume_24h_usdt(
        self, venue: str, symbol: str, market: Market, at: datetime
    ) -> Decimal | None:
        """Turnover of the last 24 finished hours: the sum of volume x close, in quote coins.

        Hours that are missing add nothing, so a day with a gap reads low; None without any.
        """
        turnover = self._find(venue, symbol, market).turnover_24h(to_ms(at))
        return None if turnover is None else Decimal(repr(turnover)).quantize(_CENT)

    def last_funding(self, venue: str, symbol: str, at: datetime) -> FundingPrint | None:
        """The last print settled at or before ``at``."""
        prints = self._find_prints(venue, symbol)
        settled = 0 if prints is None else prints.settled_by(to_ms(at))
        return self._serve(venue, symbol)[settled - 1] if settled else None

    def next_funding_time(self, venue: str, symbol: str, at: datetime) -> datetime | None:
        """The settlement after ``at`` as announced then: last print plus its interval.

        A print that shortens the interval comes before the time that was announced; count what was
        paid with :meth:`funding_between`. None before the first print.
        """
        prints = self._find_prints(venue, symbol)
        next_ms = None if prints is None else prints.next_ms(to_ms(at))
        return None if next_ms is None else from_ms(next_ms)

    def funding_between(
        self, venue: str, symbol: str, after: datetime, until: datetime
    ) -> tuple[FundingPrint, ...]:
        """The boundaries crossed: prints with ``after < at <= until``, oldest first."""
        prints = self._find_prints(venue, symbol)
        if prints is None:
            return ()
        first, last = prints.settled_by(to_ms(after)), prints.settled_by(to_ms(until))
        return self._serve(venue, symbol)[first:last]

    def funding_history(
        self,
        venue: str,
        symbol: str,
        until: datetime,
        *,
        since: datetime | None = None,
        limit: int | None = None,
    ) -> tuple[FundingPrint, ...]:
        """Prints with ``since < at <= until``, oldest first; of these the newest ``limit``."""
        prints = self._find_prints(venue, symbol)
        if prints is None:
            return ()
        last = prints.settled_by(to_ms(until))
        first = 0 if since is None else prints.settled_by(to_ms(since))
        if limit is not None:
            first = max(first, last - limit)
        return self._serve(venue, symbol)[first:last]

    def _find(self, venue: str, symbol: str, market: Market) -> Candles:
        try:
            return self._candles[venue, symbol, market]
        except KeyError:
            raise LookupError(f"no prices of {venue} {symbol} ({market}) are recorded") from None

    def _find_prints(self, venue: str, symbol: str) -> Prints | None:
        prints = self._prints.get((venue, symbol))
        if prints is None and (venue, symbol, Market.PERP) not in self._candles:
            raise LookupError(f"no perpetual {venue} {symbol} is recorded")
        return prints

    def _serve(self, venue: str, symbol: str) -> tuple[FundingPrint, ...]:
        # Made once per series: a strategy asks for the same prints again every cycle.
        key = (venue, symbol)
        if key not in self._served_prints:
            prints = self._prints[key]
            rows = zip(
                prints.at.tolist(),
                prints.rate.tolist(),
                prints.interval_hours.tolist(),
                prints.mark_price.tolist(),
                prints.after_gap.tolist(),
                strict=True,
            )
            self._served_prints[key] = tuple(
                FundingPrint(
                    symbol=symbol,
                    at=from_ms(at),
                    rate=_decimal(rate),
                    interval_hours=hours,
                    mark_price=None if np.isnan(mark) else self._per_base(venue, symbol, mark),
                    after_gap=gap,
                )
                for at, rate, hours, mark, gap in rows
            )
        return self._served_prints[key]

    def _per_base(self, venue: str, symbol: str, price: float) -> Decimal:
        multiplier = self._multiplier.get((venue, symbol))
        if multiplier is None:  # funding without prices: only its name can tell
            multiplier = listing.parse_symbol(symbol)[2]
        return _decimal(price) if multiplier == 1 else _decimal(price) / multiplier


def _decimal(value: float) -> Decimal:
    # repr is the shortest text that reads back as the same double: the decimal the venue printed.
    return Decimal(repr(value))


def _load_candles(folder: Path) -> dict[listing.Key, Candles]:
    series = split_series(folder, "prices.parquet", read_prices(folder), _PRICE_KEY)
    candles = {
        (venue, symbol, Market(market)): Candles(
            opens_at=integers(part, "timestamp"),
            open=floats(part, "open"),
            close=floats(part, "close"),
            volume=floats(part, "volume"),
        )
        for (venue, symbol, market), part in series
    }
    listing.check_symbols(folder / "prices.parquet", candles)
    return candles


def _load_prints(
    folder: Path, candles: Mapping[listing.Key, Candles]
) -> dict[tuple[str, str], Prints]:
    loaded = {}
    for (venue, symbol), part in split_series(
        folder, "funding.parquet", read_funding(folder), _FUNDING_KEY
    ):
        at, mark = integers(part, "timestamp"), floats(part, "mark_price")
        perp = candles.get((venue, symbol, Market.PERP))
        if perp is not None:
            # The perpetual's own price in that hour stands in for a mark nobody recorded.
            mark = np.where(np.isnan(mark), perp.opens_exactly_at(at), mark)
        loaded[venue, symbol] = Prints(
            at=at,
            rate=floats(part, "rate"),
            interval_hours=integers(part, "interval_hours"),
            after_gap=part["after_gap"].to_numpy(),
            mark_price=mark,
        )
    path = folder / "funding.parquet"
    listing.check_symbols(path, ((venue, symbol, Market.PERP) for venue, symbol in loaded))
    return loaded


def _load_instruments(
    folder: Path, candles: Mapping[listing.Key, Candles]
) -> tuple[list[Instrument], list[str]]:
    known = listing.read_instruments(folder)
    guessed = sorted(key for key in candles if key not in known)
    notes = []
    if guessed:
        names = ", ".join(f"{venue} {symbol}" for venue, symbol, _ in guessed)
        notes.append(
            f"{listing.FILE} does not list {names}: tick sizes are read off the prices, lot steps "
            "and minimum orders are assumed"
        )
    unpriced = sorted(key for key in known if key not in candles)
    if unpriced:
        names = ", ".join(f"{venue} {symbol}" for venue, symbol, _ in unpriced)
        notes.append(f"{listing.FILE} lists {names} without recorded prices: left out")
    instruments = [
        known.get(key) or listing.derive_instrument(key, candles[key]) for key in sorted(candles)
    ]
    return instruments, notes


_PRICE_KEY = ("venue", "symbol", "market")
_FUNDING_KEY = ("venue", "symbol")
