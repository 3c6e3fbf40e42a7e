"""The account itself: wallet, margin mode, fees, transaction log, and what the key may do."""

from datetime import UTC, datetime

from tests.emulator.answers import Refused
from tests.emulator.instruments import SPOT
from tests.emulator.lists import DAY_MS, listing_of, span
from tests.emulator.margin import collateral_ratio, wallet_answer
from tests.emulator.numbers import Json, text
from tests.emulator.private_routes import Caller, may_trade
from tests.emulator.routing import Query, Routes

routes = Routes()
MARGIN_MODES = ("ISOLATED_MARGIN", "REGULAR_MARGIN", "PORTFOLIO_MARGIN")


@routes.get("/v5/user/query-api")
def query_api(caller: Caller, query: Query) -> Json:
    key = caller.key
    expires = "1970-01-01T00:00:00Z" if key.expires_ms is None else _iso(key.expires_ms)
    return {
        "id": "1",
        "note": "emulator",
        "apiKey": key.key,
        "readOnly": int(key.read_only),
        "secret": "",
        "permissions": {name: list(rights) for name, rights in key.rights.items()},
        "ips": list(key.ips),
        "type": 1,
        "deadlineDay": 90,
        "expiredAt": expires,
        "createdAt": "2024-01-01T00:00:00Z",
        "unified": 0,
        "uta": 1,
        "userID": 1,
        "inviterID": 0,
        "vipLevel": "No VIP",
        "mktMakerLevel": "0",
        "affiliateID": 0,
        "rsaPublicKey": "",
        "isMaster": True,
        "parentUid": "0",
        "kycLevel": "LEVEL_DEFAULT",
        "kycRegion": "",
    }


@routes.get("/v5/account/info")
def account_info(caller: Caller, query: Query) -> Json:
    return {
        "marginMode": caller.exchange.account.margin_mode,
        "updatedTime": str(caller.exchange.clock.now_ms()),
        "unifiedMarginStatus": 6,
        "dcpStatus": "OFF",
        "timeWindow": 10,
        "smpGroup": 0,
        "isMasterTrader": False,
        "spotHedgingStatus": "OFF",
    }


@routes.post("/v5/account/set-margin-mode")
def set_margin_mode(caller: Caller, query: Query) -> Json:
    """Refused (3400045) while something is held or open."""
    may_trade(caller.key, "linear")
    mode, account = query.get("setMarginMode", ""), caller.exchange.account
    if mode not in MARGIN_MODES:
        raise Refused(10001, "params error: setMarginMode invalid")
    if mode != account.margin_mode and (account.held() or account.open_orders()):
        raise Refused(3400045, "Set margin mode failed")
    account.margin_mode = mode
    return {"reasons": []}


@routes.get("/v5/account/wallet-balance")
def wallet_balance(caller: Caller, query: Query) -> Json:
    if query.get("accountType") != "UNIFIED":
        raise Refused(10001, "accountType only support UNIFIED.")
    coins = [one for one in query.get("coin", "").split(",") if one]
    return {"list": [wallet_answer(caller.exchange, coins)]}


@routes.get("/v5/account/fee-rate")
def fee_rate(caller: Caller, query: Query) -> Json:
    exchange, category = caller.exchange, query.get("category", "linear")
    taker, maker = exchange.fee_rates.get(category, (None, None))
    if taker is None or maker is None:
        return {"list": []}
    rows = [
        {
            "symbol": one.symbol,
            "baseCoin": one.base if category == SPOT else "",
            "takerFeeRate": text(taker),
            "makerFeeRate": text(maker),
        }
        for one in exchange.in_category(category)
        if query.get("symbol") in (None, one.symbol)
    ]
    return {"list": rows}


@routes.get("/v5/account/collateral-info")
def collateral(caller: Caller, query: Query) -> Json:
    rows = [
        {
            "currency": coin,
            "collateralRatio": text(collateral_ratio(coin)),
            "marginCollateral": True,
            "collateralSwitch": True,
            "borrowable": False,
            "borrowAmount": "0",
            "availableToBorrow": "0",
            "hourlyBorrowRate": "0",
            "freeBorrowingLimit": "0",
            "freeBorrowAmount": "0",
            "maxBorrowingAmount": "0",
            "borrowUsageRate": "0",
        }
        for coin in ("USDT", *sorted(caller.exchange.quotes.index))
        if query.get("currency") in (None, coin)
    ]
    return {"list": rows}


@routes.get("/v5/account/transaction-log")
def transaction_log(caller: Caller, query: Query) -> Json:
    """Of the last 24 hours or of the span asked for, newest first."""
    exchange = caller.exchange
    first, last = span(query, exchange.clock.now_ms(), DAY_MS)
    rows = [
        row
        for row in reversed(exchange.account.log)
        if first <= int(row["transactionTime"]) <= last
        and query.get("category") in (None, "", row["category"])
        and query.get("currency") in (None, "", row["currency"])
        and query.get("type") in (None, "", row["type"])
    ]
    return listing_of(rows, query, 20, 50)


@routes.get("/v5/asset/coin/query-info")
def coins(caller: Caller, query: Query) -> Json:
    """Deposits and withdrawals are of no concern: coins without a chain."""
    names = ("USDT", *sorted(caller.exchange.quotes.index))
    return {
        "rows": [
            {"name": name, "coin": name, "remainAmount": "0", "chains": []}
            for name in names
            if query.get("coin") in (None, name)
        ]
    }


def _iso(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
