"""What ccxt raises, as the port has it: a definite no, or not known; and what a person reads."""

import ccxt
import pytest

from actors.venues.ccxt.errors import translated
from actors.venues.ccxt.pacing import Paused
from actors.venues.port import VenueDown, VenueError, VenueRefused

BODY = '{"retCode":%d,"retMsg":"%s","result":{},"retExtInfo":{},"time":1672376496682}'


def said(code: int, words: str) -> str:
    return "bybit " + BODY % (code, words)


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (ccxt.InsufficientFunds(said(170131, "Balance insufficient.")), "insufficient_funds", ""),
        (
            ccxt.DuplicateOrderId(said(110072, "OrderLinkedID is duplicate")),
            "duplicate_client_id",
            "",
        ),
        (ccxt.RateLimitExceeded(said(10006, "Too many visits!")), "rate_limited", "slows down"),
        (ccxt.AuthenticationError(said(33004, "Your api key has expired.")), "other", "api_key"),
        (ccxt.PermissionDenied(said(10005, "Permission denied")), "other", "permission"),
        (ccxt.PermissionDenied(said(10010, "Unmatched IP")), "other", "address"),
        (ccxt.BadSymbol(said(10001, "Not supported symbols")), "closed_symbol", "not traded"),
        (Paused(90, "bybit asked for a pause"), "rate_limited", "90 s"),
    ],
)
def test_what_had_no_effect_is_refused(error: Exception, code: str, words: str) -> None:
    made = translated(error, "bybit")
    assert isinstance(made, VenueRefused)
    assert made.code == code
    assert words in str(made)
    assert "{" not in str(made)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ccxt.OnMaintenance(said(10016, "Under maintenance")), "goes on by itself"),
        (ccxt.InvalidNonce(said(10002, "invalid request, check your timestamp")), "NTP"),
        (ccxt.RequestTimeout("bybit GET https://api.bybit.com/v5/order/create"), "in time"),
        (ccxt.ExchangeNotAvailable("bybit GET https://x 502 <html> <b>Bad</b> </html>"), "502 Bad"),
        (ccxt.DDoSProtection("bybit 418"), "shut this address out"),
        (TimeoutError(), "cannot be reached"),
    ],
)
def test_what_may_have_arrived_is_not_refused(error: Exception, words: str) -> None:
    made = translated(error, "bybit")
    assert isinstance(made, VenueDown)
    assert words in str(made)
    assert str(made).startswith("bybit ")


def test_what_nobody_knows_is_neither() -> None:
    made = translated(ccxt.ExchangeError(said(99999, "Something new")), "bybit")
    assert type(made) is VenueError
    assert "Something new (99999)" in str(made)


def test_a_page_of_garbage_is_cut_short() -> None:
    assert len(str(translated(ccxt.ExchangeError("x" * 10_000), "bybit"))) < 500
