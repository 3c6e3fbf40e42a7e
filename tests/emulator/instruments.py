"""What is listed: spot pairs and linear USDT perpetuals with their real steps and limits."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from tests.emulator.numbers import D, Json

_HERE = Path(__file__).parent
SPOT, LINEAR = "spot", "linear"
TRADING = "Trading"


@dataclass(frozen=True, slots=True)
class Listing:
    """One row of instruments-info; ``row`` is as answered, but for status and funding interval."""

    category: str
    symbol: str
    base: str
    quote: str
    row: Json
    status: str = TRADING
    interval_minutes: int = 0
    """Between two funding settlements; 0 on spot."""

    @property
    def coin(self) -> str:
        """What the base is made of: PEPE for 1000PEPE."""
        return re.sub(r"^10+", "", self.base)

    @property
    def multiplier(self) -> Decimal:
        """Coins in one unit of the base."""
        prefix = self.base.removesuffix(self.coin)
        return D(prefix) if prefix else D(1)

    @property
    def tick(self) -> Decimal:
        return D(self.row["priceFilter"]["tickSize"])

    @property
    def lot(self) -> Decimal:
        return self._lot("basePrecision" if self.category == SPOT else "qtyStep")

    @property
    def min_quantity(self) -> Decimal:
        return self._lot("minOrderQty")

    @property
    def max_quantity(self) -> Decimal:
        return self._lot("maxOrderQty")

    @property
    def max_market_quantity(self) -> Decimal:
        return self._lot("maxOrderQty" if self.category == SPOT else "maxMktOrderQty")

    @property
    def min_notional(self) -> Decimal:
        return self._lot("minOrderAmt" if self.category == SPOT else "minNotionalValue")

    @property
    def max_leverage(self) -> Decimal:
        return D(self.row["leverageFilter"]["maxLeverage"])

    @property
    def price_limit(self) -> Decimal:
        """How far from the last price an order may lie, as a fraction."""
        return D(self.row["riskParameters"]["priceLimitRatioY"])

    def answer(self) -> Json:
        changing: Json = {"status": self.status}
        if self.category == LINEAR:
            changing["fundingInterval"] = self.interval_minutes
        return self.row | changing

    def _lot(self, name: str) -> Decimal:
        return D(self.row["lotSizeFilter"][name])


def listed() -> Iterator[Listing]:
    """Eight spot pairs and eight perpetuals; DOGE settles every 4 h, 1000PEPE every hour."""
    for category in (SPOT, LINEAR):
        rows = json.loads((_HERE / f"listed_{category}.json").read_text())
        yield from (_listing(category, row) for row in rows)


def many(pairs: int) -> Iterator[Listing]:
    """``pairs`` further coins (C0000 ...) on both markets, for scans of a whole exchange."""
    like = {one.category: one for one in listed() if one.symbol == "XRPUSDT"}
    for number in range(pairs):
        base = f"C{number:04}"
        for category, model in like.items():
            row = model.row | {"symbol": f"{base}USDT", "baseCoin": base}
            yield replace(_listing(category, row), interval_minutes=model.interval_minutes)


def by_key(listings: Iterable[Listing]) -> dict[tuple[str, str], Listing]:
    return {(one.category, one.symbol): one for one in listings}


def _listing(category: str, row: Json) -> Listing:
    return Listing(
        category,
        row["symbol"],
        row["baseCoin"],
        row["quoteCoin"],
        row,
        row["status"],
        row.get("fundingInterval", 0),
    )
