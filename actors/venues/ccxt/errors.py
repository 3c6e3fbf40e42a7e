"""ccxt's exceptions as the port's: what is a definite no, what is not known, and what to do.

Told apart by the names of ccxt's classes, so that ccxt need not be imported to tell.
"""

import json
import re

from actors.venues.ccxt.pacing import Paused
from actors.venues.port import VenueDown, VenueError, VenueRefused


def translated(error: BaseException, exchange: str) -> VenueError:
    """The port's exception for whatever a call of ccxt raised.

    A VenueRefused is only what the exchange has surely not done. Whatever is not known to us is a
    VenueError, and so leaves open what became of the call.
    """
    if isinstance(error, VenueError):
        return error
    if isinstance(error, Paused):
        return VenueRefused("rate_limited", f"{exchange} has too many requests: {error}")
    names = {one.__name__ for one in type(error).__mro__}
    said = what_was_said(error, exchange)
    for name, code, what, advice in _KINDS:
        if name in names:
            text = f"{exchange} {what}: {said}" + (f"; {advice}" if advice else "")
            return VenueDown(text) if code == _DOWN else VenueRefused(code, text)
    if isinstance(error, TimeoutError | OSError):
        return VenueDown(f"{exchange} cannot be reached: {said}")
    return VenueError(f"{exchange}: {type(error).__name__}: {said}")


def is_no_answer(error: VenueError) -> bool:
    """Whether the exchange did not answer at all, as opposed to: answered with a no."""
    return isinstance(error, VenueDown)


def what_was_said(error: BaseException, exchange: str) -> str:
    """The exchange's own words out of an exception's text, on one short line."""
    text = str(error).removeprefix(exchange).strip()
    start = text.find("{")
    if start >= 0:
        try:
            answer = json.loads(text[start:])
        except ValueError:
            answer = None
        if isinstance(answer, dict):
            code = next((answer[key] for key in _CODES if key in answer), None)
            words = next((answer[key] for key in _WORDS if answer.get(key)), None)
            if words is not None:
                return f"{words} ({code})" if code is not None else f"{words}"
    line = re.sub(r"(<[^>]*>|\s)+", " ", text).strip()
    if len(line) > _LONGEST:
        line = line[:_LONGEST] + "..."
    return line or type(error).__name__


_LONGEST = 300
_CODES = ("retCode", "ret_code", "code", "error_code")
_WORDS = ("retMsg", "ret_msg", "msg", "message", "error")


_DOWN = ""
# ccxt's class; our code for a definite no, or _DOWN; what happened, and what to do about it. The
# first that fits counts, so the special ones stand before what they are kinds of.
_KINDS = (
    ("InsufficientFunds", "insufficient_funds", "refuses", ""),
    ("DuplicateOrderId", "duplicate_client_id", "refuses", ""),
    ("RateLimitExceeded", "rate_limited", "has too many requests", "the bot slows down by itself"),
    ("RestrictedLocation", "other", "refuses", "it does not serve this country or address"),
    ("AccountSuspended", "other", "refuses", "the account is suspended: see the exchange's site"),
    (
        "PermissionDenied",
        "other",
        "refuses",
        "give the API key the permission, or allow this machine's address",
    ),
    (
        "AuthenticationError",
        "other",
        "refuses",
        "check exchange.api_key and api_secret, and whether they have expired",
    ),
    ("MarketClosed", "closed_symbol", "refuses", ""),
    ("ContractUnavailable", "closed_symbol", "refuses", ""),
    ("BadSymbol", "closed_symbol", "refuses", "the symbol is not traded there (any more)"),
    ("InvalidProxySettings", "other", "is not asked", "mend the proxy in exchange.ccxt_config"),
    ("NotSupported", "other", "is not asked", "ccxt does not offer this for it"),
    ("OnMaintenance", _DOWN, "is in maintenance", "the bot goes on by itself when that is over"),
    ("DDoSProtection", _DOWN, "has shut this address out", "the bot waits until that is over"),
    ("InvalidNonce", _DOWN, "finds the clock off", "set this machine's clock (NTP)"),
    ("RequestTimeout", _DOWN, "did not answer in time", ""),
    ("ExchangeNotAvailable", _DOWN, "cannot be reached", ""),
    ("NetworkError", _DOWN, "cannot be reached", ""),
    ("BadResponse", _DOWN, "answered with something unreadable", ""),
)
