"""One exchange, opened through ccxt: every call of the account goes through here."""

import importlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Any

from actors.venues.ccxt.circuit import Circuit, CircuitState
from actors.venues.ccxt.connection import Connection
from actors.venues.ccxt.errors import translated
from actors.venues.ccxt.pacing import BLIND_PAUSE_SECONDS, Pacer, Priority, pause_after
from actors.venues.ccxt.values import moment
from actors.venues.port import VenueDown, VenueError, VenueRefused

NEEDED = ("fetchTickers", "fetchFundingRates", "fetchFundingRateHistory", "fetchOrderBook")
"""What an exchange must offer, by ccxt's names."""


TICK_SIZE = 4
"""ccxt's number for precisions that are steps."""
DECIMAL_PLACES = 2
"""ccxt's number for precisions that are numbers of decimals."""


class NotUsable(Exception):
    """The exchange cannot be opened as the settings say; ``str()`` says why and what to do."""


@dataclass(slots=True)
class Call:
    """One call under way, and what its answers bore."""

    priority: Priority
    stamped_at: datetime | None = None
    """When the exchange made the answer, by its own clock; None where it does not say."""


@dataclass(frozen=True, slots=True)
class Answered:
    value: Any
    stamped_at: datetime | None


class Exchange:
    """An exchange's one instance of ccxt. To be called on one event loop only.

    Raises NotUsable where ccxt is not installed, does not know the exchange or lacks what is needed
    of it. Opening asks the exchange nothing; ``close`` has to be awaited at the end.
    """

    def __init__(self, connection: Connection) -> None:
        self.id = connection.exchange_id
        self.is_sandbox = connection.sandbox
        self.pacer = Pacer(0.0)
        self._circuit = Circuit(monotonic)
        self.ccxt = _open(connection, self)
        self.pacer = Pacer(self.ccxt.rateLimit / 1000)

    @property
    def ccxt_version(self) -> str:
        return str(importlib.import_module("ccxt").__version__)

    async def ask(
        self, method: str, *arguments: Any, priority: Priority = Priority.QUERY, **named: Any
    ) -> Answered:
        """What ccxt's ``method`` returns. Raises the port's exceptions and no others."""
        if not self._circuit.lets_through():
            state = self._circuit.state
            raise VenueDown(
                f"{self.id} is left alone for {state.seconds_left:.0f} s after "
                f"{state.failures_in_a_row} calls without an answer; the last: {state.last_failure}"
            )
        with _calling(priority) as call:
            try:
                value = await getattr(self.ccxt, method)(*arguments, **named)
            except Exception as error:
                failure = translated(error, self.id)
                if isinstance(failure, VenueDown):
                    self._circuit.failed(str(failure))
                else:
                    self._circuit.answered()
                    self._slow_down_after(failure)
                raise failure from error
        self._circuit.answered()
        return Answered(value, call.stamped_at)

    def _slow_down_after(self, failure: VenueError) -> None:
        """A rate limit may come without a word on when it ends."""
        limited = isinstance(failure, VenueRefused) and failure.code == "rate_limited"
        if limited and not self.pacer.paused_seconds:
            self.pacer.pause(BLIND_PAUSE_SECONDS, f"{self.id} had too many requests")

    def offers(self, capability: str) -> bool:
        """By ccxt's name, like ``fetchBidsAsks``; emulated ones count."""
        return bool(self.ccxt.has.get(capability))

    @property
    def circuit(self) -> CircuitState:
        return self._circuit.state

    async def close(self) -> None:
        await self.ccxt.close()

    # --- told by ccxt ---

    def note_answer(self, status: int, headers: Mapping[str, str]) -> None:
        """An answer has come: it may ask for a pause, and says what time it is there."""
        sent_at = _date_of(headers)
        # By the exchange's own clock where it tells it: ours may be off.
        seconds = pause_after(status, headers, sent_at or datetime.now(UTC))
        if seconds:
            self.pacer.pause(seconds, f"{self.id} asked for a pause (HTTP {status})")
        _stamp(sent_at)

    def note_body(self, body: object) -> None:
        """Bybit and others stamp the whole answer, more finely than HTTP does."""
        if isinstance(body, Mapping):
            _stamp(moment(body.get("time")))


_CALL: ContextVar[Call | None] = ContextVar("call", default=None)


@contextmanager
def _calling(priority: Priority) -> Iterator[Call]:
    call = Call(priority)
    token = _CALL.set(call)
    try:
        yield call
    finally:
        _CALL.reset(token)


def _stamp(at: datetime | None) -> None:
    call = _CALL.get()
    if call is not None and at is not None:
        call.stamped_at = at


def _date_of(headers: Mapping[str, str]) -> datetime | None:
    for name, value in headers.items():
        if name.lower() == "date":
            try:
                return parsedate_to_datetime(value).astimezone(UTC)
            except (ValueError, TypeError):
                return None
    return None


def _open(connection: Connection, exchange: Exchange) -> Any:
    try:
        package = importlib.import_module("ccxt.async_support")
    except ImportError as error:
        raise NotUsable(
            "Live prices need ccxt, which is not installed: pip install 'perpcarry[live]'"
        ) from error
    name = connection.exchange_id
    if name not in package.exchanges:
        known = [one for one in package.exchanges if one.startswith(name[:3])]
        hint = f"; like {', '.join(known)}" if known else ""
        raise NotUsable(f"ccxt knows no exchange {name}: exchange.id is a name of ccxt's{hint}")
    try:
        made = _paced(getattr(package, name), exchange)(_config(connection))
    except Exception as error:
        raise NotUsable(f"exchange.ccxt_config does not suit {name}: {error}") from error
    missing = [what for what in NEEDED if not made.has.get(what)]
    if missing:
        raise NotUsable(
            f"{name} cannot be traded: ccxt offers no {', '.join(missing)} for it. Spot and linear "
            "swaps with funding rates are needed, as at bybit, binance or okx"
        )
    if made.precisionMode not in (TICK_SIZE, DECIMAL_PLACES):
        raise NotUsable(f"{name} cannot be traded: it lists no fixed steps of price and quantity")
    if connection.sandbox:
        try:
            made.set_sandbox_mode(True)
        except Exception as error:
            raise NotUsable(f"{name} has no test network: set exchange.sandbox to false") from error
    return made


def _config(connection: Connection) -> dict[str, Any]:
    """What is asked of every exchange; whatever the settings say counts more."""
    ours: dict[str, Any] = {
        "enableRateLimit": True,
        "options": {"defaultType": "swap", **_OPTIONS.get(connection.exchange_id, {})},
        "has": {"fetchCurrencies": False},
    }
    for key, value in connection.ccxt_config.items():
        known = ours.get(key)
        if isinstance(known, Mapping) and isinstance(value, Mapping):
            value = {**known, **value}
        ours[key] = value
    return ours


_OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "bybit": {"fetchMarkets": {"types": ["spot", "linear"]}},
    "binance": {"fetchMarkets": {"types": ["spot", "linear"]}},
    "okx": {"fetchMarkets": {"types": ["spot", "swap"]}},
}
"""Kinds of markets nobody here trades need not be listed: options are thousands."""


def _paced(kind: Any, exchange: Exchange) -> Any:
    """The exchange's own class of ccxt, with our pacing in place of its own.

    A row of an answer that cannot be read is left out; it does not take the others with it.
    """

    class Paced(kind):  # type: ignore[misc]
        async def throttle(self, cost: float | None = None) -> None:
            call = _CALL.get()
            priority = Priority.QUERY if call is None else call.priority
            await exchange.pacer.turn(1.0 if cost is None else float(cost), priority)

        def on_rest_response(
            self, code: int, reason: Any, url: Any, method: Any, headers: Any, *rest: Any
        ) -> Any:
            exchange.note_answer(int(code), headers)
            return super().on_rest_response(code, reason, url, method, headers, *rest)

        async def fetch(self, *arguments: Any, **named: Any) -> Any:
            answer = await super().fetch(*arguments, **named)
            exchange.note_body(answer)
            return answer

        def parse_ticker(self, row: Any, market: Any = None) -> Any:
            try:
                return super().parse_ticker(row, market)
            except Exception:
                return {"symbol": None}

        def parse_funding_rate(self, row: Any, market: Any = None) -> Any:
            try:
                return super().parse_funding_rate(row, market)
            except Exception:
                return {"symbol": None}

    Paced.__name__ = kind.__name__
    return Paced
