"""A paper exchange over quotes that a test sets by hand, on a clock that it turns by hand."""

from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from actors.domain.account import AccountState
from actors.domain.funding import FundingPrint, FundingRate
from actors.domain.instruments import Instrument, Market
from actors.domain.market import Depth, Level, Ticker
from actors.domain.orders import OrderReport, OrderRequest, Side
from actors.runtime import SimulatedClock
from actors.venues.paper import FaultPlan, MemoryVault, PaperRules, PaperVenue, Vault

T = TypeVar("T")
D = Decimal
START = datetime(2025, 3, 1, 1, tzinfo=UTC)

SPOT = Instrument(
    "alpha",
    "AAA/USDT",
    Market.SPOT,
    "AAA",
    "USDT",
    multiplier=D(1),
    lot_step=D("0.01"),
    min_quantity=D("0.02"),
    min_notional=D(5),
    tick_size=D("0.01"),
    max_market_quantity=D(5000),
)
PERP = replace(
    SPOT, symbol="AAA/USDT:USDT", market=Market.PERP, lot_step=D("0.1"), min_quantity=D("0.1")
)
OTHER_SPOT = replace(SPOT, symbol="BBB/USDT", base="BBB")
OTHER_PERP = replace(PERP, symbol="BBB/USDT:USDT", base="BBB")


@dataclass(slots=True)
class HandMarket:
    """Prices (by symbol), sizes and prints as a test sets them; each level is 1 % further out."""

    clock: SimulatedClock
    listed: tuple[Instrument, ...] = (SPOT, PERP, OTHER_SPOT, OTHER_PERP)
    prices: dict[str, Decimal] = field(default_factory=dict)
    level_size: Decimal = Decimal("100")
    levels: int = 3
    prints: list[FundingPrint] = field(default_factory=list)
    asked: list[datetime] = field(default_factory=list)
    """From when on prints were asked for, call by call."""
    delay: timedelta = timedelta(0)
    """Until an answer about prints comes."""
    name: str = "alpha"

    def __post_init__(self) -> None:
        for one in self.listed:
            self.prices.setdefault(one.symbol, D(100))

    def set_price(self, base: str, price: str | Decimal) -> None:
        """Of the coin's spot and perpetual alike."""
        for one in self.listed:
            if one.base == base:
                self.prices[one.symbol] = D(price)

    async def instruments(self) -> Sequence[Instrument]:
        return self.listed

    async def tickers(self) -> Sequence[Ticker]:
        now = self.clock.now()
        return tuple(
            Ticker(one.symbol, one.market, price * D("0.99"), price * D("1.01"), price, None, now)
            for one in self.listed
            if (price := self.prices.get(one.symbol)) is not None
        )

    async def funding_rates(self) -> Sequence[FundingRate]:
        return ()

    async def depth(self, instrument: Instrument) -> Depth:
        price = self.prices.get(instrument.symbol)
        far = range(1, self.levels + 1) if price is not None else ()
        price = price or D(0)
        return Depth(
            instrument.symbol,
            instrument.market,
            bids=tuple(Level(price * (100 - n) / 100, self.level_size) for n in far),
            asks=tuple(Level(price * (100 + n) / 100, self.level_size) for n in far),
            as_of=self.clock.now(),
        )

    async def funding_history(
        self, instrument: Instrument, since: datetime, until: datetime
    ) -> Sequence[FundingPrint]:
        self.asked.append(since)
        await self.clock.sleep_until(self.clock.now() + self.delay)
        return [
            one
            for one in self.prints
            if one.symbol == instrument.symbol and since < one.at <= until
        ]


class Exchange:
    """A paper venue with its market, clock and vault, called without an event loop."""

    def __init__(
        self,
        rules: PaperRules | None = None,
        faults: FaultPlan | None = None,
        vault: Vault | None = None,
    ) -> None:
        self.clock = SimulatedClock(START)
        self.market = HandMarket(self.clock)
        self.vault: Vault = vault or MemoryVault()
        self.rules = rules or PaperRules(latency=timedelta(0))
        self.faults = faults or FaultPlan()
        self.venue = self._venue()
        self._orders = 0

    def restart(self) -> None:
        """Lose the process; only the vault and the plan of faults are left."""
        self.venue = self._venue()

    def pass_time(self, **span: float) -> datetime:
        self.clock.advance_to(self.clock.us_at(self.clock.now() + timedelta(**span)))
        return self.clock.now()

    def run(self, call: Coroutine[Any, Any, T]) -> T:
        """The call's result, with the clock turned to whatever it waits for."""
        return drive(self.clock, call)

    def place(
        self,
        instrument: Instrument,
        side: Side,
        quantity: str | Decimal,
        client_id: str | None = None,
        *,
        reduce_only: bool = False,
    ) -> OrderReport:
        self._orders += 1
        name = client_id or f"order-{self._orders}"
        order = OrderRequest(name, instrument, side, D(quantity), reduce_only)
        return self.run(self.venue.place(order))

    def account(self) -> AccountState:
        return self.run(self.venue.account())

    def available(self) -> Decimal:
        """Which the exchange itself always knows."""
        available = self.account().available_usdt
        assert available is not None
        return available

    @property
    def records(self) -> list[str]:
        return list(self.vault.read())

    def _venue(self) -> PaperVenue:
        return PaperVenue(self.market, self.clock, self.vault, self.rules, self.faults)


def drive(clock: SimulatedClock, call: Coroutine[Any, Any, T]) -> T:
    """Step a coroutine that waits for nothing but the clock."""
    try:
        while True:
            clock.advance_to(call.send(None).due_us)
    except StopIteration as end:
        result: T = end.value
        return result


def settled(
    symbol: str, at: datetime, rate: str, mark: str | None = "100", hours: int = 8
) -> FundingPrint:
    return FundingPrint(symbol, at, D(rate), hours, None if mark is None else D(mark))
