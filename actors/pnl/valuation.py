"""What is held, at a snapshot's prices. A missing price makes the worth unknown, never less."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from actors.domain.exact import ZERO, product, total, total_of
from actors.domain.holdings import PerpHolding
from actors.domain.ledger import EquityPoint
from actors.domain.market import MarketSnapshot, Ticker
from actors.domain.pnl import CoinPrices, Marks, open_pnl
from actors.domain.results import OpenPositionPnl
from actors.pnl.book import LedgerState, PositionAccount


@dataclass(frozen=True, slots=True)
class Prices:
    """A snapshot's prices, quote per base coin; None = such a coin, but no usable price of it."""

    at: datetime
    spot: Mapping[str, Decimal | None]
    """By base coin."""
    perp: Mapping[str, Decimal | None]
    """By symbol."""

    @property
    def coins(self) -> CoinPrices:
        return tuple((coin, price) for coin, price in self.spot.items() if price is not None)


def prices_of(snapshot: MarketSnapshot, stale_after: timedelta) -> Prices:
    """Mark prices, or else the middle; one older than ``stale_after`` is no price."""

    def usable(ticker: Ticker | None) -> Decimal | None:
        if ticker is None or snapshot.at - ticker.as_of > stale_after:
            return None
        price = ticker.mark if ticker.mark is not None else ticker.mid
        return price if price is not None and price > 0 else None

    return Prices(
        at=snapshot.at,
        spot={one.pair.long.base: usable(one.spot) for one in snapshot.pairs},
        perp={one.pair.short.symbol: usable(one.perp) for one in snapshot.pairs},
    )


@dataclass(frozen=True, slots=True)
class Worth:
    """``point`` None: a price is missing, named in ``missing``."""

    point: EquityPoint | None
    missing: tuple[str, ...]
    left_out: tuple[str, ...]
    """Coins without any pair here: they are no part of the equity."""


def worth(state: LedgerState, prices: Prices, quote: str) -> Worth:
    """Everything at mark, no haircut: the wallet's coins and the perpetuals' unrealised result."""
    missing: list[str] = []
    left_out: list[str] = []
    marks: dict[str, Decimal] = {}
    of_positions = {one.position.pair.long.base for one in state.positions.values()}
    for coin, amount in sorted(state.wallet.items()):
        if coin == quote or not amount:
            continue
        price = prices.spot.get(coin)
        if price is not None:
            marks[coin] = price
        elif coin in prices.spot or coin in of_positions:
            missing.append(f"no price for {coin}")
        else:
            left_out.append(f"{amount} {coin} is not valued: there is no pair of it here")
    holdings = state.perps.holdings()
    for symbol in holdings:
        price = prices.perp.get(symbol)
        if price is not None:
            marks[symbol] = price
        else:
            missing.append(f"no price for {symbol}")
    if missing:
        return Worth(None, tuple(missing), tuple(left_out))
    point = equity_point(
        prices.at, state.wallet, holdings, tuple(marks.items()), quote, state.booked
    )
    return Worth(point, (), tuple(left_out))


def equity_point(
    at: datetime,
    wallet: Mapping[str, Decimal],
    holdings: Mapping[str, PerpHolding],
    marks: tuple[tuple[str, Decimal], ...],
    quote: str,
    booked: int,
) -> EquityPoint:
    """The point that these balances and marks make; a coin without a mark is no part of it."""
    prices = dict(marks)
    cash = wallet.get(quote, ZERO)
    coins = total_of(
        product(amount, prices[coin]) for coin, amount in wallet.items() if coin in prices
    )
    unrealised = total_of(
        holding.unrealised(prices[symbol])
        for symbol, holding in holdings.items()
        if symbol in prices
    )
    return EquityPoint(
        at=at,
        equity_usdt=total(cash, coins, unrealised),
        wallet_usdt=cash,
        unrealised_usdt=unrealised,
        booked=booked,
        marks=marks,
    )


def position_results(state: LedgerState, prices: Prices | None) -> tuple[OpenPositionPnl, ...]:
    """Every position that has a fill and no trade yet, oldest first."""
    return tuple(_result(account, prices) for account in state.in_order() if account.position.fills)


def _result(account: PositionAccount, prices: Prices | None) -> OpenPositionPnl:
    pair = account.position.pair
    marks = Marks(None, None)
    if prices is not None:
        account = account.priced(prices.coins)
        marks = Marks(prices.spot.get(pair.long.base), prices.perp.get(pair.short.symbol))
    return open_pnl(
        account.position, account.folded, account.funding, marks, account.unpriced_funding
    )
