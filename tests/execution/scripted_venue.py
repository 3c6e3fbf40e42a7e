"""A venue whose answers a test writes down beforehand: one word for each order it gets."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from actors.domain.account import AccountState, Balance, PerpHolding
from actors.domain.funding import FundingPrint, FundingRate
from actors.domain.instruments import Instrument, Market
from actors.domain.market import Depth, Ticker
from actors.domain.orders import Fill, OrderReport, OrderRequest, OrderStatus, Side
from actors.domain.payments import FundingPayment
from actors.domain.terms import FeeRates
from actors.runtime import Clock
from actors.venues.port import VenueDown, VenueError, VenueRefused

from .world import FEE, PERP, PERP_PRICE, SPOT, SPOT_PRICE, book

TIME_OUT = timedelta(seconds=10)
LATENCY = timedelta(milliseconds=50)


@dataclass(slots=True)
class Standing:
    """An order that stands at the venue."""

    report: OrderReport
    visible_at: datetime
    """Before that, a look-up finds it as ``before`` says."""
    before: str = ""
    """``working`` or ``blind``."""


@dataclass(slots=True)
class ScriptedVenue:
    """Holds USDT, SOL and a SOL perpetual. The words for orders (oldest first, then all fill):

    ``fill`` | ``part 0.4`` | ``refuse CODE`` | ``lost`` (stands, no answer) | ``never`` (no answer,
    does not stand) | ``late`` (stands, shows as worked on for 20 s) | ``blind`` (stands, no answer,
    not found for 45 s) | ``stray`` (no answer, arrives and fills only 5 minutes later)
    """

    clock: Clock
    script: list[str] = field(default_factory=list)
    name: str = "test"
    usdt: Decimal = Decimal("10000")
    sol: Decimal = Decimal(0)
    perp: Decimal = Decimal(0)
    orders: dict[str, Standing] = field(default_factory=dict)
    sent: Counter[str] = field(default_factory=Counter)
    """How often each client id reached the venue."""
    fills: list[tuple[Fill, datetime]] = field(default_factory=list)
    """With the time from which on they show."""
    down: bool = False
    blind_account: bool = False
    books: dict[str, Depth] = field(default_factory=dict)

    # --- orders ----------------------------------------------------------------------------------

    async def place(self, order: OrderRequest) -> OrderReport:
        await self._travel()
        self.sent[order.client_id] += 1
        if self.down:
            raise VenueDown("maintenance")
        if order.client_id in self.orders:
            raise VenueRefused("duplicate_client_id", "used before")
        word, _, detail = (self.script.pop(0) if self.script else "fill").partition(" ")
        now = self.clock.now()
        match word:
            case "refuse":
                raise VenueRefused(detail, "by the script")
            case "never":
                await self._time_out(now)
            case "stray":
                await self.clock.sleep_until(now + timedelta(minutes=5))
                self._fill(order, order.quantity, self.clock.now())
                await self._time_out(now)
            case "late" | "blind" | "lost":
                wait = {"late": 20, "blind": 45, "lost": 0}[word]
                self._fill(order, order.quantity, now + timedelta(seconds=wait))
                standing = self.orders[order.client_id]
                standing.before = "working" if word == "late" else "blind"
                if word != "late":
                    await self._time_out(now)
            case _:
                share = Decimal(detail) if word == "part" else Decimal(1)
                quantity = order.instrument.floor_quantity(order.quantity * share)
                self._fill(order, quantity, now)
        await self._travel()
        report = await self.look_up(order.client_id)
        assert report is not None
        return report

    async def look_up(self, client_id: str) -> OrderReport | None:
        await self._query()
        standing = self.orders.get(client_id)
        if standing is None:
            return None
        if self.clock.now() >= standing.visible_at:
            return standing.report
        if standing.before == "blind":
            return None
        return OrderReport(client_id, "v", OrderStatus.UNKNOWN, ())

    def _fill(self, order: OrderRequest, quantity: Decimal, visible_at: datetime) -> None:
        if order.reduce_only:
            if (self.perp < 0) != (order.side is Side.BUY) or self.perp == 0:
                raise VenueRefused("reduce_only_flat", "nothing to reduce")
            quantity = min(quantity, abs(self.perp))
        selling = order.instrument.market is Market.SPOT and order.side is Side.SELL
        if selling and quantity > self.sol:
            raise VenueRefused("insufficient_funds", f"{quantity} to sell, {self.sol} owned")
        fill = self.execute(order.instrument, order.side, quantity, order.client_id, visible_at)
        fills = () if fill is None else (fill,)
        status = OrderStatus.FILLED if quantity == order.quantity else OrderStatus.PARTIAL
        if fill is None:
            status = OrderStatus.REJECTED
        report = OrderReport(order.client_id, "v", status, fills)
        self.orders[order.client_id] = Standing(report, visible_at)

    def execute(
        self,
        instrument: Instrument,
        side: Side,
        quantity: Decimal,
        client_id: str,
        visible_at: datetime,
        *,
        named: bool = True,
    ) -> Fill | None:
        """Something changes hands; ``named=False``: and no fill ever shows it."""
        if quantity == 0:
            return None
        spot = instrument.market is Market.SPOT
        price = SPOT_PRICE if spot else PERP_PRICE
        in_base = spot and side is Side.BUY
        fee = quantity * FEE if in_base else quantity * price * FEE
        signed = quantity if side is Side.BUY else -quantity
        if spot:
            self.sol += signed - (fee if in_base else 0)
            self.usdt -= signed * price + (0 if in_base else fee)
        else:
            self.perp += signed
            self.usdt -= fee
        fill = Fill(
            venue=self.name,
            fill_id=f"f{len(self.fills) + 1}",
            client_id=client_id,
            symbol=instrument.symbol,
            market=instrument.market,
            side=side,
            quantity=quantity,
            price=price,
            fee=fee,
            fee_coin="SOL" if in_base else "USDT",
            at=self.clock.now(),
        )
        if named:
            self.fills.append((fill, visible_at))
        return fill

    # --- questions -------------------------------------------------------------------------------

    async def account(self) -> AccountState:
        await self._query()
        if self.blind_account:
            raise VenueError("no account now")
        perps: tuple[PerpHolding, ...] = ()
        if self.perp:
            perps = (PerpHolding(PERP.symbol, self.perp, PERP_PRICE, PERP_PRICE, None, None),)
        return AccountState(
            self.name,
            self.clock.now(),
            (Balance("SOL", self.sol), Balance("USDT", self.usdt)),
            perps,
            equity_usdt=self.usdt + self.sol * SPOT_PRICE,
            available_usdt=self.usdt,
            initial_margin_usdt=Decimal(0),
            maintenance_margin_usdt=Decimal(0),
            margin_ratio=None,
        )

    async def fills_since(self, since: datetime) -> Sequence[Fill]:
        await self._query()
        now = self.clock.now()
        return [fill for fill, visible in self.fills if fill.at >= since and visible <= now]

    async def depth(self, instrument: Instrument) -> Depth:
        await self._query()
        return self.books.get(instrument.symbol) or book(instrument, at=self.clock.now())

    async def instruments(self) -> Sequence[Instrument]:
        await self._query()
        return [SPOT, PERP]

    async def fee_rates(self) -> FeeRates | None:
        await self._query()
        return FeeRates(FEE, FEE)

    async def tickers(self) -> Sequence[Ticker]:
        await self._query()
        return []

    async def funding_rates(self) -> Sequence[FundingRate]:
        await self._query()
        return []

    async def funding_history(
        self, instrument: Instrument, since: datetime, until: datetime
    ) -> Sequence[FundingPrint]:
        await self._query()
        return []

    async def funding_payments_since(self, since: datetime) -> Sequence[FundingPayment]:
        await self._query()
        return []

    async def close(self) -> None: ...

    async def _query(self) -> None:
        await self._travel()
        if self.down:
            raise VenueDown("maintenance")

    async def _travel(self) -> None:
        await self.clock.sleep_until(self.clock.now() + LATENCY)

    async def _time_out(self, since: datetime) -> None:
        await self.clock.sleep_until(since + TIME_OUT)
        raise VenueError("no answer within 10 s")
