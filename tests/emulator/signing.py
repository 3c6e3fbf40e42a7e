"""Who asks: API keys, and the HMAC signatures of requests and of WebSocket log-ins."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from tests.emulator.answers import Refused
from tests.emulator.clock import Clock

TRADER = {
    "ContractTrade": ["Order", "Position"],
    "Spot": ["SpotTrade"],
    "Wallet": ["AccountTransfer"],
    "Options": [],
    "Derivatives": ["DerivativesTrade"],
    "Exchange": [],
    "NFT": [],
    "Affiliate": [],
}
WITHDRAWER = TRADER | {"Wallet": ["AccountTransfer", "Withdraw"]}


@dataclass(frozen=True, slots=True)
class ApiKey:
    """``expires_ms``: exchange time, None = never; ``ips``: addresses it may be used from."""

    key: str = "trader"
    secret: str = "secret"
    permissions: Mapping[str, list[str]] | None = None
    read_only: bool = False
    expires_ms: int | None = None
    ips: tuple[str, ...] = ("*",)

    @property
    def rights(self) -> Mapping[str, list[str]]:
        return TRADER if self.permissions is None else self.permissions

    def sign(self, text: str) -> str:
        return hmac.new(self.secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def identify(
    keys: Mapping[str, ApiKey], clock: Clock, headers: Mapping[str, str], payload: str, ip: str
) -> ApiKey:
    """The key that signed ``payload`` (query string as sent, or body).

    Raises `Refused` as Bybit does: 10001 unsigned, 10003 unknown key, 10002 clock off, 10004 wrong
    signature, 33004 expired, 10010 foreign address.
    """
    name = headers.get("X-BAPI-API-KEY", "")
    stamp = headers.get("X-BAPI-TIMESTAMP", "")
    signature = headers.get("X-BAPI-SIGN", "")
    window = headers.get("X-BAPI-RECV-WINDOW", "5000")
    if not (name and stamp.isdecimal() and window.isdecimal() and signature):
        raise Refused(
            10001,
            f"empty value: apiTimestamp[{stamp}] apiKey[{name}] apiSignature[{signature}]"
            ": openapi sign params error!",
        )
    if (key := keys.get(name)) is None:
        raise Refused(10003, "API key is invalid.")
    if not clock.is_fresh(int(stamp), int(window)):
        raise Refused(
            10002,
            "invalid request, please check your server timestamp or recv_window param. "
            f"req_timestamp[{stamp}],server_timestamp[{clock.now_ms()}],recv_window[{window}]",
        )
    origin = stamp + name + window + payload
    if not hmac.compare_digest(key.sign(origin), signature):
        raise Refused(10004, f"error sign! origin_string[{origin}]")
    _usable(key, clock, ip)
    return key


def log_in(keys: Mapping[str, ApiKey], clock: Clock, arguments: list[object]) -> ApiKey:
    """The key of a WebSocket's ``auth``: [key, expires (ms), signature]. Raises `Refused`."""
    if len(arguments) != 3:
        raise Refused(10001, "Params Error")
    name, expires, signature = map(str, arguments)
    if (key := keys.get(name)) is None:
        raise Refused(10003, "API key is invalid.")
    if not hmac.compare_digest(key.sign(f"GET/realtime{expires}"), signature):
        raise Refused(10004, "Your api key has expired or sign error")
    if clock.is_past(int(expires)):
        raise Refused(10002, "Request not authorized: expires is in the past")
    _usable(key, clock, "127.0.0.1")
    return key


def _usable(key: ApiKey, clock: Clock, ip: str) -> None:
    if key.expires_ms is not None and clock.now_ms() >= key.expires_ms:
        raise Refused(33004, "Your api key has expired.")
    if "*" not in key.ips and ip not in key.ips:
        raise Refused(10010, "Unmatched IP, please check your API key's bound IP addresses.")
