"""One seeded world: the whole house on a simulated runtime, at a misbehaving paper exchange.

The exchange and the store outlive the process; the process is lost now and then and built anew.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from random import Random

from actors.config.settings import Settings
from actors.domain.account import AccountState, Balance, PerpHolding
from actors.domain.exact import ZERO
from actors.journal.messages import SubmitCommand
from actors.orchestrator.messages import BotState
from actors.runtime import FaultPlan, SimulatedClock, SimulatedRuntime, StartFailed
from actors.system import House, recorder, tree
from actors.venues import sample
from actors.venues.paper import Fault, PaperRules, PaperVenue
from actors.venues.paper import FaultPlan as VenueFaults
from actors.venues.replay import Recording, ReplayMarket
from actors.views.messages import ModeInfo
from tests.simulation.watched import WatchedStore, WatchedVault, WatchedVenue
from tests.simulation.witness import Witness

BASES = ("BTC", "DOGE", "ORCA", "PEPE", "ZEC")
"""Large and small, 8 h and 1 to 4 h, steady and wild, and a contract of a thousand coins."""
FIRST_DAY = datetime(2025, 1, 2, tzinfo=UTC)
LAST_DAY = datetime(2025, 11, 25, tzinfo=UTC)
DAYS = 30
CALM = timedelta(hours=18)
"""At the end nothing goes wrong any more, and everything has to come to rest."""

VENUE_CHANCES = {
    Fault.REJECT: 0.04,
    Fault.TIME_OUT_BEFORE: 0.04,
    Fault.TIME_OUT_AFTER: 0.05,
    Fault.BLIND: 0.04,
    Fault.ANSWER_LATE: 0.05,
    Fault.PARTIAL: 0.10,
    Fault.REPEAT: 0.05,
    Fault.LOSE_ANSWER: 0.02,
    Fault.DOWN: 0.01,
    Fault.STALE_TICKERS: 0.01,
    Fault.MISSING_TICKERS: 0.02,
    Fault.ADL: 0.001,
}
"""By order, question, hour, or hour and perpetual, as the plan says."""

ACTOR_FAULTS = FaultPlan(
    crash_before=0.001,
    crash_within=0.002,
    crash_after=0.001,
    hang_before=0.0002,
    hang_after=0.0002,
)
"""By letter."""

PROCESS_LOSSES = 5
COMMANDS = ("pause", "resume", "restart", "stop", "emergency-stop")
STEWARD_PATIENCE = timedelta(hours=9)
"""After so long in a state without trading, somebody sets the bot going again."""


@cache
def market() -> ReplayMarket:
    """Shared by all worlds of a test process: what an hour's quotes are does not change."""
    recording = Recording.load(sample.FOLDER)
    return ReplayMarket(recording, SimulatedClock(FIRST_DAY), "binance", coins=BASES)


class RootGaveUp(Exception):
    """The process ends, as it does when no restart helps; somebody starts it again."""


@dataclass
class World:
    """Everything that one seed decides, under the eyes of a witness."""

    seed: int
    lives: int = 0
    given: int = 0
    """Commands."""

    def __post_init__(self) -> None:
        self.random = Random(f"world {self.seed}")
        start = FIRST_DAY + (LAST_DAY - FIRST_DAY) * self.random.random()
        self.start = start.replace(minute=0, second=0, microsecond=0)
        self.end = self.start + timedelta(days=DAYS)
        self.calm_from = self.end - CALM
        self.clock = SimulatedClock(self.start)
        self.witness = Witness(self.clock)
        self.store = WatchedStore.open("sqlite://", installation_id="test")
        self.store.witness = self.witness
        self.vault = WatchedVault(self.witness)
        plan = VenueFaults(self.seed, VENUE_CHANCES, quiet_from=self.calm_from)
        rules = PaperRules(starting_balance=self._money(), latency_jitter=3.0)
        self.paper = PaperVenue(market().on(self.clock), self.clock, self.vault, rules, plan)
        self.venue = WatchedVenue(self.paper, self.witness)
        self.settings = self._settings()
        self.idle_since: datetime | None = None
        self._build()

    # --- the process ---

    def lose_process(self) -> None:
        """As kill -9: no actor hears of it; what is on disk and at the exchange stays."""
        self.runtime.lose_process()
        self.witness.life_lost()
        self.witness.agrees_with(self.store)
        self._build()

    def _build(self) -> None:
        self.lives += 1
        mode = ModeInfo("replay", "binance", None)
        house = House(self.settings, self.store, self.venue, mode, watch_period=timedelta(hours=6))
        runtime = SimulatedRuntime(self.clock, seed=self.seed * 1000 + self.lives)
        recorder(runtime)
        if self.clock.now() < self.calm_from:
            runtime.faults = ACTOR_FAULTS
        runtime.after_turn = self._after_turn
        self.runtime = runtime
        try:
            runtime.start(tree(runtime, house))
        except StartFailed:  # a fault at the start: whoever runs the process starts it again
            self.lose_process()

    def _after_turn(self) -> None:
        self.witness.after_turn()
        if self.runtime.failed.is_set():
            raise RootGaveUp

    # --- the exchange, as its own records tell ---

    def paper_state(self) -> AccountState:
        """What the exchange's records say the account holds; margins play no part."""
        book = self.witness.money.account
        return AccountState(
            "binance",
            self.clock.now(),
            tuple(Balance(coin, amount) for coin, amount in sorted(book.balances.items())),
            tuple(
                PerpHolding(symbol, held.quantity, held.entry_price or ZERO, None, None, None)
                for symbol, held in sorted(book.perps.items())
            ),
            equity_usdt=None,
            available_usdt=ZERO,
            initial_margin_usdt=ZERO,
            maintenance_margin_usdt=ZERO,
            margin_ratio=None,
        )

    # --- people ---

    def command(self, name: str, argument: str = "") -> None:
        """Somebody gives a command; the answer is looked at when it is there."""
        key = f"{self.seed}-{self.given}"
        reply = self.runtime.address("root/journal").ask(SubmitCommand(key, name, argument, "test"))
        self.witness.asked(key, name, reply)
        self.given += 1

    def tend(self) -> None:
        """Set the bot going again when it has been out of action for long."""
        state = self.witness.people.state
        if state in (BotState.RUNNING, BotState.STARTING, None):
            self.idle_since = None
            return
        now = self.clock.now()
        self.idle_since = self.idle_since or now
        calm = now >= self.calm_from
        if calm or now - self.idle_since < STEWARD_PATIENCE:
            return
        names = {
            BotState.HALTED: "clear-emergency",
            BotState.PAUSED: "resume",
            BotState.STOPPED: "start",
        }
        if state in names:
            self.command(names[state])

    # --- chance ---

    def _money(self) -> Decimal:
        return Decimal(self.random.choice((3_000, 20_000, 100_000)))

    def _settings(self) -> Settings:
        """Impatient terms: a bot that trades far more than it should, to have more go wrong."""
        pick = self.random.choice
        threshold = pick(("0.00002", "0.00005", "0.00008"))
        return Settings.model_validate(
            {
                "trading": {
                    "policy": pick(("threshold", "threshold", "carry")),
                    "scan_interval": pick(("4h", "8h", "8h")),
                    "min_funding_rate": threshold,
                    "exit_funding_rate": pick(("0.00001", "-0.00002")),
                    "min_hold_settlements": pick((0, 1, 3)),
                    "max_simultaneous_positions": pick((2, 3, 6)),
                    "max_position_size_usd": pick(("500", "3000", "10000")),
                    "min_volume_24h": "100000",
                },
                "signal": {"entry_margin_round_trips": 0.0, "min_hold": "8h", "min_history": "1d"},
                "risk": {"max_basis_bp": "1000", "failed_open_cooldown": "1h"},
                "dashboard": {"enabled": False},
            }
        )
