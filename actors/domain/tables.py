"""Trades as rows of text, for spreadsheets and other programs. Every digit; unknown is empty."""

from datetime import datetime
from decimal import Decimal
from enum import Enum

from actors.domain.results import ClosedTrade

TRADE_COLUMNS = (
    "pair",
    "entry_ts",
    "exit_ts",
    "notional",
    "position_id",
    "spot_symbol",
    "perp_symbol",
    "quantity",
    "entry_spot_price",
    "entry_perp_price",
    "exit_spot_price",
    "exit_perp_price",
    "spot_price_pnl",
    "perp_price_pnl",
    "funding",
    "fees_spot",
    "fees_perp",
    "net",
    "slippage",
    "dust_quantity",
    "failed_open",
)


def trade_row(trade: ClosedTrade) -> tuple[object, ...]:
    """The values under TRADE_COLUMNS."""
    pnl = trade.pnl
    return (
        trade.pair_key,
        trade.entry_at,
        trade.exit_at,
        trade.notional_usdt,
        trade.position_id,
        trade.spot_symbol,
        trade.perp_symbol,
        trade.quantity,
        trade.entry_spot_price,
        trade.entry_perp_price,
        trade.exit_spot_price,
        trade.exit_perp_price,
        pnl.spot_price,
        pnl.perp_price,
        pnl.funding,
        pnl.fees_spot,
        pnl.fees_perp,
        pnl.net,
        pnl.slippage,
        trade.dust_quantity,
        trade.failed_open,
    )


def exact(value: object) -> str:
    """Every digit, no exponent; times in ISO 8601 UTC; unknown is empty."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case Decimal():
            return f"{value:f}"
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case Enum():
            return str(value.value)
        case _:
            return str(value)


def cell(value: object) -> str:
    """As :func:`exact`; a text that a spreadsheet would run as a formula gets a quote before it."""
    text = exact(value)
    is_words = isinstance(value, str) and not isinstance(value, Enum)
    return f"'{text}" if is_words and text[:1] in _BEGINS_A_FORMULA and text else text


_BEGINS_A_FORMULA = "=+-@\t\r\n"
