"""The config actor on a real store, in virtual time."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from actors.config.actor import ConfigActor
from actors.config.loading import settings_from
from actors.config.messages import (
    ChangeSettings,
    FieldChange,
    GetSettings,
    GetTerms,
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
    Rejected,
    RuntimeEvent,
    SimulatedRuntime,
    SupervisorSpec,
)
from actors.store import Store

START = datetime(2025, 1, 1, tzinfo=UTC)
MIN = "trading.min_funding_rate"


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
            ChildSpec("config", lambda: ConfigActor(self.store, self.settings, views, journal)),
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

    def rate(self, cycle: int) -> Decimal:
        answer = self.ask(GetTerms(cycle))
        assert isinstance(answer, TermsInForce)
        return answer.terms.threshold.min_funding_rate_8h


@pytest.fixture
def house() -> Iterator[House]:
    made = House()
    yield made
    made.runtime.stop()
    made.store.close()


def test_a_change_comes_into_force_with_the_next_cycle_and_not_before(house: House) -> None:
    assert house.rate(1) == Decimal("0.0003")
    answer = house.change(MIN, "0.0005")
    assert answer == SettingsChanged(1, (MIN,), "the next cycle")
    assert house.seen[-1].pending is True
    assert house.rate(1) == Decimal("0.0003"), "the cycle in flight keeps its terms"
    assert house.rate(2) == Decimal("0.0005")
    assert not house.pending
    assert house.ask(GetTerms(2)).terms.version == 1


def test_it_is_on_record_with_who_and_when(house: House) -> None:
    house.runtime.run_for(timedelta(hours=3))
    house.change(MIN, "0.0005")
    house.change(MIN, None)
    last, first = house.ask(GetSettings()).history
    assert (first.before, first.after, last.before, last.after) == (None, "0.0005", "0.0005", None)
    assert {first.who, last.who} == {"ada"}
    assert first.at == START + timedelta(hours=3)
    assert [one.event.kind for one in house.events] == ["settings.changed"] * 2
    assert "trading.min_funding_rate to 0.0005" in house.events[0].event.text


def test_it_outlives_a_crash_and_a_restart(house: House) -> None:
    house.change(MIN, "0.0005")
    house.runtime.crash("root/config")
    assert house.rate(1) == Decimal("0.0005")
    house.runtime.lose_process()
    house.start()
    assert house.rate(1) == Decimal("0.0005")
    assert house.seen[0].version == 1


def test_a_refused_change_changes_nothing_and_says_why(house: House) -> None:
    changes = (FieldChange(MIN, "-1"), FieldChange("trading.polcy", '"x"'))
    with pytest.raises(Rejected) as refusal:
        house.ask(ChangeSettings(changes, "ada", "k1"))
    assert refusal.value.code == "invalid_settings"
    reasons = refusal.value.reason.splitlines()
    assert len(reasons) == 2
    assert any(reason.startswith(f"{MIN}: -1 is too small") for reason in reasons)
    view = house.ask(GetSettings())
    assert (view.version, view.history) == (0, ())
    assert house.change(MIN, "0.0005", "k1").version == 1, "a refusal does not use up the key"


def test_the_same_request_again_is_answered_and_not_done_again(house: House) -> None:
    first = house.change(MIN, "0.0005", "k1")
    house.change(MIN, "0.0007", "k2")
    assert house.change(MIN, "0.0005", "k1") == first
    house.runtime.lose_process()
    house.start()
    assert house.change(MIN, "0.0005", "k1") == first
    assert house.rate(1) == Decimal("0.0007")
    assert len(house.ask(GetSettings()).history) == 2


def test_a_key_that_came_with_other_changes_is_refused(house: House) -> None:
    house.change(MIN, "0.0005", "k1")
    with pytest.raises(Rejected) as refusal:
        house.change(MIN, "0.0006", "k1")
    assert refusal.value.code == "key_reused"


def test_a_change_that_changes_nothing_is_no_version(house: House) -> None:
    house.change(MIN, "0.0005")
    assert house.change(MIN, "0.0005", "k1") == SettingsChanged(1, (), "the next cycle")
    assert len(house.ask(GetSettings()).history) == 1


def test_an_overlay_that_no_longer_fits_is_left_aside_and_stays_on_record(house: House) -> None:
    house.change(MIN, "0.0005")
    house.change("trading.policy", '"threshold"')
    house.settings = settings_from({MIN: "0.0009", "trading.exit_funding_rate": "0.0008"})
    house.runtime.lose_process()
    house.start()
    assert house.rate(1) == Decimal("0.0009")
    assert house.ask(GetTerms(1)).terms.policy == "threshold"
    (warning,) = house.events
    assert warning.event.kind == "settings.set_aside"
    assert MIN in warning.event.text
    house.settings = Settings()
    house.runtime.lose_process()
    house.start()
    assert house.rate(1) == Decimal("0.0005"), "it fits again"


def test_what_was_left_aside_can_be_taken_back(house: House) -> None:
    house.change(MIN, "0.0005")
    house.settings = settings_from({MIN: "0.0009", "trading.exit_funding_rate": "0.0008"})
    house.runtime.lose_process()
    house.start()
    assert house.change(MIN, None) == SettingsChanged(2, (MIN,), "the next cycle")
    assert house.ask(GetSettings()).history[0].before == "0.0005"
    house.runtime.lose_process()
    house.start()
    assert house.events == []


@pytest.mark.parametrize("seed", range(10))
def test_crashes_in_the_middle_of_changes_lose_none_and_do_none_twice(seed: int) -> None:
    faults = FaultPlan(
        crash_before=0.1, crash_within=0.4, crash_after=0.1, where=lambda name: "config" in name
    )
    house = House(seed, faults)
    for number in range(1, 9):
        answer = house.change(MIN, f"0.0005{number}", f"k{number}")
        assert answer == SettingsChanged(number, (MIN,), "the next cycle")
        assert house.rate(number) == Decimal(f"0.0005{number}")
    assert house.crashes > 3
    assert [one.version for one in house.ask(GetSettings()).history] == list(range(8, 0, -1))
