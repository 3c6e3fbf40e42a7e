"""Orders, fills, positions and wallet by WebSocket, and orders sent by it."""

import asyncio
from typing import Any

from tests.emulator.scene import PERP, trade_scene
from tests.emulator.server import Emulator


def test_an_order_is_told_on_every_topic() -> None:
    async def scene(emulator: Emulator, bybit: Any) -> None:
        assert await bybit.watch_positions() == []  # the first call is a snapshot by HTTP
        waiting = [
            asyncio.ensure_future(one)
            for one in (
                bybit.watch_orders(),
                bybit.watch_my_trades(),
                bybit.watch_balance(),
                bybit.watch_positions(),
            )
        ]
        await emulator.sockets.until_subscribed("order", "execution", "wallet", "position")
        await bybit.create_order(PERP, "market", "sell", 0.1, params={"clientOrderId": "pc-7"})
        orders, trades, balance, positions = await asyncio.gather(*waiting)
        assert (orders[0]["clientOrderId"], orders[0]["status"]) == ("pc-7", "closed")
        assert (trades[0]["amount"], trades[0]["fee"]["currency"]) == (0.1, "USDT")
        assert balance["USDT"]["total"] < 100_000
        assert (positions[0]["side"], positions[0]["contracts"]) == ("short", 0.1)

    trade_scene(scene)


def test_orders_by_socket() -> None:
    async def scene(emulator: Emulator, bybit: Any) -> None:
        sent = await bybit.create_order_ws(PERP, "limit", "sell", 0.1, 61_000)
        await bybit.cancel_order_ws(sent["id"], PERP)
        (order,) = emulator.control.truth()["orders"]
        assert (order["orderId"], order["orderStatus"]) == (sent["id"], "Cancelled")

    trade_scene(scene)
