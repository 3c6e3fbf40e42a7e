"""What a form relies on: a change that is only tried, versions, and who changed what meanwhile."""

from datetime import timedelta
from typing import Any

import pytest

from actors.config.loading import settings_from
from actors.config.messages import (
    ChangeSettings,
    CheckSettings,
    FieldChange,
    GetSettings,
    SettingOutcome,
    SettingsChecked,
    SettingsRefused,
    SettingsView,
    VersionInForce,
)
from tests.config.house import START, House

MIN, EXIT = "trading.min_funding_rate", "trading.exit_funding_rate"
POLICY = "trading.policy"


def fields(**values: str | None) -> tuple[FieldChange, ...]:
    return tuple(FieldChange(f"trading.{name}", value) for name, value in values.items())


def check(house: House, *changes: FieldChange, based_on: int | None = None) -> SettingsChecked:
    answer = house.ask(CheckSettings(changes, based_on))
    assert isinstance(answer, SettingsChecked)
    return answer


def refused(house: House, *changes: FieldChange, based_on: int | None = None) -> SettingsRefused:
    with pytest.raises(SettingsRefused) as refusal:
        house.ask(ChangeSettings(changes, "bob", based_on=based_on))
    return refusal.value


def view(house: House) -> SettingsView:
    found: Any = house.ask(GetSettings())
    assert isinstance(found, SettingsView)
    return found


def test_a_change_can_be_tried_without_being_made(house: House) -> None:
    house.rate(4)
    told, events = len(house.seen), len(house.events)
    answer = check(house, *fields(min_funding_rate="0.0005", policy='"threshold"'))
    assert answer == SettingsChecked(
        acceptable=True,
        code="",
        message="",
        fields=(),
        outcome=(
            SettingOutcome(MIN, "0.0003", "0.0005", "0.0005"),
            SettingOutcome(POLICY, "carry", "threshold", "threshold"),
        ),
        version=1,
        in_force_from="the next cycle",
        cycle=5,
    )
    assert (len(house.seen), len(house.events)) == (told, events)
    assert (view(house).version, view(house).history) == (0, ())
    assert house.rate(5) == house.rate(4), "nothing was changed"


def test_what_is_tried_is_what_would_come_of_it(house: House) -> None:
    changes = fields(min_funding_rate="0.0005", min_volume_24h='"1e6"', scan_interval='"90m"')
    tried = check(house, *changes)
    house.ask(ChangeSettings(changes, "ada"))
    now = {one.key: one for one in view(house).fields}
    assert [(one.key, one.after, one.override) for one in tried.outcome] == [
        (key, now[key].effective, now[key].override) for key in sorted(one.key for one in changes)
    ]
    assert tried.version == view(house).version


def test_a_reset_is_tried_like_any_other_change(house: House) -> None:
    house.settings = settings_from({MIN: "0.0004"})
    house.start()
    house.change(MIN, "0.0005")
    (outcome,) = check(house, FieldChange(MIN, None)).outcome
    assert outcome == SettingOutcome(MIN, "0.0005", "0.0004", None)
    assert check(house, FieldChange(MIN, "0.0005")).outcome == ()


def test_what_is_wrong_is_told_at_each_setting_tried_or_made(house: House) -> None:
    changes = (
        *fields(min_volume_24h="-1", polcy='"x"', leverage="3"),
        FieldChange("exchange.api_key", '"sesame"'),
    )
    tried, made = check(house, *changes), refused(house, *changes)
    assert not tried.acceptable
    assert (tried.code, tried.message, tried.fields) == (made.code, made.reason, made.fields)
    assert (tried.outcome, tried.version) == ((), 0)
    assert made.code == "invalid_settings"
    told = dict(tried.fields)
    assert set(told) == {one.key for one in changes}
    assert told["trading.min_volume_24h"].startswith("-1 is too small; right is a number from 0")
    assert "did you mean trading.policy?" in told["trading.polcy"]
    assert "sesame" not in made.reason


def test_settings_that_do_not_fit_together_are_both_told(house: House) -> None:
    told = dict(check(house, FieldChange(MIN, "0.00005")).fields)
    assert set(told) == {MIN, EXIT}
    assert told[EXIT].startswith("0.0001 must be below trading.min_funding_rate (0.00005)")
    assert told[MIN] == f"{EXIT}: {told[EXIT]}"


def test_nobody_overwrites_what_somebody_else_changed_meanwhile(house: House) -> None:
    house.change(POLICY, '"threshold"')
    house.runtime.run_for(timedelta(hours=2))
    house.change(MIN, "0.0005")
    for answer in (
        refused(house, FieldChange(MIN, "0.0006"), based_on=1),
        check(house, FieldChange(MIN, "0.0006"), based_on=1),
    ):
        assert answer.code == "changed_meanwhile"
        assert dict(answer.fields) == {
            MIN: "ada changed it to 0.0005 at 2025-01-01 02:00:00 UTC (version 2)"
        }
    assert house.field(MIN).override == "0.0005"


def test_a_reset_by_somebody_else_counts_too(house: House) -> None:
    house.change(MIN, "0.0005")
    house.change(MIN, None)
    answer = refused(house, FieldChange(MIN, "0.0006"), based_on=1)
    assert "ada changed it to what the settings say" in dict(answer.fields)[MIN]


def test_other_settings_may_have_changed(house: House) -> None:
    house.change(MIN, "0.0005")
    change = FieldChange(POLICY, '"threshold"')
    assert check(house, change, based_on=0).acceptable
    house.ask(ChangeSettings((change,), "bob", based_on=0))
    assert view(house).version == 2


def test_the_same_change_by_two_is_no_conflict(house: House) -> None:
    house.change(MIN, "0.0005")
    house.ask(ChangeSettings((FieldChange(MIN, '"0.00050"'),), "bob", based_on=0))
    assert view(house).version == 1


def test_a_repeated_request_is_answered_whatever_it_was_based_on(house: House) -> None:
    request = ChangeSettings((FieldChange(MIN, "0.0005"),), "ada", "k1", based_on=0)
    assert house.ask(request) == house.ask(request)


def test_a_version_of_another_life(house: House) -> None:
    answer = refused(house, FieldChange(MIN, "0.0005"), based_on=7)
    assert answer.code == "changed_meanwhile"
    assert "version 7 is not known here, the newest is 0" in answer.reason


def test_the_version_in_force_and_the_one_that_waits(house: House) -> None:
    assert (view(house).in_force, view(house).next_cycle) == (None, None)
    house.rate(11)
    house.runtime.run_for(timedelta(hours=1))
    house.change(MIN, "0.0005")
    seen = house.seen[-1]
    assert (seen.version, seen.pending) == (1, True)
    assert (seen.in_force, seen.next_cycle) == (VersionInForce(0, 11, START), 12)
    assert (house.field(MIN).pending, house.field(POLICY).pending) == (True, False)
    assert seen.history[0].cycle is None
    house.rate(12)
    seen = house.seen[-1]
    assert (seen.pending, seen.next_cycle) == (False, None)
    assert seen.in_force == VersionInForce(1, 12, START + timedelta(hours=1))
    assert not house.field(MIN).pending
    assert seen.history[0].cycle == 12
    assert house.field(MIN).last_change == seen.history[0]
    assert house.field(POLICY).last_change is None


def test_two_versions_within_a_cycle_come_into_force_together(house: House) -> None:
    house.rate(1)
    house.change(MIN, "0.0005")
    house.change(POLICY, '"threshold"')
    house.rate(2)
    house.change(MIN, "0.0006")
    house.rate(3)
    house.rate(4)
    assert [(one.version, one.cycle) for one in house.seen[-1].history] == [(3, 3), (2, 2), (1, 2)]


@pytest.mark.parametrize("lost", ["actor", "process"])
def test_what_waits_still_waits_after_a_crash(house: House, lost: str) -> None:
    house.rate(1)
    house.change(MIN, "0.0005")
    if lost == "actor":
        house.runtime.crash("root/config")
        house.runtime.run_until_idle()
    else:
        house.runtime.lose_process()
        house.start()
    seen = view(house)
    assert (seen.version, seen.pending) == (1, True)
    assert seen.in_force == VersionInForce(0, 1, START)
    assert seen.next_cycle is None, "of this life's cycles none is known"
    house.rate(2)
    assert house.seen[-1].history[0].cycle == 2


def test_a_change_older_than_the_record_of_versions_has_no_cycle(house: House) -> None:
    house.change(MIN, "0.0005")
    house.change(MIN, "0.0006")
    house.rate(1)
    assert [(one.version, one.cycle) for one in house.seen[-1].history] == [(2, 1), (1, None)]


def test_each_value_says_where_it_comes_from(house: House) -> None:
    house.places = {MIN: "settings.yaml, line 3"}
    house.start()
    assert house.field(MIN).source == "settings.yaml, line 3"
    assert house.field(POLICY).source == "default"
