"""The instruments of a recorded market: read from instruments.csv, or derived from the prices.

The file speaks the venue's own units (one 1000PEPE is 1000 PEPE); an Instrument is in base coins.
"""

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from actors.domain.instruments import Instrument, Market
from actors.venues.replay.series import Candles
from actors.venues.replay.tables import RecordingError

FILE = "instruments.csv"
COLUMNS = (
    "venue",
    "symbol",
    "market",
    "base",
    "quote",
    "multiplier",
    "lot_step",
    "min_quantity",
    "min_notional_usdt",
    "tick_size",
    "max_market_quantity",
)
Key = tuple[str, str, Market]
"""Venue, unified symbol, market."""


def read_instruments(folder: Path) -> dict[Key, Instrument]:
    """The instruments named in ``instruments.csv``; none where the folder has no such file.

    Raises RecordingError for a file that is not in the format.
    """
    path = folder / FILE
    if not path.exists():
        return {}
    found: dict[Key, Instrument] = {}
    try:
        with path.open(encoding="utf-8", newline="") as text:
            rows = csv.DictReader(text)
            missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
            if missing:
                right = "the columns are " + ", ".join(COLUMNS)
                raise RecordingError(path, "missing column " + ", ".join(missing), right)
            for row in rows:
                one = _from_row(path, rows.line_num, row)
                key = (one.venue, one.symbol, one.market)
                if key in found:
                    what = f"line {rows.line_num}: {' '.join(key)} a second time"
                    raise RecordingError(path, what, "each instrument has one line")
                found[key] = one
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise RecordingError(path, f"not readable ({error})", "it is a UTF-8 CSV file") from error
    return found


def derive_instrument(key: Key, candles: Candles) -> Instrument:
    """Careful guesses where no file says better.

    The tick is the finest decimal seen in the prices. The lot step is the largest power of ten
    worth at most 1 USDT on spot and 100 USDT on a perpetual at the cheapest price seen, and never
    above one unit; the smallest order is 5 USDT, and the largest market order is not known.
    Raises ValueError for a symbol that is not in the unified form.
    """
    venue, symbol, market = key
    base, quote, multiplier = parse_symbol(symbol)
    prices = np.concatenate((candles.open, candles.close))
    tick = Decimal(1).scaleb(-_decimals(prices))
    worth = Decimal(1) if market is Market.SPOT else Decimal(100)
    step = Decimal(1).scaleb(min(0, (worth / Decimal(repr(float(prices.min())))).adjusted()))
    return _in_base_coins(
        Instrument(
            venue=venue,
            symbol=symbol,
            market=market,
            base=base,
            quote=quote,
            multiplier=multiplier,
            lot_step=step,
            min_quantity=step,
            min_notional=Decimal(5),
            tick_size=tick,
        )
    )


def parse_symbol(symbol: str) -> tuple[str, str, Decimal]:
    """Base coin, quote coin and multiplier: ``1000PEPE/USDT:USDT`` is PEPE, USDT and 1000.

    Raises ValueError for anything else than ``BASE/QUOTE`` or ``BASE/QUOTE:SETTLE``.
    """
    match = _SYMBOL.fullmatch(symbol)
    if match is None:
        raise ValueError(f"symbol {symbol!r} is not BASE/QUOTE or BASE/QUOTE:SETTLE")
    return match["base"], match["quote"], Decimal(match["multiplier"] or 1)


def check_symbols(path: Path, keys: Iterable[Key]) -> None:
    """Raise RecordingError where a symbol's form does not fit its market."""
    for venue, symbol, market in keys:
        right = "spot is BASE/QUOTE, a perpetual is BASE/QUOTE:SETTLE"
        if _SYMBOL.fullmatch(symbol) is None or (":" in symbol) != (market is Market.PERP):
            raise RecordingError(path, f"{venue} {market} symbol {symbol}", right)


# Two zeros are not enough for a multiplier: 1INCH is a coin's name.
_SYMBOL = re.compile(
    r"(?P<multiplier>1000+(?=[A-Z]))?(?P<base>[^/:\s]+)/(?P<quote>[^/:\s]+)(:[^/:\s]+)?"
)
_MOST_DECIMALS = 12


def _from_row(path: Path, line: int, row: Mapping[str, str | None]) -> Instrument:
    def text(column: str) -> str:
        value = (row[column] or "").strip()
        if not value:
            raise RecordingError(path, f"line {line}: {column} is empty", "it needs a value")
        return value

    def number(column: str, *, zero: bool = False) -> Decimal:
        value = text(column)
        try:
            parsed = Decimal(value)
        except InvalidOperation:
            parsed = Decimal("NaN")
        if not parsed.is_finite() or parsed < 0 or (parsed == 0 and not zero):
            right = "a number of 0 or more" if zero else "a number above 0"
            raise RecordingError(
                path, f"line {line}: {column} is {value!r}", f"it should be {right}"
            )
        return parsed

    if text("market") not in tuple(Market):
        what = f"line {line}: market is {text('market')!r}"
        raise RecordingError(path, what, "it should be spot or perp")
    return _in_base_coins(
        Instrument(
            venue=text("venue"),
            symbol=text("symbol"),
            market=Market(text("market")),
            base=text("base"),
            quote=text("quote"),
            multiplier=number("multiplier"),
            lot_step=number("lot_step"),
            min_quantity=number("min_quantity"),
            min_notional=number("min_notional_usdt", zero=True),
            tick_size=number("tick_size"),
            max_market_quantity=(
                number("max_market_quantity")
                if (row["max_market_quantity"] or "").strip()
                else None
            ),
        )
    )


def _in_base_coins(units: Instrument) -> Instrument:
    most = units.max_market_quantity
    return replace(
        units,
        lot_step=units.lot_step * units.multiplier,
        min_quantity=units.min_quantity * units.multiplier,
        tick_size=units.tick_size / units.multiplier,
        max_market_quantity=None if most is None else most * units.multiplier,
    )


def _decimals(prices: NDArray[np.float64]) -> int:
    """How many decimals the finest of the prices has."""
    for decimals in range(_MOST_DECIMALS):
        scale = 10.0**decimals
        if bool(np.all(np.rint(prices * scale) / scale == prices)):
            return decimals
    return _MOST_DECIMALS
