"""A config actor, and whom it talks to."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from actors.config.actor import ConfigActor
from actors.config.messages import (
    ChangeSettings,
    FieldChange,
    GetTerms,
    SettingField,
    SettingsChanged,
    SettingsView,
    TermsInForce,
)
from actors.config.settings import Settings
from actors.journal.messages import RecordEvent
from actors.runtime import (
    Actor,
    ChildSpec,
    DeadLettered,
    FaultPlan,
    RuntimeEvent,
    SimulatedRuntime,
    SupervisorSpec,
)
from actors.store import Store

START = datetime(2025, 1, 1, tzinfo=UTC)


class Listener(Actor):
    def __init__(self, heard: list[Any]) -> None:
        self._heard = heard

    def receive(self, message: Any) -> None:
        self._heard.append(message)


class House:
    """A config actor with listeners in place of the views and the journal."""

    def __init__(self, seed: int = 1, faults: FaultPlan | None = None) -> None:
        self.seed, self.faults, self.crashes = seed, faults, 0
        self.store = Store.open("sqlite://", installation_id="test")
        self.seen: list[SettingsView] = []
        self.events: list[RecordEvent] = []
        self.settings = Settings()
        self.places: dict[str, str] = {}
        self.start()

    def start(self) -> None:
        """A new process on the same store, with the settings as they are now."""
        self.seen.clear()
        self.events.clear()
        runtime = self.runtime = SimulatedRuntime(
            START, self.seed, on_event=self._count, faults=self.faults
        )
        views, journal = runtime.address("root/views"), runtime.address("root/journal")
        children = (
            ChildSpec("views", lambda: Listener(self.seen)),
            ChildSpec("journal", lambda: Listener(self.events)),
            ChildSpec(
                "config",
                lambda: ConfigActor(self.store, self.settings, views, journal, self.places),
            ),
        )
        runtime.start(SupervisorSpec("root", children=children, max_restarts=100))
        runtime.run_until_idle()

    def _count(self, event: RuntimeEvent) -> None:
        self.crashes += event.kind == "crashed"

    def ask(self, message: object) -> Any:
        """Asked again where the letter had killed its reader too often."""
        while True:
            try:
                answer = self.runtime.ask("root/config", message, timedelta(hours=1))
            except DeadLettered:
                continue
            self.runtime.run_until_idle()
            return answer

    def change(self, key: str, value: str | None, idempotency_key: str = "") -> SettingsChanged:
        request = ChangeSettings((FieldChange(key, value),), "ada", idempotency_key)
        answer = self.ask(request)
        assert isinstance(answer, SettingsChanged)
        return answer

    @property
    def pending(self) -> bool:
        """As the views were told last."""
        return self.seen[-1].pending

    def field(self, key: str) -> SettingField:
        """As the views were told last."""
        (found,) = (one for one in self.seen[-1].fields if one.key == key)
        return found

    def rate(self, cycle: int) -> Decimal:
        answer = self.ask(GetTerms(cycle))
        assert isinstance(answer, TermsInForce)
        return answer.terms.threshold.min_funding_rate_8h
