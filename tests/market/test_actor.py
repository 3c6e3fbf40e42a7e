"""The market actor among a gateway and those who want a snapshot, in virtual time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from actors.domain.market import PairMarket
from actors.domain.terms import CarryTerms
from actors.gateway.messages import (
    FetchFundingHistory,
    FetchInstruments,
    FetchMarket,
    FundingHistoryFetched,
    InstrumentsFetched,
    MarketFetched,
)
from actors.market.actor import MarketActor
from actors.market.messages import SnapshotTaken, TakeSnapshot
from actors.runtime import Actor, ChildSpec, SimulatedRuntime, SupervisorSpec
from tests.builders import D, account, funding, pair, settled, ticker

START = datetime(2025, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
BOUNDARY = START.replace(hour=8)


class Gateway(Actor):
    """Settles 3 bp every 8 hours; the last settlement is not in its rates, so it is asked for."""

    def __init__(self, house: "House") -> None:
        self._house = house

    def receive(self, message: Any) -> None:
        now, both = self.context.now(), pair()
        match message:
            case FetchInstruments():
                self.context.reply(InstrumentsFetched("binance", (both.long, both.short), None))
            case FetchFundingHistory(instrument, since, until):
                self._house.asked.append(since)
                prints = tuple(
                    settled(at)
                    for at in (BOUNDARY + 8 * HOUR * step for step in range(-400, 400))
                    if since < at <= until
                )
                self.context.reply(FundingHistoryFetched(instrument.symbol, since, until, prints))
            case FetchMarket(cycle):
                tickers = (ticker(both.long, "100", now), ticker(both.short, "100.5", now))
                rates = (replace(funding(at=now), last_settled=None),)
                self.context.reply(MarketFetched(cycle, "binance", now, tickers, rates, account()))


class House:
    def __init__(self) -> None:
        self.asked: list[datetime] = []
        self.cycles = 0
        self.runtime = runtime = SimulatedRuntime(START, seed=1)
        gateway = runtime.address("root/gateway")
        runtime.start(
            SupervisorSpec(
                "root",
                children=(
                    ChildSpec("gateway", lambda: Gateway(self)),
                    ChildSpec("market", lambda: MarketActor(gateway, CarryTerms(), 3024 * HOUR)),
                ),
            )
        )
        runtime.run_until_idle()

    def seen(self) -> PairMarket:
        self.cycles += 1
        question = TakeSnapshot(self.cycles)
        taken: SnapshotTaken = self.runtime.ask("root/market", question, timedelta(seconds=5))
        (one,) = taken.snapshot.pairs
        return one


def test_a_settlement_is_added_to_what_is_handed_on() -> None:
    house = House()
    before = house.seen().settled
    assert len(before) == 378  # 126 days
    house.runtime.run_for(4 * HOUR)  # 16:00: the next boundary
    house.seen()  # notices it, and asks
    house.runtime.run_until_idle()
    after = house.seen().settled
    assert len(after) == 379
    assert len(before) == 378
    assert after.newest_first(None, 1)[1][0].at == BOUNDARY + 8 * HOUR
    # Only what was new was asked for.
    assert house.asked == [START - 3024 * HOUR, BOUNDARY]


def test_the_basis_of_a_settlement_is_kept_and_no_guess_made_of_earlier_ones() -> None:
    house = House()
    house.runtime.run_for(4 * HOUR)
    for _ in range(3):
        house.seen()
        house.runtime.run_until_idle()
    newest = house.seen().settled.newest_first(None, 2)[1]
    assert [one.basis_bp for one in newest] == [D(50), None]


def test_a_restarted_market_reads_everything_again() -> None:
    house = House()
    before = house.seen().settled
    house.runtime.crash("root/market")
    house.runtime.run_until_idle()
    assert house.seen().settled == before
    assert len(house.asked) == 2
