"""What a gateway (one per venue account) takes and answers. It submits and never waits.

Every answer bears a ``problem``: None, or in words why the venue gave no answer. A problem is
never an empty result.
"""

from dataclasses import dataclass
from datetime import datetime

from actors.domain.account import AccountState
from actors.domain.funding import FundingPrint, FundingRate
from actors.domain.instruments import Instrument
from actors.domain.market import Depth, Ticker
from actors.domain.orders import Fill, OrderReport, OrderRequest
from actors.domain.payments import FundingPayment
from actors.domain.terms import FeeRates
from actors.runtime import Fence


@dataclass(frozen=True, slots=True)
class FetchInstruments:
    """Answered by InstrumentsFetched."""


@dataclass(frozen=True, slots=True)
class InstrumentsFetched:
    venue: str
    instruments: tuple[Instrument, ...]
    fees: FeeRates | None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class FetchMarket:
    """Tickers, funding rates and the account at once; answered by MarketFetched."""

    cycle: int


@dataclass(frozen=True, slots=True)
class MarketFetched:
    cycle: int
    venue: str
    at: datetime
    tickers: tuple[Ticker, ...]
    rates: tuple[FundingRate, ...]
    account: AccountState | None
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FetchFundingHistory:
    """Answered by FundingHistoryFetched."""

    instrument: Instrument
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class FundingHistoryFetched:
    symbol: str
    since: datetime
    until: datetime
    prints: tuple[FundingPrint, ...]
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class FetchAccount:
    """Answered by AccountFetched."""

    request_id: str


@dataclass(frozen=True, slots=True)
class AccountFetched:
    request_id: str
    account: AccountState | None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class FetchDepth:
    """Books of several instruments; answered by DepthFetched."""

    request_id: str
    instruments: tuple[Instrument, ...]


@dataclass(frozen=True, slots=True)
class DepthFetched:
    request_id: str
    depths: tuple[Depth, ...]
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class PlaceOrder:
    """Send once. The intent is on disk already. Answered by OrderAnswered.

    Not sent when the fence is void or ``not_after`` has passed. That is answered as unknown, for
    the letter may have been handled, and the order sent, once before.
    """

    order: OrderRequest
    fence: Fence
    not_after: datetime | None = None


@dataclass(frozen=True, slots=True)
class OrderAnswered:
    """Exactly one of: a report; a definite refusal (code and reason); neither = unknown."""

    client_id: str
    report: OrderReport | None = None
    refused_code: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LookUpOrder:
    """Answered by OrderLookedUp."""

    client_id: str


@dataclass(frozen=True, slots=True)
class OrderLookedUp:
    """``report`` None with ``problem`` None: the venue does not know the id at this moment."""

    client_id: str
    report: OrderReport | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class FetchFills:
    """Answered by FillsFetched."""

    since: datetime


@dataclass(frozen=True, slots=True)
class FillsFetched:
    since: datetime
    fills: tuple[Fill, ...]
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class FetchFundingPayments:
    """Answered by FundingPaymentsFetched."""

    since: datetime


@dataclass(frozen=True, slots=True)
class FundingPaymentsFetched:
    since: datetime
    payments: tuple[FundingPayment, ...]
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class GetVenueHealth:
    """Answered by VenueHealth, at once: the venue itself is not asked."""


@dataclass(frozen=True, slots=True)
class VenueHealth:
    """How the venue has answered since the gateway's start. Seconds are the bot's, not a replay's
    real ones; a refusal is an answer, too."""

    venue: str
    answers: int
    last_answer_at: datetime | None
    failures_in_a_row: int
    """0 = the last call was answered, and in full."""
    last_failure: str | None
    last_failure_at: datetime | None
    answer_p50: float | None
    answer_p99: float | None
    out: int
    """Calls under way."""
    waiting: int
    """Calls not sent yet, for as many are out as may be."""
