"""Each fault once, as an unmodified ccxt meets it, and what stands on the exchange afterwards."""

import asyncio
from pathlib import Path
from typing import Any

import aiohttp
import ccxt
import pytest

from tests.emulator.faults import Fault, Kind, banned, rate_limited, too_many_requests
from tests.emulator.scene import HOUR, PERP, SPOT, D, client, play, trade_scene
from tests.emulator.server import Emulator
from tests.emulator.signing import WITHDRAWER, ApiKey
from tests.emulator.state import load, save

CREATE = "/v5/order/create"
TICKERS = "/v5/market/tickers"


def positions(emulator: Emulator) -> Any:
    return emulator.control.truth()["positions"]


LOST = [
    (Kind.DROP, ccxt.NetworkError, {}),
    (Kind.DROP_AFTER, ccxt.NetworkError, {"BTCUSDT": "-0.1"}),
    (Kind.HTTP, ccxt.ExchangeNotAvailable, {}),
    (Kind.HTTP_AFTER, ccxt.ExchangeNotAvailable, {"BTCUSDT": "-0.1"}),
    (Kind.GARBAGE, ccxt.BaseError, {}),
    (Kind.GARBAGE_AFTER, ccxt.BaseError, {"BTCUSDT": "-0.1"}),
]


@pytest.mark.parametrize(("kind", "error", "held"), LOST, ids=[one[0] for one in LOST])
def test_a_lost_answer_says_nothing_of_the_order(kind: Kind, error: Any, held: Any) -> None:
    async def scene(emulator: Emulator, bybit: Any) -> None:
        emulator.control.fault(kind, path=CREATE)
        params = {"clientOrderId": "pc-9-po1"}
        if kind in (Kind.GARBAGE, Kind.GARBAGE_AFTER):
            # ccxt takes what is no JSON for an order without an id.
            sent = await bybit.create_order(PERP, "market", "sell", 0.1, params=params)
            assert sent["id"] is None
        else:
            with pytest.raises(error):
                await bybit.create_order(PERP, "market", "sell", 0.1, params=params)
        assert positions(emulator) == held
        found = await bybit.fetch_open_orders(PERP, params={"orderLinkId": "pc-9-po1"})
        assert len(found) == len(held)

    trade_scene(scene)


def test_no_answer_in_time() -> None:
    async def scene(emulator: Emulator, bybit: Any) -> None:
        bybit.timeout = 100
        emulator.control.fault(Kind.HANG_AFTER, path=CREATE, delay_ms=300)
        with pytest.raises(ccxt.RequestTimeout):
            await bybit.create_order(PERP, "market", "sell", 0.1)
        assert positions(emulator) == {"BTCUSDT": "-0.1"}

    trade_scene(scene)


def test_slow_answers() -> None:
    async def scene(emulator: Emulator, bybit: Any) -> None:
        emulator.control.fault(Kind.LATENCY, path=TICKERS, delay_ms=300)
        bybit.timeout = 100
        with pytest.raises(ccxt.RequestTimeout):
            await bybit.fetch_tickers([SPOT])
        assert await bybit.fetch_tickers([SPOT])

    play(scene)


def test_limits_and_bans() -> None:
    async def scene(emulator: Emulator, bybit: Any) -> None:
        faults = emulator.faults
        faults.add(rate_limited(TICKERS, reset_ms=123))
        with pytest.raises(ccxt.RateLimitExceeded, match="10006"):
            await bybit.fetch_tickers([SPOT])
        assert bybit.last_response_headers["X-Bapi-Limit-Reset-Timestamp"] == "123"
        faults.add(too_many_requests(retry_after_seconds=7))
        with pytest.raises(ccxt.RateLimitExceeded):
            await bybit.fetch_tickers([SPOT])
        assert bybit.last_response_headers["Retry-After"] == "7"
        faults.add(banned())
        with pytest.raises(ccxt.RateLimitExceeded, match="too frequent"):
            await bybit.fetch_tickers([SPOT])
        faults.add(Fault(Kind.HTTP, status=503, times=2))
        for _ in range(2):
            with pytest.raises(ccxt.ExchangeNotAvailable):
                await bybit.fetch_tickers([SPOT])
        assert await bybit.fetch_tickers([SPOT])

    play(scene)


def test_limits_are_kept_when_enforced() -> None:
    async def scene(emulator: Emulator, bybit: Any) -> None:
        emulator.limits.enforced = True
        for _ in range(10):
            await bybit.create_order(PERP, "market", "sell", 0.001)
        with pytest.raises(ccxt.RateLimitExceeded, match="10006"):
            await bybit.create_order(PERP, "market", "sell", 0.001)
        assert bybit.last_response_headers["X-Bapi-Limit-Status"] == "0"
        assert positions(emulator) == {"BTCUSDT": "-0.01"}

    trade_scene(scene)


def test_one_leg_refused_the_other_taken() -> None:
    async def scene(emulator: Emulator, bybit: Any) -> None:
        match = {"category": "linear", "orderLinkId": "pc-*"}
        emulator.control.fault(Kind.REFUSE, path=CREATE, match=match, code=110007, message="no")
        perp = bybit.create_order(PERP, "market", "sell", 0.1, params={"clientOrderId": "pc-1"})
        spot = bybit.create_order(SPOT, "market", "buy", 0.1, params={"clientOrderId": "pc-2"})
        both: Any = await asyncio.gather(perp, spot, return_exceptions=True)
        refused, taken = both
        assert isinstance(refused, ccxt.InsufficientFunds)
        assert taken["clientOrderId"] == "pc-2"
        assert positions(emulator) == {}

    trade_scene(scene)


def test_orders_that_show_late() -> None:
    async def scene(emulator: Emulator, bybit: Any) -> None:
        emulator.control.fault(Kind.HIDE, path=CREATE, delay_ms=5_000)
        params = {"clientOrderId": "pc-3"}
        await bybit.create_order(SPOT, "market", "buy", 0.1, params=params)
        query = {"orderLinkId": "pc-3"}
        assert await bybit.fetch_open_orders(SPOT, params=query) == []
        assert await bybit.fetch_canceled_and_closed_orders(SPOT, params=query) == []
        assert await bybit.fetch_my_trades(SPOT) == []
        emulator.control.advance(5)
        assert len(await bybit.fetch_open_orders(SPOT, params=query)) == 1
        assert len(await bybit.fetch_canceled_and_closed_orders(SPOT, params=query)) == 1
        assert len(await bybit.fetch_my_trades(SPOT)) >= 1

    trade_scene(scene)


def test_orders_filled_in_part() -> None:
    async def scene(emulator: Emulator, bybit: Any) -> None:
        for symbol, status, raw in (
            (PERP, "canceled", "Cancelled"),
            (SPOT, "closed", "PartiallyFilledCanceled"),
        ):
            emulator.control.fault(Kind.PARTIAL, path=CREATE, fraction=D("0.3"))
            sent = await bybit.create_order(symbol, "market", "buy", 0.1)
            order = await bybit.fetch_order(sent["id"], symbol, {"acknowledged": True})
            assert (order["status"], order["filled"], order["amount"]) == (status, 0.03, 0.1)
            assert order["info"]["orderStatus"] == raw

    trade_scene(scene)


def test_keys_that_do_not_do() -> None:
    async def scene(emulator: Emulator, bybit: Any) -> None:
        add = emulator.control.add_key

        async def error(request: Any) -> str:
            with pytest.raises(ccxt.BaseError) as caught:
                await request
            return f"{type(caught.value).__name__} {caught.value}"

        add(secret="another")
        assert "AuthenticationError" in (found := await error(bybit.fetch_balance()))
        assert "10004" in found
        emulator.control.remove_key("trader")
        assert "10003" in await error(bybit.fetch_balance())
        add(expires_ms=1)
        assert "33004" in await error(bybit.fetch_balance())
        add(ips=("10.0.0.1",))
        assert "10010" in await error(bybit.fetch_balance())
        add(read_only=True)
        await bybit.fetch_balance()
        assert "10005" in await error(bybit.create_order(PERP, "market", "buy", 0.1))
        add(permissions=WITHDRAWER)
        key = await bybit.private_get_v5_user_query_api()
        assert "Withdraw" in key["result"]["permissions"]["Wallet"]

    trade_scene(scene)


def test_clock_off_until_the_time_is_asked_again() -> None:
    async def scene(emulator: Emulator, bybit: Any) -> None:
        emulator.control.advance(HOUR)
        await bybit.fetch_balance()
        emulator.control.skew(30_000)
        with pytest.raises(ccxt.InvalidNonce, match="10002"):
            await bybit.fetch_balance()
        await bybit.load_time_difference()
        await bybit.fetch_balance()

    trade_scene(scene)


def test_adl_liquidation_and_the_owners_hand() -> None:
    async def scene(emulator: Emulator, bybit: Any) -> None:
        control = emulator.control
        await bybit.create_order(PERP, "market", "sell", 8)
        control.adl("BTCUSDT", D("0.25"))
        assert positions(emulator) == {"BTCUSDT": "-6"}
        kinds = {one["info"]["execType"] for one in await bybit.fetch_my_trades(PERP)}
        assert kinds == {"Trade"}  # ADL has to be looked for
        adl = await bybit.fetch_my_trades(PERP, params={"execType": "AdlTrade"})
        assert [(one["amount"], one["side"]) for one in adl] == [(2, "buy")]
        control.by_hand("linear", "BTCUSDT", "Buy", D(1))
        assert positions(emulator) == {"BTCUSDT": "-5"}
        control.price("BTC", D(82_000))
        assert positions(emulator) == {}
        bust = await bybit.fetch_my_trades(PERP, params={"execType": "BustTrade"})
        assert [one["amount"] for one in bust] == [5]

    trade_scene(scene)


def test_delisting_and_maintenance() -> None:
    async def scene(emulator: Emulator, bybit: Any) -> None:
        control = emulator.control
        await bybit.create_order(PERP, "market", "sell", 0.1)
        control.status("linear", "BTCUSDT", "PreDelisting")
        with pytest.raises(ccxt.InvalidOrder, match="110023"):
            await bybit.create_order(PERP, "market", "sell", 0.1)
        await bybit.create_order(PERP, "market", "buy", 0.1, params={"reduceOnly": True})
        control.status("linear", "BTCUSDT", "Closed")
        with pytest.raises(ccxt.BaseError, match="110074"):
            await bybit.create_order(PERP, "market", "sell", 0.1)
        control.maintenance(True)
        with pytest.raises(ccxt.ExchangeError, match="10016"):
            await bybit.fetch_balance()
        assert (await bybit.fetch_status())["status"] == "maintenance"

    trade_scene(scene)


def test_sockets_break_and_fall_silent() -> None:
    async def scene(emulator: Emulator, bybit: Any) -> None:
        await bybit.watch_ticker(PERP)
        waiting = asyncio.ensure_future(bybit.watch_ticker(PERP))
        await asyncio.sleep(0)
        emulator.control.disconnect()
        with pytest.raises(ccxt.NetworkError):
            await waiting
        await bybit.watch_ticker(PERP)
        emulator.control.silence()
        waiting = asyncio.ensure_future(bybit.watch_ticker(PERP))
        emulator.control.price("BTC", D(70_000))
        assert (await bybit.fetch_ticker(PERP))["last"] == 70_000
        assert not waiting.done()
        emulator.control.clear()
        emulator.control.price("BTC", D(71_000))
        assert (await waiting)["last"] == 71_000

    play(scene)


def test_exchange_restarts(tmp_path: Path) -> None:
    async def scene(emulator: Emulator, bybit: Any) -> None:
        sent = await bybit.create_order(PERP, "market", "sell", 0.1)
        resting = await bybit.create_order(SPOT, "limit", "buy", 0.1, 59_000)
        await emulator.stop()
        with pytest.raises(ccxt.NetworkError):
            await bybit.fetch_time()
        await emulator.start()
        with pytest.raises(ccxt.OrderNotFound):
            await bybit.fetch_order(sent["id"], PERP, {"acknowledged": True})
        (ended,) = await bybit.fetch_canceled_and_closed_orders(PERP)
        assert ended["id"] == sent["id"]
        before = emulator.control.truth()
        save(emulator.exchange, tmp_path / "exchange")
        await emulator.stop()
        again = Emulator(load(tmp_path / "exchange"))
        async with again, client(again, ApiKey()) as other:
            assert again.control.truth() == before
            (still,) = await other.fetch_open_orders(SPOT)
            assert still["id"] == resting["id"]

    trade_scene(scene)


def test_levers_by_http() -> None:
    async def scene(emulator: Emulator, bybit: Any) -> None:
        async with aiohttp.ClientSession() as http:

            async def pull(name: str, **arguments: Any) -> int:
                url = f"{emulator.url}/emulator/{name}"
                async with http.post(url, json=arguments) as answer:
                    return answer.status

            assert await pull("price", coin="BTC", price="64000") == 200
            assert (await bybit.fetch_ticker(PERP))["last"] == 64_000
            assert await pull("fault", kind="http", path=TICKERS, status=500) == 200
            with pytest.raises(ccxt.ExchangeNotAvailable):
                await bybit.fetch_ticker(PERP)
            assert await pull("nonsense") == 400
            assert await pull("adl", symbol="BTCUSDT") == 400

    play(scene)
