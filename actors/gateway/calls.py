"""What a gateway does at its venue for each message, and how the outcome reads as an answer.

A definite no to an order is told as such. Every other failure of an order is *unknown*, and every
failure of a question is a problem in words: never an empty answer.
"""

from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from actors.domain.account import AccountState
from actors.domain.funding import FundingRate
from actors.domain.instruments import Instrument
from actors.domain.market import Depth, Ticker
from actors.domain.orders import OrderReport
from actors.domain.terms import FeeRates
from actors.gateway.messages import (
    AccountFetched,
    DepthFetched,
    FetchAccount,
    FetchDepth,
    FetchFills,
    FetchFundingHistory,
    FetchFundingPayments,
    FetchInstruments,
    FetchMarket,
    FillsFetched,
    FundingHistoryFetched,
    FundingPaymentsFetched,
    InstrumentsFetched,
    LookUpOrder,
    MarketFetched,
    OrderAnswered,
    OrderLookedUp,
    PlaceOrder,
)
from actors.runtime import Failed, Fenced, Ok, Outcome
from actors.venues.port import Venue, VenueRefused

Question = (
    FetchInstruments
    | FetchMarket
    | FetchFundingHistory
    | FetchAccount
    | FetchDepth
    | LookUpOrder
    | FetchFills
    | FetchFundingPayments
)
Answer = (
    InstrumentsFetched
    | MarketFetched
    | FundingHistoryFetched
    | AccountFetched
    | DepthFetched
    | OrderAnswered
    | OrderLookedUp
    | FillsFetched
    | FundingPaymentsFetched
)


@dataclass(slots=True)
class Parts:
    """What could be had of several things asked for together, and why the rest could not."""

    instruments: tuple[Instrument, ...] = ()
    fees: FeeRates | None = None
    tickers: tuple[Ticker, ...] = ()
    rates: tuple[FundingRate, ...] = ()
    account: AccountState | None = None
    depths: list[Depth] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def problem(self) -> str | None:
        return "; ".join(self.problems) or None


# --- orders ----------------------------------------------------------------------------------


async def place(venue: Venue, message: PlaceOrder) -> OrderReport:
    """Send the order, unless whoever wanted it was replaced since (raises Fenced)."""
    message.fence.check()
    return await venue.place(message.order)


def order_answer(message: PlaceOrder, outcome: Outcome[OrderReport]) -> OrderAnswered:
    client_id = message.order.client_id
    match outcome:
        case Ok(report):
            return OrderAnswered(client_id, report=report)
        case Failed(VenueRefused() as refusal):
            return OrderAnswered(client_id, refused_code=refusal.code, reason=str(refusal))
        case Failed(Fenced() as fenced):
            return OrderAnswered(client_id, reason=f"not sent now: {fenced}")
        case Failed(error):
            return OrderAnswered(client_id, reason=in_words(error))


# --- questions -------------------------------------------------------------------------------


def call(venue: Venue, message: Question) -> Coroutine[Any, Any, Any]:
    """The call that answers a question, to be awaited."""
    match message:
        case FetchInstruments():
            return _instruments(venue)
        case FetchMarket():
            return _market(venue)
        case FetchFundingHistory(instrument, since, until):
            return venue.funding_history(instrument, since, until)
        case FetchAccount():
            return venue.account()
        case FetchDepth(_, instruments):
            return _depths(venue, instruments)
        case LookUpOrder(client_id):
            return venue.look_up(client_id)
        case FetchFills(since):
            return venue.fills_since(since)
        case FetchFundingPayments(since):
            return venue.funding_payments_since(since)


def answer(venue: Venue, message: Question, outcome: Outcome[Any], now: datetime) -> Answer:
    """The outcome of :func:`call` as the question's answer."""
    value = outcome.value if isinstance(outcome, Ok) else None
    problem = in_words(outcome.error) if isinstance(outcome, Failed) else None
    parts = value if isinstance(value, Parts) else Parts(problems=[problem] if problem else [])
    match message:
        case FetchInstruments():
            return InstrumentsFetched(venue.name, parts.instruments, parts.fees, parts.problem)
        case FetchMarket(cycle):
            return MarketFetched(
                cycle,
                venue.name,
                now,
                parts.tickers,
                parts.rates,
                parts.account,
                tuple(parts.problems),
            )
        case FetchFundingHistory(instrument, since, until):
            prints = tuple(value or ())
            return FundingHistoryFetched(instrument.symbol, since, until, prints, problem)
        case FetchAccount(request_id):
            return AccountFetched(request_id, value, problem)
        case FetchDepth(request_id):
            return DepthFetched(request_id, tuple(parts.depths), parts.problem)
        case LookUpOrder(client_id):
            return OrderLookedUp(client_id, value, problem)
        case FetchFills(since):
            return FillsFetched(since, tuple(value or ()), problem)
        case FetchFundingPayments(since):
            return FundingPaymentsFetched(since, tuple(value or ()), problem)


def in_words(error: Exception) -> str:
    """``VenueDown: maintenance``: what went wrong, for a person and a log."""
    text = str(error).strip()
    name = type(error).__name__
    return f"{name}: {text}" if text else name


async def _instruments(venue: Venue) -> Parts:
    parts = Parts(instruments=tuple(await venue.instruments()))
    try:
        parts.fees = await venue.fee_rates()
    except Exception as error:
        parts.problems.append(f"fee rates: {in_words(error)}")
    return parts


async def _market(venue: Venue) -> Parts:
    """Tickers, rates and the account; each may fail alone."""
    parts = Parts()
    try:
        parts.tickers = tuple(await venue.tickers())
    except Exception as error:
        parts.problems.append(f"tickers: {in_words(error)}")
    try:
        parts.rates = tuple(await venue.funding_rates())
    except Exception as error:
        parts.problems.append(f"funding rates: {in_words(error)}")
    try:
        parts.account = await venue.account()
    except Exception as error:
        parts.problems.append(f"account: {in_words(error)}")
    return parts


async def _depths(venue: Venue, instruments: tuple[Instrument, ...]) -> Parts:
    parts = Parts()
    for instrument in instruments:
        try:
            parts.depths.append(await venue.depth(instrument))
        except Exception as error:
            parts.problems.append(f"depth of {instrument.symbol}: {in_words(error)}")
    return parts
