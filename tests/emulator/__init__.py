"""Bybit v5 on a loopback port: what a bot meets there, and every way in which it goes wrong."""

from tests.emulator.client import ccxt_config
from tests.emulator.clock import Clock
from tests.emulator.control import Control
from tests.emulator.exchange import Exchange
from tests.emulator.faults import Fault, Kind
from tests.emulator.server import Emulator
from tests.emulator.signing import ApiKey

__all__ = ["ApiKey", "Clock", "Control", "Emulator", "Exchange", "Fault", "Kind", "ccxt_config"]
