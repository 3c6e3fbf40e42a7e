"""What a recorded hour was worth to a taker: bid, ask and depth made from price and turnover.

A recording holds trades, not order books, so spread and depth are a model: wider and thinner the
less a symbol is traded. The same recording always gives the same quotes.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from actors.domain.instruments import Instrument
from actors.domain.market import Level
from actors.venues.replay.recording import Recording

HOURS_PER_DAY = 24


@dataclass(frozen=True, slots=True)
class QuoteModel:
    """How spread and depth follow from a symbol's turnover of the last 24 hours."""

    half_spread_tiers_bp: tuple[tuple[Decimal, Decimal], ...] = (
        (Decimal("1000000000"), Decimal("0.5")),
        (Decimal("200000000"), Decimal("1")),
        (Decimal("50000000"), Decimal("2")),
        (Decimal("10000000"), Decimal("4")),
        (Decimal("2000000"), Decimal("8")),
    )
    """(turnover in USDT from which it holds, half the spread in bp), most liquid first."""
    thinnest_half_spread_bp: Decimal = Decimal("15")
    """Below the last tier, and where no turnover is known."""
    half_spread_bp: Decimal | None = None
    """The same for every symbol, in place of the tiers."""
    levels: int = 10
    """Price levels on each side of the book; each lies one half-spread beyond the last."""
    level_share: Decimal = Decimal("0.001")
    """Size of the best level as a share of an average hour's turnover; the n-th is n times it."""

    def half_spread(self, turnover_24h: Decimal | None) -> Decimal:
        """Half the spread in bp of a symbol with this turnover in USDT."""
        if self.half_spread_bp is not None:
            return self.half_spread_bp
        if turnover_24h is not None:
            for turnover, half_spread_bp in self.half_spread_tiers_bp:
                if turnover_24h >= turnover:
                    return half_spread_bp
        return self.thinnest_half_spread_bp


@dataclass(frozen=True, slots=True)
class Quote:
    """One instrument during one recorded hour, in which nothing of it changes."""

    instrument: Instrument
    price: Decimal
    """The recorded price per base coin, taken as the middle of the book."""
    bid: Decimal
    ask: Decimal
    half_spread_bp: Decimal
    turnover_24h: Decimal | None
    stale_since: datetime | None
    """When the price was last seen, in a gap of the recording; None where it is fresh."""
    bid_quantity: Decimal | None
    """Base coins at the best bid; None where the book is empty."""
    ask_quantity: Decimal | None


class QuoteBook:
    """The quotes of one venue of a recording, each made once."""

    def __init__(
        self,
        recording: Recording,
        venue: str,
        model: QuoteModel,
        coins: Collection[str] | None = None,
    ) -> None:
        self.recording = recording
        self.venue = venue
        self.model = model
        self.instruments = tuple(
            one
            for one in recording.instruments
            if one.venue == venue and (coins is None or one.base in coins)
        )
        self._hours: dict[datetime, tuple[Quote, ...]] = {}

    def quotes(self, hour: datetime) -> tuple[Quote, ...]:
        """Of every instrument with a price by then; ``hour`` is a full hour, UTC."""
        known = self._hours.get(hour)
        if known is None:
            if len(self._hours) >= _HOURS_KEPT:
                self._hours.clear()
            made = (self._quote(instrument, hour) for instrument in self.instruments)
            known = self._hours[hour] = tuple(one for one in made if one is not None)
        return known

    def levels(self, quote: Quote) -> tuple[tuple[Level, ...], tuple[Level, ...]]:
        """Bids and asks, best first; none where price or turnover is not known at the time."""
        if quote.stale_since is not None or quote.turnover_24h is None:
            return (), ()
        one, spread = quote.instrument, quote.half_spread_bp
        bids, asks = self._sizes(one, quote.price, spread, quote.turnover_24h, self.model.levels)
        return _levels(bids), _levels(asks)

    def _sizes(
        self,
        instrument: Instrument,
        price: Decimal,
        half_spread_bp: Decimal,
        turnover_24h: Decimal,
        levels: int,
    ) -> tuple[dict[Decimal, Decimal], dict[Decimal, Decimal]]:
        """What is wanted and offered at each price of the first levels, best first."""
        best_usdt = turnover_24h / HOURS_PER_DAY * self.model.level_share
        bids: dict[Decimal, Decimal] = {}
        asks: dict[Decimal, Decimal] = {}
        for n in range(1, levels + 1):
            quantity = instrument.floor_quantity(best_usdt * n / price)
            bid, ask = _prices(instrument, price, half_spread_bp * n)
            # With a coarse tick several levels fall on one price.
            bids[bid] = bids.get(bid, _NONE) + quantity
            asks[ask] = asks.get(ask, _NONE) + quantity
        return bids, asks

    def _at_best(
        self, instrument: Instrument, price: Decimal, half_spread_bp: Decimal, turnover: Decimal
    ) -> tuple[Decimal, Decimal]:
        """Base coins wanted at the best bid and offered at the best ask."""
        shared = price * half_spread_bp / 10_000 < instrument.tick_size
        levels = self.model.levels if shared else 1
        bids, asks = self._sizes(instrument, price, half_spread_bp, turnover, levels)
        return next(iter(bids.values())), next(iter(asks.values()))

    def _quote(self, instrument: Instrument, hour: datetime) -> Quote | None:
        of = (self.venue, instrument.symbol, instrument.market, hour)
        known = self.recording.price_at(*of)
        if known is None:
            return None
        turnover = self.recording.volume_24h_usdt(*of)
        half_spread_bp = self.model.half_spread(turnover)
        bid, ask = _prices(instrument, known.price, half_spread_bp)
        stale_since = None if known.as_of == hour else known.as_of
        price = known.price
        sizes: tuple[Decimal | None, Decimal | None] = (None, None)
        if stale_since is None and turnover is not None:
            sizes = self._at_best(instrument, price, half_spread_bp, turnover)
        return Quote(instrument, price, bid, ask, half_spread_bp, turnover, stale_since, *sizes)


_HOURS_KEPT = 1_000
_NONE = Decimal(0)


def _levels(quantities: dict[Decimal, Decimal]) -> tuple[Level, ...]:
    return tuple(
        Level(price, quantity) for price, quantity in quantities.items() if price > 0 < quantity
    )


def _prices(
    instrument: Instrument, price: Decimal, distance_bp: Decimal
) -> tuple[Decimal, Decimal]:
    # Rounded away from the middle: a tick is never a gift to the taker.
    tick, distance = instrument.tick_size, price * distance_bp / 10_000
    bid = ((price - distance) / tick).to_integral_value(ROUND_FLOOR) * tick
    ask = ((price + distance) / tick).to_integral_value(ROUND_CEILING) * tick
    return bid, ask
