"""Orders and executions, and how the exchange writes them down."""

from dataclasses import dataclass, field
from decimal import Decimal

from tests.emulator.numbers import ZERO, D, Json, text

BUY, SELL = "Buy", "Sell"
NEW, PARTLY, FILLED, CANCELLED = "New", "PartiallyFilled", "Filled", "Cancelled"
PARTLY_CANCELLED = "PartiallyFilledCanceled"
OPEN = (NEW, PARTLY)
TWELVE = D("0.000000000001")


@dataclass(slots=True)
class Order:
    """``quantity`` is base coins; ``budget``, for a market buy given in quote coins, its USDT."""

    number: int
    order_id: str
    link_id: str
    category: str
    symbol: str
    side: str
    kind: str
    """Market or Limit."""
    quantity: Decimal
    price: Decimal
    """0 for a market order."""
    time_in_force: str
    reduce_only: bool
    created_ms: int
    visible_ms: int
    """No list shows it before."""
    budget: Decimal | None = None
    market_unit: str = ""
    status: str = NEW
    reject_reason: str = "EC_NoError"
    cancel_type: str = "UNKNOWN"
    create_type: str = "CreateByUser"
    filled: Decimal = ZERO
    value: Decimal = ZERO
    fees: dict[str, Decimal] = field(default_factory=dict)
    updated_ms: int = 0

    @property
    def sign(self) -> int:
        return 1 if self.side == BUY else -1

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def leaves(self) -> Decimal:
        """Still to be filled; nothing once it has ended."""
        return self.quantity - self.filled if self.is_open else ZERO

    def end(self, now_ms: int, cancel_type: str = "UNKNOWN", reason: str = "EC_NoError") -> None:
        """What is not filled is given up; spot alone says that a part was."""
        partly = self.filled > 0 and self.category == "spot"
        self.status = PARTLY_CANCELLED if partly else CANCELLED
        self.cancel_type, self.reject_reason, self.updated_ms = cancel_type, reason, now_ms

    def answer(self) -> Json:
        average = (self.value / self.filled).quantize(TWELVE) if self.filled else ZERO
        quantity = self.quantity if self.budget is None else self.budget
        return {
            "orderId": self.order_id,
            "orderLinkId": self.link_id,
            "blockTradeId": "",
            "category": self.category,
            "symbol": self.symbol,
            "price": text(self.price),
            "qty": text(quantity),
            "side": self.side,
            "isLeverage": "0" if self.category == "spot" else "",
            "positionIdx": 0,
            "orderStatus": self.status,
            "createType": self.create_type,
            "cancelType": self.cancel_type,
            "rejectReason": self.reject_reason,
            "avgPrice": text(average) if self.filled else "",
            "leavesQty": text(self.leaves),
            "leavesValue": text(self.leaves * self.price),
            "cumExecQty": text(self.filled),
            "cumExecValue": text(self.value),
            "cumExecFee": text(sum(self.fees.values(), ZERO)),
            "cumFeeDetail": {coin: text(fee) for coin, fee in self.fees.items()},
            "timeInForce": self.time_in_force,
            "orderType": self.kind,
            "marketUnit": self.market_unit,
            "stopOrderType": "",
            "orderIv": "",
            "triggerPrice": "",
            "takeProfit": "",
            "stopLoss": "",
            "tpTriggerBy": "",
            "slTriggerBy": "",
            "triggerDirection": 0,
            "triggerBy": "",
            "lastPriceOnCreated": "",
            "reduceOnly": self.reduce_only,
            "closeOnTrigger": False,
            "smpType": "None",
            "smpGroup": 0,
            "smpOrderId": "",
            "tpslMode": "" if self.category == "spot" else "UNKNOWN",
            "tpLimitPrice": "",
            "slLimitPrice": "",
            "placeType": "",
            "createdTime": str(self.created_ms),
            "updatedTime": str(self.updated_ms or self.created_ms),
        }


@dataclass(frozen=True, slots=True)
class Execution:
    """``kind``: Trade, Funding, AdlTrade or BustTrade. ``fee``: positive = paid by the account."""

    number: int
    exec_id: str
    order: Order
    kind: str
    price: Decimal
    quantity: Decimal
    fee: Decimal
    fee_coin: str
    fee_rate: Decimal
    is_maker: bool
    at_ms: int
    visible_ms: int
    leaves: Decimal
    mark_price: Decimal | None = None
    closed: Decimal = ZERO

    @property
    def value(self) -> Decimal:
        return self.price * self.quantity

    def answer(self) -> Json:
        order = self.order
        mark = "" if self.mark_price is None else text(self.mark_price)
        return {
            "category": order.category,
            "symbol": order.symbol,
            "orderId": order.order_id,
            "orderLinkId": order.link_id,
            "side": order.side,
            "orderPrice": text(order.price),
            "orderQty": text(order.quantity),
            "leavesQty": text(self.leaves),
            "createType": order.create_type,
            "orderType": order.kind if self.kind == "Trade" else "UNKNOWN",
            "stopOrderType": "UNKNOWN",
            "execFee": text(self.fee),
            "execFeeV2": "",
            "execId": self.exec_id,
            "execPrice": text(self.price),
            "execQty": text(self.quantity),
            "execType": self.kind,
            "execValue": text(self.value),
            "execTime": str(self.at_ms),
            "feeCurrency": self.fee_coin if order.category == "spot" else "",
            "isMaker": self.is_maker,
            "feeRate": text(self.fee_rate),
            "tradeIv": "",
            "markIv": "",
            "markPrice": mark,
            "indexPrice": "",
            "underlyingPrice": "",
            "blockTradeId": "",
            "closedSize": text(self.closed),
            "seq": self.number,
            "isLeverage": "0",
        }
