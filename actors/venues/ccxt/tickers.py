"""ccxt's tickers as ours: per coin, in quote coins, as old as the exchange says."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from actors.domain.instruments import Market
from actors.domain.market import Depth, Level, Ticker
from actors.venues.ccxt.markets import Listing
from actors.venues.ccxt.values import above_zero, moment

_CENT = Decimal("0.01")


def ticker_of(
    row: Mapping[str, Any],
    listing: Listing,
    stamped_at: datetime,
    quotes: Mapping[str, Any] | None = None,
    mark: object = None,
) -> Ticker | None:
    """None where nothing in it can be used.

    ``stamped_at``: when the whole answer was made, for rows that bear no time of their own.
    ``quotes``: the row of best bids and asks, where the exchange answers these apart. ``mark``:
    the perpetual's mark price, where it comes from elsewhere. A crossed book is no book.
    """
    best = quotes if quotes is not None else row
    bid, ask = listing.price(best.get("bid")), listing.price(best.get("ask"))
    if bid is not None and ask is not None and bid > ask:
        bid = ask = None
    marked = listing.price(row.get("markPrice")) or listing.price(mark)
    if listing.instrument.market is Market.SPOT and bid is not None and ask is not None:
        marked = (bid + ask) / 2  # spot has no mark price: the middle of its book stands for it
    if bid is None and ask is None and marked is None:
        return None
    return Ticker(
        symbol=listing.instrument.symbol,
        market=listing.instrument.market,
        bid=bid,
        ask=ask,
        mark=marked,
        volume_24h_usdt=_turnover(row, listing),
        as_of=moment(best.get("timestamp")) or stamped_at,
        bid_quantity=_size(best.get("bidVolume"), listing),
        ask_quantity=_size(best.get("askVolume"), listing),
    )


def depth_of(book: Mapping[str, Any], listing: Listing, stamped_at: datetime) -> Depth:
    """The order book; levels that are no numbers are left out."""
    return Depth(
        symbol=listing.instrument.symbol,
        market=listing.instrument.market,
        bids=_levels(book.get("bids"), listing),
        asks=_levels(book.get("asks"), listing),
        as_of=moment(book.get("timestamp")) or stamped_at,
    )


def _levels(rows: Any, listing: Listing) -> tuple[Level, ...]:
    made = []
    for row in rows or ():
        price, quantity = listing.price(row[0]), listing.quantity(row[1])
        if price is not None and quantity:
            made.append(Level(price, quantity))
    return tuple(made)


def _size(value: object, listing: Listing) -> Decimal | None:
    return None if value is None else listing.quantity(value)


def _turnover(row: Mapping[str, Any], listing: Listing) -> Decimal | None:
    """Of 24 hours in quote coins: what the exchange says, else volume x price of the coin."""
    quoted = above_zero(row.get("quoteVolume"))
    if quoted is None:
        volume = above_zero(row.get("baseVolume"))
        price = above_zero(row.get("vwap")) or above_zero(row.get("last"))
        quoted = None if volume is None or price is None else volume * price
    return None if quoted is None else quoted.quantize(_CENT)
