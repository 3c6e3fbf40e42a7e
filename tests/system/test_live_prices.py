"""The whole house in paper mode at an exchange's live prices: over HTTP, and without any key."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from actors.config.settings import Settings
from actors.domain.instruments import Market
from actors.domain.orders import Side
from actors.domain.payments import FundingPayment
from actors.domain.positions import PositionState
from actors.orchestrator.messages import Start
from actors.runtime import LiveRuntime, ScaledClock
from actors.store import Store
from actors.system import House, recorder, tree
from actors.venues.ccxt import CcxtMarket, Exchange
from actors.venues.paper import PaperRules, PaperVenue
from actors.views.messages import GetPositions, GetSystem, ModeInfo, Positions, SystemView
from tests.emulator import Emulator, Fault, Kind
from tests.emulator import Exchange as Bybit
from tests.venues.ccxt.surroundings import Following, connection, served

BEFORE_MIDNIGHT = datetime(2025, 3, 1, 23, 50, tzinfo=UTC)
MIDNIGHT = datetime(2025, 3, 2, tzinfo=UTC)
SPEED = 300.0
PATIENCE = 40.0
"""Seconds, for a machine that has a lot else to do."""


@dataclass
class Running:
    runtime: LiveRuntime
    store: Store
    emulator: Emulator

    def ask(self, room: str, message: object) -> Any:
        return self.runtime.address(f"root/{room}").ask(message).get(PATIENCE)

    def until(self, happened: Callable[[], Any], what: str) -> Any:
        give_up_at = time.monotonic() + PATIENCE
        while not (found := happened()):
            assert time.monotonic() < give_up_at, f"never: {what}"
            threading.Event().wait(0.02)
        return found

    def held(self) -> dict[Market, Decimal]:
        """What was bought less what was sold by the one position that stands, in base coins."""
        answer: Positions = self.ask("views", GetPositions())
        standing = [one for one in answer.positions if one.state is PositionState.OPEN]
        held: dict[Market, Decimal] = {}
        for fill in (fill for one in standing for fill in one.position.fills):
            signed = fill.quantity if fill.side is Side.BUY else -fill.quantity
            held[fill.market] = held.get(fill.market, Decimal(0)) + signed
        return held

    def payments(self) -> list[FundingPayment]:
        with self.store.reading() as tx:
            return list(tx.ledger.payments())


@contextmanager
def on_paper(**trading: object) -> Iterator[Running]:
    settings = Settings.model_validate(
        {
            "trading": {
                "mode": "paper",
                "policy": "threshold",
                "min_funding_rate": "0.0001",
                "exit_funding_rate": "0.00001",
                "scan_interval": "1m",
                **trading,
            },
            "risk": {"max_quote_age": "30m"},
            "exchange": {"id": "bybit"},
            "dashboard": {"enabled": False},
        }
    )
    clock = ScaledClock(BEFORE_MIDNIGHT, SPEED)
    store = Store.open("sqlite://", installation_id="test")
    with served(Emulator(Bybit(Following(clock)))) as emulator:
        chosen = connection(emulator.url)
        market = CcxtMarket(Exchange(chosen), clock, chosen)
        venue = PaperVenue(market, clock, store.vault("paper:bybit"), PaperRules())
        runtime = LiveRuntime(clock, at_end=market.close)
        recorder(runtime)
        mode = ModeInfo("paper", "bybit", None)
        runtime.start(tree(runtime, House(settings, store, venue, mode, haste=SPEED)))
        try:
            yield Running(runtime, store, emulator)
        finally:
            runtime.stop()
            store.close()


def test_a_pair_is_opened_and_its_funding_booked() -> None:
    with on_paper(allow_pairs=["BTC-USDT"]) as bot:
        bot.emulator.control.rate("BTCUSDT", Decimal("0.0003"))
        bot.ask("orchestrator", Start())
        quantity = bot.until(bot.held, "a position")[Market.PERP]
        assert quantity < 0
        (payment,) = bot.until(bot.payments, "a funding payment")
        assert (payment.symbol, payment.at) == ("BTC/USDT:USDT", MIDNIGHT)
        assert (payment.rate, payment.quantity) == (Decimal("0.0003"), quantity)
        assert payment.mark_price == 60_000
        assert payment.amount == -quantity * 60_000 * Decimal("0.0003")


def test_a_thousand_a_contract_is_hedged_coin_by_coin() -> None:
    with on_paper(allow_pairs=["PEPE-USDT"]) as bot:
        bot.ask("orchestrator", Start())
        held = bot.until(bot.held, "a position")
        spot, short = held[Market.SPOT], -held[Market.PERP]
        assert 5_000 < short * Decimal("0.00001") < 10_000  # USDT, not a thousand times as much
        assert 0 <= spot * Decimal("0.999") - short < 100_000  # one lot of the perpetual


def test_an_outage_is_told_and_nothing_is_opened() -> None:
    with on_paper(allow_pairs=["BTC-USDT"]) as bot:
        outage = Fault(Kind.HTTP, status=502, body="Bad Gateway", times=None)
        bot.emulator.faults.add(outage)
        bot.ask("orchestrator", Start())

        def failures() -> str | None:
            seen: SystemView = bot.ask("views", GetSystem())
            return next((one.last_failure for one in seen.venues if one.failures_in_a_row), None)

        assert "bybit cannot be reached" in bot.until(failures, "a failure on the system page")
        assert bot.held() == {}
