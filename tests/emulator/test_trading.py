"""Orders, fills, fees, positions and balances as an unmodified ccxt sees them."""

from typing import Any

import ccxt
import pytest

from tests.emulator.scene import HOUR, PERP, SPOT, START_MS, D, trade_scene
from tests.emulator.server import Emulator


def test_spot_buy_pays_its_fee_in_the_base_coin() -> None:
    async def scene(emulator: Emulator, bybit: Any) -> None:
        sent = await bybit.create_order(
            SPOT, "market", "buy", 0.1, params={"clientOrderId": "pc-1-so1"}
        )
        assert (sent["status"], sent["filled"]) == (None, None)
        order = await bybit.fetch_order(sent["id"], SPOT, {"acknowledged": True})
        assert (order["status"], order["filled"], order["clientOrderId"]) == (
            "closed",
            0.1,
            "pc-1-so1",
        )
        assert order["fee"] == {"cost": 0.0001, "currency": "BTC"}
        (trade,) = await bybit.fetch_my_trades(SPOT)
        assert trade["fee"] == {"cost": 0.0001, "currency": "BTC", "rate": 0.001}
        assert (trade["order"], trade["takerOrMaker"]) == (sent["id"], "taker")
        balance = await bybit.fetch_balance()
        assert balance["BTC"]["total"] == 0.0999
        assert balance["USDT"]["total"] == pytest.approx(100_000 - trade["cost"])
        with pytest.raises(ccxt.InsufficientFunds, match="170131"):
            await bybit.create_order(SPOT, "market", "sell", 0.1)
        await bybit.create_order(SPOT, "market", "sell", 0.0999)
        assert emulator.exchange.account.balance("BTC") == 0

    trade_scene(scene)


def test_spot_market_buy_counts_in_quote_unless_told_otherwise() -> None:
    async def scene(emulator: Emulator, bybit: Any) -> None:
        await bybit.private_post_v5_order_create(
            {
                "category": "spot",
                "symbol": "BTCUSDT",
                "side": "Buy",
                "orderType": "Market",
                "qty": "600",
            }
        )
        assert emulator.exchange.account.balance("BTC") < D("0.01")

    trade_scene(scene)


def test_perp_is_sold_and_bought_back_reduce_only() -> None:
    async def scene(emulator: Emulator, bybit: Any) -> None:
        await bybit.create_order(PERP, "market", "sell", 0.5)
        (held,) = await bybit.fetch_positions([PERP])
        assert (held["side"], held["contracts"], held["leverage"]) == ("short", 0.5, 10)
        assert held["initialMargin"] == pytest.approx(3_000)
        assert held["liquidationPrice"] > 200_000
        emulator.control.price("BTC", D(59_000))
        (held,) = await bybit.fetch_positions()
        assert 450 < held["unrealizedPnl"] < 500
        close = {"reduceOnly": True}
        with pytest.raises(ccxt.InvalidOrder, match="110017"):
            await bybit.create_order(PERP, "market", "sell", 0.5, params=close)
        await bybit.create_order(PERP, "market", "buy", 0.9, params=close)
        assert await bybit.fetch_positions() == []
        with pytest.raises(ccxt.InvalidOrder, match="110017"):
            await bybit.create_order(PERP, "market", "buy", 0.5, params=close)
        trades = await bybit.fetch_my_trades(PERP)
        assert {one["fee"]["currency"] for one in trades} == {"USDT"}
        fees = sum(D(one["info"]["execFee"]) for one in trades)
        moved = sum(
            D(one["info"]["execValue"]) * (1 if one["side"] == "sell" else -1) for one in trades
        )
        assert emulator.exchange.account.balance("USDT") == 100_000 + moved - fees

    trade_scene(scene)


def test_an_order_link_id_is_used_once() -> None:
    async def scene(emulator: Emulator, bybit: Any) -> None:
        params = {"clientOrderId": "pc-2-po1"}
        await bybit.create_order(PERP, "limit", "sell", 0.1, 60_500, params)
        for symbol in (PERP, SPOT):
            with pytest.raises(ccxt.InvalidOrder, match="110072"):
                await bybit.create_order(symbol, "limit", "buy", 0.1, 59_500, params)
        (found,) = await bybit.fetch_open_orders(PERP, params={"orderLinkId": "pc-2-po1"})
        await bybit.cancel_order(found["id"], PERP)
        assert await bybit.fetch_open_orders(PERP) == []
        (ended,) = await bybit.fetch_canceled_and_closed_orders(
            PERP, params={"orderLinkId": "pc-2-po1"}
        )
        assert (ended["id"], ended["status"]) == (found["id"], "canceled")
        with pytest.raises(ccxt.OrderNotFound):
            await bybit.cancel_order(found["id"], PERP)

    trade_scene(scene)


def test_limit_rests_and_is_filled_as_maker_when_the_market_comes() -> None:
    async def scene(emulator: Emulator, bybit: Any) -> None:
        sent = await bybit.create_order(PERP, "limit", "sell", 0.1, 60_300)
        spot = await bybit.create_order(SPOT, "limit", "buy", 0.1, 59_000)
        balance = await bybit.fetch_balance()
        assert balance["USDT"]["used"] == pytest.approx(5_900 + 603)
        emulator.control.price("BTC", D(60_400))
        order = await bybit.fetch_order(sent["id"], PERP, {"acknowledged": True})
        assert (order["status"], order["average"]) == ("closed", 60_300)
        (trade,) = await bybit.fetch_my_trades(PERP)
        assert (trade["takerOrMaker"], trade["fee"]["rate"]) == ("maker", 0.0002)
        (waiting,) = await bybit.fetch_open_orders(SPOT)
        assert waiting["id"] == spot["id"]

    trade_scene(scene)


def test_post_only_ioc_and_fok() -> None:
    async def scene(emulator: Emulator, bybit: Any) -> None:
        async def ended(sent: Any) -> Any:
            return await bybit.fetch_order(sent["id"], PERP, {"acknowledged": True})

        crossing = await bybit.create_order(PERP, "limit", "buy", 0.1, 60_100, {"postOnly": True})
        order = await ended(crossing)
        assert (order["status"], order["filled"]) == ("canceled", 0)
        assert order["info"]["rejectReason"] == "EC_PostOnlyWillTakeLiquidity"
        emulator.control.thin("linear", "BTCUSDT", D(600))
        ioc = {"timeInForce": "IOC"}
        order = await ended(await bybit.create_order(PERP, "limit", "buy", 0.1, 60_006.2, ioc))
        # A derivatives order filled in part ends as canceled.
        assert (order["status"], order["filled"]) == ("canceled", 0.02)
        fok = {"timeInForce": "FOK"}
        order = await ended(await bybit.create_order(PERP, "limit", "buy", 0.1, 60_006.2, fok))
        assert (order["status"], order["filled"]) == ("canceled", 0)

    trade_scene(scene)


REFUSED = [
    (PERP, "limit", 0.0005, 60_000, {}, "10001"),
    (PERP, "market", 500, None, {}, "10001"),
    (PERP, "market", 20, None, {}, "110007"),
    (PERP, "limit", 0.001, 4_000, {}, "110094"),
    (PERP, "limit", 0.01, 70_000, {}, "110003"),
    (SPOT, "limit", 0.00005, 60_000, {}, "170140"),
    (SPOT, "limit", 0.000001, 60_000, {}, "170136"),
    (SPOT, "market", 2, None, {}, "170131"),
    (PERP, "market", 0.1, None, {"clientOrderId": "x" * 37}, "36 characters"),
]


def test_what_cannot_be_is_refused_and_leaves_no_trace() -> None:
    async def scene(emulator: Emulator, bybit: Any) -> None:
        for symbol, kind, quantity, price, params, code in REFUSED:
            market = bybit.market(symbol)
            request = {
                "category": "spot" if market["spot"] else "linear",
                "symbol": market["id"],
                "side": "Buy",
                "orderType": kind.capitalize(),
                "qty": f"{quantity:f}",
                "price": str(price),
                "marketUnit": "baseCoin",
                "orderLinkId": params.get("clientOrderId", ""),
            }
            with pytest.raises(ccxt.ExchangeError, match=code):
                await bybit.private_post_v5_order_create(request)
        assert emulator.control.truth()["orders"] == []

    trade_scene(scene)


def test_funding_is_paid_to_who_holds_at_the_boundary() -> None:
    async def scene(emulator: Emulator, bybit: Any) -> None:
        await bybit.create_order("DOGE/USDT:USDT", "market", "sell", 10_000)
        await bybit.create_order(PERP, "market", "buy", 0.1)
        emulator.control.rate("DOGEUSDT", D("0.0005"))
        before = emulator.exchange.account.balance("USDT")
        emulator.control.advance(3 * HOUR)
        assert emulator.exchange.account.balance("USDT") == before + D("0.75")
        (income,) = await bybit.fetch_funding_history("DOGE/USDT:USDT")
        assert (income["amount"], income["rate"]) == (-0.75, -0.0005)
        assert income["timestamp"] == START_MS + 3 * HOUR * 1000
        (entry,) = await bybit.fetch_ledger("USDT", params={"type": "SETTLEMENT"})
        assert (entry["direction"], entry["amount"]) == ("in", 0.75)
        assert entry["info"]["funding"] == "0.75"
        emulator.control.advance(4 * HOUR)
        assert len(await bybit.fetch_funding_history(PERP)) == 1
        assert len(await bybit.fetch_funding_history()) == 3

    trade_scene(scene)


def test_log_adds_up_to_the_wallet() -> None:
    async def scene(emulator: Emulator, bybit: Any) -> None:
        await bybit.create_order(SPOT, "market", "buy", 0.4)
        await bybit.create_order(PERP, "market", "sell", 0.4)
        emulator.control.advance(9 * HOUR)
        emulator.control.price("BTC", D(63_000))
        await bybit.create_order(PERP, "market", "buy", 0.4, params={"reduceOnly": True})
        emulator.control.deposit("USDT", D("-12.5"))
        account = emulator.exchange.account
        for coin, first in (("USDT", D(100_000)), ("BTC", D(0))):
            rows = [row for row in account.log if row["currency"] == coin]
            assert first + sum(D(row["change"]) for row in rows) == account.balance(coin)
            for row in rows:
                parts = D(row["cashFlow"]) + D(row["funding"] or 0) - D(row["fee"])
                assert parts == D(row["change"])

    trade_scene(scene)


def test_lists_come_in_pages_and_spans() -> None:
    async def scene(emulator: Emulator, bybit: Any) -> None:
        for _ in range(3):
            await bybit.create_order("DOGE/USDT:USDT", "market", "sell", 100)
        first = await bybit.private_get_v5_execution_list({"category": "linear", "limit": 2})
        cursor = first["result"]["nextPageCursor"]
        rest = await bybit.private_get_v5_execution_list(
            {"category": "linear", "limit": 2, "cursor": cursor}
        )
        assert [len(one["result"]["list"]) for one in (first, rest)] == [2, 1]
        assert rest["result"]["nextPageCursor"] == ""
        emulator.control.advance(8 * 24 * HOUR)
        assert await bybit.fetch_my_trades("DOGE/USDT:USDT") == []
        old = await bybit.fetch_my_trades("DOGE/USDT:USDT", since=START_MS)
        assert len(old) == 3
        with pytest.raises(ccxt.BadRequest, match="7 days"):
            await bybit.fetch_my_trades(
                "DOGE/USDT:USDT", START_MS, params={"endTime": START_MS + 8 * 24 * HOUR * 1000}
            )

    trade_scene(scene)


def test_account_settings() -> None:
    async def scene(emulator: Emulator, bybit: Any) -> None:
        await bybit.set_leverage(2, PERP)
        assert (await bybit.fetch_leverage(PERP))["longLeverage"] == 2
        with pytest.raises(ccxt.BadRequest, match="110043"):
            await bybit.set_leverage(2, PERP)
        with pytest.raises(ccxt.BadRequest, match="110013"):
            await bybit.set_leverage(200, PERP)
        await bybit.set_margin_mode("cross")
        info = await bybit.private_get_v5_account_info()
        assert info["result"]["marginMode"] == "REGULAR_MARGIN"
        with pytest.raises(ccxt.NoChange):
            await bybit.set_position_mode(False, PERP)
        fee = await bybit.fetch_trading_fee(PERP)
        assert (fee["taker"], fee["maker"]) == (0.00055, 0.0002)
        assert (await bybit.fetch_trading_fee(SPOT))["taker"] == 0.001

    trade_scene(scene)


def test_wallet_shows_the_margin_ratio() -> None:
    async def scene(emulator: Emulator, bybit: Any) -> None:
        await bybit.create_order(SPOT, "market", "buy", 1)
        await bybit.create_order(PERP, "market", "sell", 1)
        (account,) = (await bybit.fetch_balance())["info"]["result"]["list"]
        margin = D(account["totalMarginBalance"])
        assert 95_000 < margin < 98_000  # spot counts with a haircut of 5 %
        assert D(account["totalEquity"]) > 99_800
        assert D(account["accountIMRate"]) == (6_000 / margin).quantize(D("0.000001"))
        assert D(account["accountMMRate"]) == (300 / margin).quantize(D("0.000001"))

    trade_scene(scene)
