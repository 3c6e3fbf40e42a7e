"""A thousand real strategies on the pool: a snapshot to all proposals ranked, and a crash.

Run with `make bench`. The figures are printed, never asserted: machines differ, and are shared.
"""

import logging
from collections.abc import Iterator
from decimal import Decimal
from statistics import median
from typing import Any

import pytest

from actors.config.messages import TermsInForce
from actors.domain.instruments import Pair
from actors.domain.market import MarketSnapshot, PairMarket
from actors.domain.positions import PositionState
from actors.domain.terms import Terms
from actors.execution.messages import PairStatus, WatchPair
from actors.market.messages import SnapshotTaken
from actors.orchestrator.cycle import Cycle
from actors.orchestrator.cycling import Cycling
from actors.orchestrator.granting import granted
from actors.orchestrator.peers import Patience, Peers
from actors.orchestrator.ranking import ranked
from actors.runtime import Actor, Address, ChildSpec, LiveRuntime, Refused, SupervisorSpec
from actors.strategy.actor import StrategyActor
from actors.strategy.judgement import judge
from actors.strategy.messages import Proposal, Propose
from tests.benchmarks.measuring import each, measured, ms
from tests.builders import NOON, pair_market, snapshot

pytestmark = pytest.mark.benchmark

PAIRS = 1_000
ROUNDS = 100
CRASHES = 100
TERMS = Terms()


def markets() -> tuple[PairMarket, ...]:
    """Rates from -1 to +4 bp per 8 hours, so that there is something to rank."""
    return tuple(
        pair_market(f"C{number}", rate=str(Decimal(number % 51 - 10) / 100_000))
        for number in range(PAIRS)
    )


class Execution(Actor):
    """Nothing is held."""

    def receive(self, message: Any) -> None:
        match message:
            case WatchPair(pair_key):
                self.context.reply(PairStatus(pair_key, PositionState.FLAT, None))


class Deaf(Actor):
    """Stands for the rooms whose answers the conductor gives itself."""

    def receive(self, message: Any) -> None:
        pass


class Conductor(Actor):
    """The orchestrator's own cycle, told its terms and its snapshot at once; it may not trade."""

    def __init__(self, peers: Peers, seen: MarketSnapshot) -> None:
        self._peers = peers
        self._snapshot = seen
        self._number = 0

    def started(self) -> None:
        self._cycling = Cycling(
            self.context, self._peers, Patience(), lambda: False, self._cycle_ended
        )
        self._cycling.strategies = {one.pair.key for one in self._snapshot.pairs}

    def receive(self, message: Any) -> None:
        match message:
            case Proposal():
                self._cycling.receive(message)
            case "cycle":
                self._reply = self.context.keep_reply()
                self._number += 1
                self._cycling.begin(self._number)
                self._cycling.receive(TermsInForce(self._number, TERMS))
                seen = MarketSnapshot(
                    self._number, NOON, self._snapshot.pairs, self._snapshot.account
                )
                self._cycling.receive(SnapshotTaken(seen))
            case Refused():
                pass

    def _cycle_ended(self, cycle: Cycle) -> None:
        self._reply.answer(len(cycle.ranking))


@pytest.fixture
def house() -> Iterator[LiveRuntime]:
    logging.disable(logging.CRITICAL)
    runtime = LiveRuntime()
    deaf, execution = runtime.address("root/deaf"), runtime.address("root/execution")
    seen = snapshot(*markets())
    peers = Peers(
        deaf,
        deaf,
        execution,
        deaf,
        deaf,
        deaf,
        deaf,
        lambda key: runtime.address(f"root/all/{key}"),
    )

    def strategy(pair: Pair) -> ChildSpec:
        return ChildSpec(pair.key, lambda: StrategyActor(pair, execution, deaf), dispatch="pool")

    runtime.start(
        SupervisorSpec(
            "root",
            children=[
                ChildSpec("deaf", Deaf),
                ChildSpec("execution", Execution),
                SupervisorSpec(
                    "all", children=[strategy(one.pair) for one in seen.pairs], max_restarts=1000
                ),
                ChildSpec("conductor", lambda: Conductor(peers, seen)),
            ],
        )
    )
    yield runtime
    runtime.stop()
    logging.disable(logging.NOTSET)


def test_from_a_snapshot_to_all_proposals_ranked(house: LiveRuntime) -> None:
    seen, flat = snapshot(*markets()), PairStatus("any", PositionState.FLAT, None)

    def plain_judge() -> list[Any]:
        return [judge(flat, market, TERMS, NOON) for market in seen.pairs]

    def plain_cycle() -> None:
        proposals = [
            Proposal(1, market.pair, flat.state, verdict, market, Decimal(0))
            for market, verdict in zip(seen.pairs, plain_judge(), strict=True)
        ]
        granted(ranked(proposals), seen, (), TERMS, entries=False, exits=False)

    judging, cycling = measured(plain_judge, ROUNDS), measured(plain_cycle, ROUNDS)
    conductor = house.address("root/conductor")
    answers: list[int] = []
    ours = measured(lambda: answers.append(conductor.ask("cycle").get(60)), ROUNDS)
    assert set(answers) == {PAIRS}, "a proposal is missing"
    print(f"\nsnapshot to {PAIRS} proposals ranked: {ours}")
    for name, plain in (("judge", judging), ("judge, rank and grant", cycling)):
        print(
            f"  {ours.p50 / plain.p50:.2f} x plain calls of {name} ({plain});"
            f" {ours.work / plain.work:.2f} x in processor time"
        )


class Fickle:
    """A market that raises when looked at first: whoever tries again finds it in order."""

    def __init__(self, market: PairMarket) -> None:
        self._market = market
        self._seen = False

    def __getattr__(self, name: str) -> Any:
        if not self._seen:
            self._seen = True
            raise ArithmeticError("crash")
        return getattr(self._market, name)


def test_a_crashed_strategy_answers_again(house: LiveRuntime) -> None:
    """From the question that crashes it to that question's answer; and until it knows its pair."""
    seen = markets()
    calm = house.address(f"root/all/{seen[-1].pair.key}")
    asked = measured(lambda: calm.ask(Propose(1, NOON, seen[-1], TERMS)).get(10), 300)
    crashing: list[float] = []
    recovering: list[float] = []
    for market in seen[:CRASHES]:
        address = house.address(f"root/all/{market.pair.key}")
        question = Propose(1, NOON, Fickle(market), TERMS)  # type: ignore[arg-type]

        def until_ready(address: Address = address, market: PairMarket = market) -> None:
            while not address.ask(Propose(1, NOON, market, TERMS)).get(10).ready:
                pass

        def crash(address: Address = address, question: Propose = question) -> None:
            address.ask(question).get(10)

        until_ready()
        crashing += each([crash]).wall
        recovering += each([until_ready]).wall
    crashes = sum(one.restarts for one in house.observe() if one.address.startswith("root/all/"))
    assert crashes == CRASHES, "not every question was a crash"
    first, longest = median(crashing), max(crashing)
    ready = median(map(sum, zip(crashing, recovering, strict=True)))
    print(
        f"\na question that crashes its strategy is answered: p50 {ms(first)}, longest"
        f" {ms(longest)}; {first / asked.p50:.0f} x one that does not ({asked})"
        f"\n  until the strategy knows its pair again: p50 {ms(ready)}"
    )
