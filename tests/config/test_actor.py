"""The config actor on a real store, in virtual time."""

from datetime import timedelta
from decimal import Decimal

import pytest

from actors.config.loading import settings_from
from actors.config.messages import (
    ChangeSettings,
    FieldChange,
    GetSettings,
    GetTerms,
    SettingsChanged,
)
from actors.config.settings import Settings
from actors.runtime import FaultPlan, Rejected
from tests.config.house import START, House

MIN = "trading.min_funding_rate"


def test_a_change_comes_into_force_with_the_next_cycle_and_not_before(house: House) -> None:
    assert house.rate(1) == Decimal("0.0003")
    answer = house.change(MIN, "0.0005")
    assert answer == SettingsChanged(1, (MIN,), "the next cycle", cycle=2)
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
    field = house.field(MIN)
    assert "0.0008 must be below" in field.set_aside
    assert (field.override, field.effective) == (None, "0.0009")
    assert house.change(MIN, None) == SettingsChanged(2, (MIN,), "the next cycle")
    assert house.field(MIN).set_aside == ""
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
        assert (answer.version, answer.changed) == (number, (MIN,))
        assert house.rate(number) == Decimal(f"0.0005{number}")
    assert house.crashes > 3
    history = [(one.version, one.cycle) for one in house.ask(GetSettings()).history]
    assert history == [(number, number) for number in range(8, 0, -1)]
