"""The gateway: it never waits, never lies about a failure, and lets orders go first."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, cast

import pytest

from actors.domain.instruments import Instrument, Market
from actors.domain.orders import OrderReport, OrderRequest, OrderStatus, Side
from actors.domain.terms import FeeRates
from actors.gateway.actor import GatewayActor
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
    GetVenueHealth,
    InstrumentsFetched,
    LookUpOrder,
    MarketFetched,
    OrderAnswered,
    OrderLookedUp,
    PlaceOrder,
)
from actors.runtime import (
    ChildSpec,
    Fence,
    Rejected,
    SimulatedClock,
    SimulatedRuntime,
    SupervisorSpec,
)
from actors.venues.port import Venue, VenueDown, VenueError, VenueRefused

START = datetime(2025, 3, 1, tzinfo=UTC)
SPOT = Instrument(
    "test",
    "SOL/USDT",
    Market.SPOT,
    "SOL",
    "USDT",
    *(Decimal(n) for n in ("1", "0.001", "0.001", "5", "0.01")),
)
NAME = "root/gateway"
LONG = timedelta(minutes=5)


@dataclass
class StubVenue:
    """Answers each method with a value or an error, after a second; notes what was called."""

    clock: SimulatedClock
    name: str = "test"
    answers: dict[str, Any] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)

    def __getattr__(self, method: str) -> Callable[..., Coroutine[Any, Any, Any]]:
        async def call(*args: Any) -> Any:
            self.calls.append(f"{method} {args[0].client_id}" if method == "place" else method)
            await self.clock.sleep_until(self.clock.now() + timedelta(seconds=1))
            answer = self.answers.get(method, ())
            if isinstance(answer, Exception):
                raise answer
            return answer

        return call


class House:
    def __init__(self, **limits: int) -> None:
        self.clock = SimulatedClock(START)
        self.venue = StubVenue(self.clock)
        self.fence = Fence("root/execution", 1)
        self.runtime = SimulatedRuntime(self.clock, 1)
        venue = cast("Venue", self.venue)
        spec = ChildSpec("gateway", lambda: GatewayActor(venue, **limits))
        self.runtime.start(SupervisorSpec("root", children=(spec,)))

    def ask(self, message: object) -> Any:
        return self.runtime.ask(NAME, message, LONG)

    def order(self, client_id: str = "a", not_after: datetime | None = None) -> PlaceOrder:
        order = OrderRequest(client_id, SPOT, Side.BUY, Decimal(1))
        return PlaceOrder(order, self.fence, not_after)


REPORT = OrderReport("a", "v1", OrderStatus.FILLED, ())


def test_an_order_that_is_answered() -> None:
    house = House()
    house.venue.answers["place"] = REPORT
    assert house.ask(house.order()) == OrderAnswered("a", report=REPORT)


def test_a_definite_no() -> None:
    house = House()
    house.venue.answers["place"] = VenueRefused("insufficient_funds", "too poor")
    answer = house.ask(house.order())
    assert answer == OrderAnswered("a", refused_code="insufficient_funds", reason="too poor")


@pytest.mark.parametrize("error", [VenueError("?"), VenueDown("maintenance"), KeyError("bug")])
def test_any_other_failure_of_an_order_is_unknown(error: Exception) -> None:
    house = House()
    house.venue.answers["place"] = error
    answer = house.ask(house.order())
    assert (answer.report, answer.refused_code) == (None, None)
    assert type(error).__name__ in answer.reason


def test_a_void_fence_sends_nothing_and_says_unknown() -> None:
    house = House()
    house.fence.revoke()
    answer = house.ask(house.order())
    assert (answer.report, answer.refused_code) == (None, None)
    assert "replaced" in answer.reason
    assert house.venue.calls == []


def test_an_order_past_its_time_is_not_sent_and_said_to_be_unknown() -> None:
    house = House()
    answer = house.ask(house.order(not_after=START - timedelta(seconds=1)))
    assert (answer.report, answer.refused_code) == (None, None)
    assert house.venue.calls == []
    house.venue.answers["place"] = REPORT
    assert house.ask(house.order(not_after=house.clock.now())).report == REPORT


def test_orders_that_expire_free_their_place() -> None:
    house = House(most_orders=1)
    for _ in range(3):
        house.ask(house.order(not_after=START - timedelta(seconds=1)))
    house.venue.answers["place"] = REPORT
    assert house.ask(house.order()).report == REPORT


QUESTIONS = [
    (FetchInstruments(), "instruments", InstrumentsFetched("test", (), None, "VenueDown: out")),
    (FetchAccount("r"), "account", AccountFetched("r", None, "VenueDown: out")),
    (LookUpOrder("a"), "look_up", OrderLookedUp("a", None, "VenueDown: out")),
    (FetchFills(START), "fills_since", FillsFetched(START, (), "VenueDown: out")),
    (
        FetchFundingPayments(START),
        "funding_payments_since",
        FundingPaymentsFetched(START, (), "VenueDown: out"),
    ),
    (
        FetchFundingHistory(SPOT, START, START),
        "funding_history",
        FundingHistoryFetched("SOL/USDT", START, START, (), "VenueDown: out"),
    ),
    (
        FetchDepth("r", (SPOT,)),
        "depth",
        DepthFetched("r", (), "depth of SOL/USDT: VenueDown: out"),
    ),
]


@pytest.mark.parametrize(("question", "method", "failed"), QUESTIONS)
def test_a_question_that_fails_is_a_problem_never_an_empty_answer(
    question: Any, method: str, failed: object
) -> None:
    house = House()
    house.venue.answers[method] = VenueDown("out")
    assert house.ask(question) == failed
    house.venue.answers[method] = None if method in ("account", "look_up") else ()
    assert house.ask(question).problem is None


def test_an_order_the_venue_does_not_know_is_no_problem() -> None:
    house = House()
    house.venue.answers["look_up"] = None
    assert house.ask(LookUpOrder("a")) == OrderLookedUp("a", None, None)


def test_instruments_come_with_the_fees() -> None:
    house = House()
    house.venue.answers |= {"instruments": [SPOT], "fee_rates": FeeRates()}
    assert house.ask(FetchInstruments()) == InstrumentsFetched("test", (SPOT,), FeeRates())
    house.venue.answers["fee_rates"] = VenueError("?")
    answer = house.ask(FetchInstruments())
    assert (answer.instruments, answer.fees) == ((SPOT,), None)
    assert answer.problem == "fee rates: VenueError: ?"


def test_parts_of_the_market_fail_alone() -> None:
    house = House()
    house.venue.answers |= {
        "tickers": VenueError("one"),
        "funding_rates": ("a rate",),
        "account": VenueDown("two"),
    }
    answer = house.ask(FetchMarket(7))
    assert answer == MarketFetched(
        7,
        "test",
        house.clock.now(),
        (),
        cast("Any", ("a rate",)),
        None,
        ("tickers: VenueError: one", "account: VenueDown: two"),
    )


def test_questions_wait_and_orders_do_not() -> None:
    house = House(most_questions=2)
    address = house.runtime.address(NAME)
    house.venue.answers |= {"place": REPORT, "account": None}
    replies = [address.ask(FetchAccount(str(n))) for n in range(6)]
    order = address.ask(house.order())
    house.runtime.run_for(timedelta(milliseconds=100))
    assert house.venue.calls.count("account") == 2
    assert "place a" in house.venue.calls
    house.runtime.run_for(timedelta(seconds=1))
    assert order.done()
    house.runtime.run_for(timedelta(seconds=2))
    assert [reply.get(0).request_id for reply in replies] == [str(n) for n in range(6)]


def test_orders_beyond_the_limit_wait_in_their_order() -> None:
    house = House(most_orders=1)
    house.venue.answers["place"] = REPORT
    address = house.runtime.address(NAME)
    replies = [address.ask(house.order(name)) for name in "abc"]
    house.runtime.run_for(timedelta(milliseconds=100))
    assert house.venue.calls == ["place a"]
    house.runtime.run_for(timedelta(seconds=5))
    assert house.venue.calls == ["place a", "place b", "place c"]
    assert all(reply.done() for reply in replies)


def test_a_waiting_order_is_not_sent_once_its_fence_is_void() -> None:
    house = House(most_orders=1)
    house.venue.answers["place"] = REPORT
    address = house.runtime.address(NAME)
    address.ask(house.order("a"))
    second = address.ask(house.order("b"))
    house.runtime.run_for(timedelta(milliseconds=100))
    house.fence.revoke()
    house.runtime.run_for(timedelta(seconds=5))
    assert house.venue.calls == ["place a"]
    assert second.get(0).refused_code is None


def test_after_a_crash_the_asker_knows_that_the_answer_is_lost() -> None:
    house = House(most_questions=1)
    house.venue.answers |= {"place": REPORT, "account": None}
    reply = house.runtime.address(NAME).ask(house.order())
    house.runtime.run_for(timedelta(milliseconds=100))
    house.runtime.crash(NAME)
    house.runtime.run_for(timedelta(seconds=5))
    with pytest.raises(Rejected) as refusal:
        reply.get(0)
    assert refusal.value.code == "lost"
    assert house.venue.calls == ["place a"]
    assert house.ask(FetchAccount("r")).request_id == "r"


def test_what_nobody_awaits_is_not_sent() -> None:
    house = House()
    house.runtime.address(NAME).tell(house.order())
    house.runtime.run_for(timedelta(seconds=5))
    assert house.venue.calls == []


def test_how_the_venue_answers_is_told_at_once() -> None:
    house = House()
    fresh = house.ask(GetVenueHealth())
    assert (fresh.venue, fresh.answers, fresh.last_answer_at, fresh.answer_p50) == (
        "test",
        0,
        None,
        None,
    )
    house.ask(FetchAccount("r"))
    house.venue.answers["place"] = VenueRefused("insufficient_funds", "a refusal is an answer")
    house.ask(house.order())
    health = house.ask(GetVenueHealth())
    assert (health.answers, health.failures_in_a_row, health.last_failure) == (2, 0, None)
    assert health.last_answer_at == house.clock.now() == START + timedelta(seconds=2)
    assert (health.answer_p50, health.answer_p99) == (1.0, 1.0)


def test_failures_of_the_venue_are_counted_until_it_answers_in_full() -> None:
    house = House()
    house.venue.answers |= {"fills_since": VenueDown("out"), "tickers": VenueDown("no prices")}
    house.ask(FetchFills(START))
    house.ask(FetchMarket(1))
    health = house.ask(GetVenueHealth())
    assert (health.answers, health.failures_in_a_row) == (0, 2)
    assert health.last_failure == "tickers: VenueDown: no prices"
    assert health.last_failure_at == house.clock.now()
    house.ask(FetchAccount("r"))
    assert house.ask(GetVenueHealth()).failures_in_a_row == 0


def test_calls_under_way_and_waiting_are_told() -> None:
    house = House(most_questions=1)
    address = house.runtime.address(NAME)
    for request in ("a", "b", "c"):
        address.ask(FetchAccount(request))
    health = house.ask(GetVenueHealth())
    assert (health.out, health.waiting) == (1, 2)


def test_what_was_not_sent_says_nothing_of_the_venue() -> None:
    house = House()
    house.fence.revoke()
    house.ask(house.order())
    health = house.ask(GetVenueHealth())
    assert (health.answers, health.failures_in_a_row) == (0, 0)
