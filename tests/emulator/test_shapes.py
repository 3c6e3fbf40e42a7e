"""Rows carry the fields that Bybit's do, by the answers recorded from it."""

from typing import Any

import pytest

from tests.emulator.scene import PERP, SPOT, trade_scene
from tests.emulator.server import Emulator

ORDER = """orderId orderLinkId blockTradeId symbol price qty side isLeverage positionIdx orderStatus
    cancelType rejectReason avgPrice leavesQty leavesValue cumExecQty cumExecValue cumExecFee
    timeInForce orderType stopOrderType orderIv triggerPrice takeProfit stopLoss tpTriggerBy
    slTriggerBy triggerDirection triggerBy lastPriceOnCreated reduceOnly closeOnTrigger smpType
    smpGroup smpOrderId tpslMode tpLimitPrice slLimitPrice placeType createdTime updatedTime"""
EXECUTION = """symbol orderType underlyingPrice orderLinkId side indexPrice orderId stopOrderType
    leavesQty execTime feeCurrency isMaker execFee feeRate execId tradeIv blockTradeId markPrice
    execPrice markIv orderQty orderPrice execValue execType execQty closedSize seq"""
POSITION = """positionIdx riskId riskLimitValue symbol side size avgPrice positionValue tradeMode
    positionStatus autoAddMargin adlRankIndicator leverage positionBalance markPrice liqPrice
    bustPrice positionMM positionIM tpslMode takeProfit stopLoss trailingStop unrealisedPnl
    curRealisedPnl cumRealisedPnl seq isReduceOnly leverageSysUpdatedTime sessionAvgPrice
    createdTime updatedTime"""
LOG = """id symbol side funding orderLinkId orderId fee change cashFlow transactionTime type feeRate
    bonusChange size qty cashBalance currency category tradePrice tradeId"""
WALLET = """totalEquity accountIMRate totalMarginBalance totalInitialMargin accountType
    totalAvailableBalance accountMMRate totalPerpUPL totalWalletBalance accountLTV
    totalMaintenanceMargin coin"""
KEY = """id note apiKey readOnly secret permissions ips type deadlineDay expiredAt createdAt unified
    uta userID inviterID vipLevel mktMakerLevel affiliateID rsaPublicKey isMaster parentUid
    kycLevel kycRegion"""
LINEAR = {"category": "linear", "symbol": "BTCUSDT"}
ROWS = [
    ("order_realtime", LINEAR, ORDER),
    ("order_history", LINEAR, ORDER),
    ("execution_list", LINEAR, EXECUTION),
    ("execution_list", LINEAR | {"category": "spot"}, EXECUTION),
    ("position_list", LINEAR, POSITION),
    ("account_transaction_log", {}, LOG),
    ("account_wallet_balance", {"accountType": "UNIFIED"}, WALLET),
    ("user_query_api", {}, KEY),
]


@pytest.mark.parametrize(("path", "query", "fields"), ROWS)
def test_rows_are_whole(path: str, query: dict[str, str], fields: str) -> None:
    async def scene(emulator: Emulator, bybit: Any) -> None:
        await bybit.create_order(SPOT, "market", "buy", 0.1)
        await bybit.create_order(PERP, "market", "sell", 0.1)
        await bybit.create_order(PERP, "limit", "sell", 0.1, 61_000)
        answer = await getattr(bybit, f"private_get_v5_{path}")(query)
        assert set(answer) == {"retCode", "retMsg", "result", "retExtInfo", "time"}
        rows = answer["result"].get("list", [answer["result"]])
        assert rows
        for row in rows:
            assert set(fields.split()) <= set(row)

    trade_scene(scene)
