"""Real exchanges, through ccxt: any that has spot and linear swaps."""

from actors.venues.ccxt.connection import Connection
from actors.venues.ccxt.exchange import Exchange, NotUsable
from actors.venues.ccxt.market_data import CcxtMarket

__all__ = ["CcxtMarket", "Connection", "Exchange", "NotUsable"]
