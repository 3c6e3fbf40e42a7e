"""What an account is worth and what it may still do: cross margin of a unified account."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.emulator.instruments import LINEAR, SPOT
from tests.emulator.numbers import ZERO, D, Json, text
from tests.emulator.orders import TWELVE

if TYPE_CHECKING:
    from tests.emulator.account import Position
    from tests.emulator.exchange import Exchange

MAINTENANCE_RATE = D("0.005")
"""Of a position's value; one tier for all symbols."""
COLLATERAL = {"USDT": D(1), "BTC": D("0.95"), "ETH": D("0.95")}
OTHER_COLLATERAL = D("0.8")


def collateral_ratio(coin: str) -> Decimal:
    return COLLATERAL.get(coin, OTHER_COLLATERAL)


@dataclass(frozen=True, slots=True)
class Margin:
    """All in USD, which is taken for USDT."""

    wallet: Decimal
    equity: Decimal
    balance: Decimal
    """Wallet after haircuts and what the perpetuals gained."""
    unrealised: Decimal
    initial: Decimal
    maintenance: Decimal

    @property
    def available(self) -> Decimal:
        return max(ZERO, self.balance - self.initial)

    @property
    def is_liquidated(self) -> bool:
        return self.maintenance > 0 and self.balance <= self.maintenance


def margin(exchange: "Exchange") -> Margin:
    account = exchange.account
    wallet = balance = initial = maintenance = unrealised = ZERO
    for coin, amount in account.wallet.items():
        value = amount * usd(exchange, coin)
        wallet += value
        balance += value * (collateral_ratio(coin) if value > 0 else 1)
    for position in account.held():
        value = abs(position.size) * mark(exchange, position)
        unrealised += gain(exchange, position)
        initial += value / position.leverage
        maintenance += value * MAINTENANCE_RATE
    initial += sum((order_margin(exchange, symbol) for symbol in account.positions), ZERO)
    return Margin(
        wallet, wallet + unrealised, balance + unrealised, unrealised, initial, maintenance
    )


def usd(exchange: "Exchange", coin: str) -> Decimal:
    return D(1) if coin == "USDT" else exchange.quotes.price(coin)


def mark(exchange: "Exchange", position: "Position") -> Decimal:
    return exchange.mark(exchange.listing(LINEAR, position.symbol))


def gain(exchange: "Exchange", position: "Position") -> Decimal:
    """Unrealised, USDT."""
    return position.size * mark(exchange, position) - position.cost


def order_margin(exchange: "Exchange", symbol: str) -> Decimal:
    """Held back for the open orders of a perpetual."""
    leverage = exchange.account.position(symbol).leverage
    return sum(
        (
            order.leaves * order.price / leverage
            for order in exchange.account.open_orders()
            if order.category == LINEAR and order.symbol == symbol and not order.reduce_only
        ),
        ZERO,
    )


def liquidation_price(exchange: "Exchange", position: "Position") -> Decimal | None:
    """Where the account would be liquidated if this price alone moved; None: nowhere."""
    whole = margin(exchange)
    size, price = abs(position.size), mark(exchange, position)
    others = whole.maintenance - size * price * MAINTENANCE_RATE
    if position.size < 0:
        found = (whole.balance + size * price - others) / (size * (1 + MAINTENANCE_RATE))
    else:
        found = (size * price + others - whole.balance) / (size * (1 - MAINTENANCE_RATE))
    return found if found > 0 else None


def wallet_answer(exchange: "Exchange", only: list[str] | None = None) -> Json:
    """One account of wallet-balance; the same goes out on the WebSocket."""
    account, whole = exchange.account, margin(exchange)
    coins = []
    for coin in sorted(account.wallet):
        if only and coin not in only:
            continue
        amount = account.balance(coin)
        is_margin_coin = coin == "USDT"
        unrealised = whole.unrealised if is_margin_coin else ZERO
        ours = account.held() if is_margin_coin else []
        position_margin = sum(
            (abs(one.size) * mark(exchange, one) / one.leverage for one in ours), ZERO
        )
        realised = sum((one.realised_ever for one in account.positions.values()), ZERO)
        coins.append(
            {
                "coin": coin,
                "equity": text(amount + unrealised),
                "usdValue": text((amount + unrealised) * usd(exchange, coin)),
                "walletBalance": text(amount),
                "availableToWithdraw": "",
                "availableToBorrow": "",
                "borrowAmount": "0",
                "accruedInterest": "0",
                "totalOrderIM": text((whole.initial - position_margin) if is_margin_coin else ZERO),
                "totalPositionIM": text(position_margin),
                "totalPositionMM": text(whole.maintenance if is_margin_coin else ZERO),
                "unrealisedPnl": text(unrealised),
                "cumRealisedPnl": text(realised if is_margin_coin else ZERO),
                "bonus": "0",
                "collateralSwitch": True,
                "marginCollateral": True,
                "locked": text(account.locked(coin, exchange.spot_coins)),
                "spotHedgingQty": "0",
                "spotBorrow": "0",
            }
        )
    return {
        "accountType": "UNIFIED",
        "accountLTV": "0",
        "accountIMRate": _ratio(whole.initial, whole.balance),
        "accountMMRate": _ratio(whole.maintenance, whole.balance),
        "totalEquity": text(whole.equity),
        "totalWalletBalance": text(whole.wallet),
        "totalMarginBalance": text(whole.balance),
        "totalAvailableBalance": text(whole.available),
        "totalPerpUPL": text(whole.unrealised),
        "totalInitialMargin": text(whole.initial),
        "totalMaintenanceMargin": text(whole.maintenance),
        "coin": coins,
    }


def position_answer(exchange: "Exchange", position: "Position") -> Json:
    """One row of position/list; the same goes out on the WebSocket."""
    price = mark(exchange, position)
    value = abs(position.size) * price
    liquidation = liquidation_price(exchange, position) if position.size else None
    entry = text(position.entry.quantize(TWELVE))
    return {
        "positionIdx": 0,
        "riskId": 1,
        "riskLimitValue": "2000000",
        "category": LINEAR,
        "symbol": position.symbol,
        "side": position.side,
        "size": text(abs(position.size)),
        "avgPrice": entry,
        "entryPrice": entry,
        "positionValue": text(abs(position.cost)) if position.size else "",
        "tradeMode": 0,
        "positionStatus": "Normal",
        "autoAddMargin": 0,
        "adlRankIndicator": 2 if position.size else 0,
        "leverage": text(position.leverage),
        "positionBalance": text(value / position.leverage),
        "markPrice": text(price),
        "liqPrice": text(liquidation.quantize(TWELVE)) if liquidation else "",
        "bustPrice": "",
        "positionMM": text(value * MAINTENANCE_RATE),
        "positionIM": text(value / position.leverage),
        "tpslMode": "Full",
        "takeProfit": "",
        "stopLoss": "",
        "trailingStop": "0",
        "unrealisedPnl": text(gain(exchange, position)) if position.size else "",
        "curRealisedPnl": text(position.realised),
        "cumRealisedPnl": text(position.realised_ever),
        "seq": exchange.sequence,
        "isReduceOnly": False,
        "mmrSysUpdatedTime": "",
        "leverageSysUpdatedTime": "",
        "sessionAvgPrice": "",
        "createdTime": str(position.created_ms),
        "updatedTime": str(position.updated_ms),
    }


def spot_coins(exchange: "Exchange") -> dict[str, tuple[str, str]]:
    """Spot symbol to base and quote coin."""
    return {
        one.symbol: (one.base, one.quote)
        for one in exchange.listings.values()
        if one.category == SPOT
    }


def _ratio(part: Decimal, whole: Decimal) -> str:
    return text((part / whole).quantize(D("0.000001"))) if whole > 0 else ""
