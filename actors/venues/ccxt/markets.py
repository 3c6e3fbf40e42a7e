"""ccxt's markets as instruments of ours: coins, steps, minimums and ticks per base coin."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from actors.domain.exact import product
from actors.domain.instruments import Instrument, Market
from actors.venues.ccxt.values import above_zero, exact, inner


@dataclass(frozen=True, slots=True)
class Listing:
    """An instrument, and what turns the exchange's numbers into per-coin ones."""

    instrument: Instrument
    coins_per_name: Decimal
    """Coins in one unit of what the exchange prices: 1000 for 1000PEPE, else 1."""

    def price(self, value: object) -> Decimal | None:
        """Per coin; None for what is no price."""
        price = above_zero(value)
        return None if price is None else price / self.coins_per_name

    def quantity(self, value: object) -> Decimal | None:
        """In coins; 0 stays 0."""
        number = exact(value)
        if number is None or number < 0:
            return None
        return product(number, self.instrument.multiplier)


def listings(
    markets: Iterable[Mapping[str, Any]], venue: str, quote: str, tick_sizes: bool
) -> dict[str, Listing]:
    """By symbol: everything that is traded now for ``quote``, spot or linear perpetual.

    ``tick_sizes``: whether precisions are steps (0.01) or numbers of decimals (2). A market whose
    steps are not known is left out, for nothing could be ordered there.
    """
    found = {}
    for one in markets:
        if (listing := listing_of(one, venue, quote, tick_sizes)) is not None:
            found[listing.instrument.symbol] = listing
    return found


def listing_of(
    market: Mapping[str, Any], venue: str, quote: str, tick_sizes: bool
) -> Listing | None:
    """None for what is not traded now or not for ``quote``, or whose steps or size are unknown."""
    kind = _kind(market, quote)
    precision, limits = inner(market, "precision"), inner(market, "limits")
    lot = _step(precision.get("amount"), tick_sizes)
    tick = _step(precision.get("price"), tick_sizes)
    if kind is None or lot is None or tick is None:
        return None
    base, coins_per_name = coin_of(str(market["base"]))
    contract = above_zero(market.get("contractSize")) if kind is Market.PERP else Decimal(1)
    if contract is None:
        return None  # one coin a contract would be a guess, and the hedge off by far
    multiplier = _plain(product(coins_per_name, contract))
    least = above_zero(inner(limits, "amount").get("min"))
    info_lots = inner(market, "info", "lotSizeFilter")
    least_notional = above_zero(inner(limits, "cost").get("min")) or above_zero(
        info_lots.get("minNotionalValue")
    )
    most = _most(limits, market)
    return Listing(
        Instrument(
            venue=venue,
            symbol=str(market["symbol"]),
            market=kind,
            base=base,
            quote=quote,
            multiplier=multiplier,
            lot_step=_plain(product(lot, multiplier)),
            min_quantity=_plain(product(max(least or lot, lot), multiplier)),
            min_notional=least_notional or Decimal(0),
            tick_size=_plain(tick / coins_per_name),
            max_market_quantity=None if most is None else _plain(product(most, multiplier)),
        ),
        coins_per_name,
    )


def coin_of(name: str) -> tuple[str, Decimal]:
    """The coin an exchange's name stands for, and how many of it: 1000PEPE is 1000 of PEPE.

    Also SHIB1000, 1MBABYDOGE (a million) and kPEPE (a thousand). 1INCH is a coin's name.
    """
    if match := _BEFORE.fullmatch(name):
        return match["coin"], Decimal(match["count"])
    if match := _AFTER.fullmatch(name):
        return match["coin"], Decimal(match["count"])
    if match := _MILLION.fullmatch(name):
        return match["coin"], Decimal(1_000_000)
    if match := _KILO.fullmatch(name):
        return match["coin"], Decimal(1_000)
    return name, Decimal(1)


_BEFORE = re.compile(r"(?P<count>1000+)(?P<coin>[A-Za-z].*)")
_AFTER = re.compile(r"(?P<coin>[A-Z]+)(?P<count>1000+)")
_MILLION = re.compile(r"1M(?P<coin>[A-Z]{3,})")
_KILO = re.compile(r"k(?P<coin>[A-Z]{3,})")


def _kind(market: Mapping[str, Any], quote: str) -> Market | None:
    if market.get("active") is False or market.get("quote") != quote:
        return None
    if market.get("spot"):
        return Market.SPOT
    if market.get("swap") and market.get("linear") and market.get("settle") == quote:
        return Market.PERP
    return None


def _step(value: object, tick_sizes: bool) -> Decimal | None:
    if tick_sizes:
        return above_zero(value)
    decimals = exact(value)
    return None if decimals is None else Decimal(1).scaleb(-int(decimals))


def _most(limits: Mapping[str, Any], market: Mapping[str, Any]) -> Decimal | None:
    """The largest market order, in the exchange's units. For limit orders it may be more."""
    info = inner(market, "info")
    lots = inner(info, "lotSizeFilter")
    return (
        above_zero(inner(limits, "market").get("max"))
        or above_zero(lots.get("maxMktOrderQty"))
        or above_zero(lots.get("maxMarketOrderQty"))
        or above_zero(info.get("maxMktSz"))
        or above_zero(inner(limits, "amount").get("max"))
    )


def _plain(number: Decimal) -> Decimal:
    """The same number without trailing zeros or a bare exponent: 0.001, 1000."""
    number = number.normalize()
    exponent = number.as_tuple().exponent
    return number.quantize(Decimal(1)) if isinstance(exponent, int) and exponent > 0 else number
