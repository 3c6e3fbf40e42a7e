"""A position's fills folded: what each leg holds, has realised and has paid."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from actors.domain.exact import ZERO, average_price, difference, negative, product, total
from actors.domain.holdings import PerpHolding, SpotHolding
from actors.domain.instruments import Market, Pair
from actors.domain.orders import Fill, Side
from actors.domain.positions import Position


@dataclass(frozen=True, slots=True)
class Tally:
    """All fills of one side of one leg together."""

    quantity: Decimal = ZERO
    """Base coins, before any fee."""
    value: Decimal = ZERO
    """Quote coins."""

    @property
    def average_price(self) -> Decimal | None:
        return average_price(self.value, self.quantity)

    def plus(self, fill: Fill) -> "Tally":
        value = product(fill.quantity, fill.price)
        return Tally(total(self.quantity, fill.quantity), total(self.value, value))


@dataclass(slots=True)
class PositionBook:
    """The fold of a position's fills, in USDT. Fees and slippage are negative where they cost."""

    pair: Pair
    spot: SpotHolding = field(default_factory=SpotHolding)
    perp: PerpHolding = field(default_factory=PerpHolding)
    spot_realised: Decimal = ZERO
    perp_realised: Decimal = ZERO
    spot_fees: Decimal = ZERO
    perp_fees: Decimal = ZERO
    slippage: Decimal | None = ZERO
    """None once a fill has no decision price to be measured against."""
    spot_bought: Tally = field(default_factory=Tally)
    spot_sold: Tally = field(default_factory=Tally)
    perp_bought: Tally = field(default_factory=Tally)
    perp_sold: Tally = field(default_factory=Tally)
    largest_hedge: Decimal = ZERO
    """The most the short ever was, base coins."""
    unpriced_coins: tuple[str, ...] = ()
    """Fee coins without a known price: their fees are missing above."""

    def add(
        self, fill: Fill, decision_price: Decimal | None, prices: Mapping[str, Decimal]
    ) -> None:
        """Fold one more fill, in the order of trading. ``prices``: USDT per odd fee coin."""
        fee = fee_usdt(fill, self.pair, prices)
        if fee is None:
            self.unpriced_coins = tuple(sorted({*self.unpriced_coins, fill.fee_coin}))
            fee = ZERO
        if fill.market is Market.SPOT:
            self.spot, realised = self.spot.after(fill, self.pair.long.base)
            self.spot_realised = total(self.spot_realised, realised)
            self.spot_fees = total(self.spot_fees, fee)
            if fill.side is Side.BUY:
                self.spot_bought = self.spot_bought.plus(fill)
            else:
                self.spot_sold = self.spot_sold.plus(fill)
        else:
            self.perp, realised = self.perp.after(fill)
            self.perp_realised = total(self.perp_realised, realised)
            self.perp_fees = total(self.perp_fees, fee)
            self.largest_hedge = max(self.largest_hedge, negative(self.perp.quantity))
            if fill.side is Side.BUY:
                self.perp_bought = self.perp_bought.plus(fill)
            else:
                self.perp_sold = self.perp_sold.plus(fill)
        self._add_slippage(fill, decision_price)

    def _add_slippage(self, fill: Fill, decision_price: Decimal | None) -> None:
        if self.slippage is None or decision_price is None:
            self.slippage = None
            return
        self.slippage = total(self.slippage, slippage_usdt(fill, decision_price))


def fee_usdt(fill: Fill, pair: Pair, prices: Mapping[str, Decimal]) -> Decimal | None:
    """A fill's fee as a result: negative = paid. None for a coin without a price.

    A spot fee in the base coin counts at the fill's own price. ``prices``: USDT per odd fee coin.
    """
    if fill.fee == 0 or fill.fee_coin == pair.long.quote:
        return negative(fill.fee)
    if fill.market is Market.SPOT and fill.fee_coin == pair.long.base:
        return negative(product(fill.fee, fill.price))
    price = prices.get(fill.fee_coin)
    return None if price is None else negative(product(fill.fee, price))


def slippage_usdt(fill: Fill, decision_price: Decimal) -> Decimal:
    """What a fill gained (+) or lost (-) against the price that its decision saw."""
    better = difference(decision_price, fill.price)
    if fill.side is Side.SELL:
        better = negative(better)
    return product(better, fill.quantity)


def book_of(position: Position, prices: Mapping[str, Decimal]) -> PositionBook:
    """All fills of a position folded by their time. ``prices``: USDT per odd fee coin."""
    book = PositionBook(position.pair)
    for fill in in_order(position.fills):
        book.add(fill, decision_price(position, fill), prices)
    return book


def in_order(fills: Iterable[Fill]) -> list[Fill]:
    """In the order of trading, as well as it is known."""
    return sorted(fills, key=trading_order)


def trading_order(fill: Fill) -> tuple[datetime, str, str]:
    """What sorts fills: the venue's time; ids settle what happened in the same instant."""
    return (fill.at, fill.client_id, fill.fill_id)


def decision_price(position: Position, fill: Fill) -> Decimal | None:
    """The price that the decision behind a fill saw; None where it saw none.

    Fills that build the hedge, and those that mend or undo it before it first stood, belong to the
    entry; what reduces it later belongs to the exit.
    """
    spot = fill.market is Market.SPOT
    building = fill.side is (Side.BUY if spot else Side.SELL)
    undoing = position.exit is None if position.opened_at is None else fill.at <= position.opened_at
    if building or undoing:
        return position.entry.spot_price if spot else position.entry.perp_price
    if position.exit is None:
        return None
    return position.exit.spot_price if spot else position.exit.perp_price
