"""The whole house on a simulated runtime over the bundled market; nothing fails by itself."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from actors.config.settings import Settings
from actors.journal.messages import CommandAccepted, GetCommand, SubmitCommand
from actors.orchestrator.messages import BotState, GetState, StateChanged
from actors.runtime import Runtime, SimulatedClock, SimulatedRuntime
from actors.store import Store
from actors.system import House, recorder, tree
from actors.venues import sample
from actors.venues.paper import MemoryVault, PaperRules, PaperVenue
from actors.venues.replay import Recording, ReplayMarket
from actors.views.messages import GetPositions, GetStatus, ModeInfo, Positions, Status

START = datetime(2024, 11, 22, tzinfo=UTC)
"""A rich week: every pair is worth entering."""
COINS = ("BTC", "ETH", "DOGE", "SOL")
HOUR = timedelta(hours=1)


@dataclass
class Simulated:
    """A running house, asked as the front end asks it."""

    runtime: SimulatedRuntime
    store: Store
    venue: PaperVenue
    commands: int = 0

    def ask(self, room: str, message: object) -> Any:
        return self.runtime.ask(f"root/{room}", message, timedelta(minutes=5))

    def state(self) -> BotState:
        answer: StateChanged = self.ask("orchestrator", GetState())
        return answer.state

    def status(self) -> Status:
        answer: Status = self.ask("views", GetStatus())
        return answer

    def held(self) -> list[str]:
        answer: Positions = self.ask("views", GetPositions())
        return [one.pair_key for one in answer.positions]

    def command(self, name: str, argument: str = "") -> int:
        """Give a command; its number, by which its outcome can be asked for."""
        self.commands += 1
        order = SubmitCommand(f"key-{self.commands}", name, argument, "test")
        accepted: CommandAccepted = self.ask("journal", order)
        return accepted.command_id

    def outcome(self, command_id: int) -> CommandAccepted:
        answer: CommandAccepted = self.ask("journal", GetCommand(command_id))
        return answer

    def events(self, kind: str) -> list[str]:
        with self.store.reading() as tx:
            return [one.text for one in tx.events.read(None, 1000) if one.kind == kind]


def settings(**trading: object) -> Settings:
    return Settings.model_validate({"trading": trading, "dashboard": {"enabled": False}})


def simulated(
    chosen: Settings | None = None, store: Store | None = None, until: datetime | None = None
) -> Simulated:
    clock = SimulatedClock(START)
    runtime = SimulatedRuntime(clock, seed=1)
    store = store or Store.open("sqlite://", installation_id="test")
    market = ReplayMarket(Recording.load(sample.FOLDER), clock, "binance", coins=COINS)
    venue = PaperVenue(market, clock, MemoryVault(), PaperRules(Decimal(100_000)))
    mode = ModeInfo("replay", "binance", None, START, until)
    begin(runtime, House(chosen or settings(), store, venue, mode))
    return Simulated(runtime, store, venue)


def begin(runtime: Runtime, house: House) -> None:
    recorder(runtime)
    runtime.start(tree(runtime, house))
