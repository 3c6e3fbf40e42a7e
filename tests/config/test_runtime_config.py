"""The overlay: changed as a whole, restored as far as it still fits."""

from decimal import Decimal

import pytest

from actors.config.loading import settings_from
from actors.config.messages import FieldChange
from actors.config.problems import SettingsError
from actors.config.record import Changes
from actors.config.runtime_config import RuntimeConfig, restored
from actors.config.settings import Settings
from actors.config.view import view_of

MIN, EXIT = "trading.min_funding_rate", "trading.exit_funding_rate"


def change(config: RuntimeConfig, **changes: str | None) -> RuntimeConfig:
    """``trading__leverage="3"`` changes trading.leverage."""
    fields = (FieldChange(key.replace("__", "."), value) for key, value in changes.items())
    return config.changed(fields)


def refused(config: RuntimeConfig, **changes: str | None) -> list[str]:
    with pytest.raises(SettingsError) as refusal:
        change(config, **changes)
    return [f"{one.key}: {one.what}" for one in refusal.value.problems]


FRESH = RuntimeConfig(Settings())


def test_an_empty_overlay_changes_nothing() -> None:
    assert FRESH.effective == Settings()
    assert FRESH.version == 0


def test_a_change_makes_the_next_version_and_leaves_the_last_alone() -> None:
    changed = change(FRESH, trading__min_funding_rate="0.0005")
    assert changed.effective.trading.min_funding_rate == Decimal("0.0005")
    assert (changed.version, FRESH.version) == (1, 0)
    assert FRESH.effective == Settings()


def test_taking_it_back_leads_to_the_settings() -> None:
    changed = change(FRESH, trading__min_funding_rate="0.0005")
    for nothing in (None, "null"):
        back = change(changed, trading__min_funding_rate=nothing)
        assert back.effective == Settings()
        assert back.overrides == {}
        assert back.version == 2


def test_no_change_is_no_version() -> None:
    changed = change(FRESH, trading__min_funding_rate="0.0005")
    assert change(changed, trading__min_funding_rate='"0.00050"') is changed
    assert FRESH.changed([]) is FRESH
    assert change(FRESH, trading__policy=None) is FRESH


@pytest.mark.parametrize("value", ['"BTC-USDT, eth/usdt"', '["BTC-USDT", "ETH-USDT"]'])
def test_overrides_are_kept_as_settings_are_written(value: str) -> None:
    changed = change(FRESH, trading__allow_pairs=value)
    assert changed.overrides == {"trading.allow_pairs": "BTC-USDT, ETH-USDT"}
    assert restored(Settings(), changed.overrides, 1) == changed


def test_a_list_can_be_overridden_to_be_empty() -> None:
    configured = settings_from({"trading.allow_pairs": "BTC-USDT"})
    changed = change(RuntimeConfig(configured), trading__allow_pairs="[]")
    assert changed.effective.trading.allow_pairs == ()
    assert restored(configured, changed.overrides, 1).effective.trading.allow_pairs == ()


def test_numbers_in_json_keep_every_digit() -> None:
    changed = change(FRESH, trading__max_position_size_usd="12345.123456789012345678")
    assert changed.overrides == {"trading.max_position_size_usd": "12345.123456789012345678"}


def test_changes_are_judged_together_with_everything_else() -> None:
    (problem,) = refused(FRESH, trading__min_funding_rate="0.00005")
    assert problem.startswith(EXIT)
    changed = change(
        FRESH, trading__min_funding_rate="0.00005", trading__exit_funding_rate="0.00001"
    )
    assert changed.version == 1
    (problem,) = refused(changed, trading__exit_funding_rate=None)
    assert problem.startswith(EXIT)


def test_every_reason_is_given() -> None:
    problems = refused(
        FRESH,
        trading__min_funding_rate="0",
        trading__polcy='"carry"',
        trading__leverage="3",
        trading__scan_interval='"soon"',
        trading__min_volume_24h="{",
        trading__max_simultaneous_positions="NaN",
    )
    assert len(problems) == 6
    said = "\n".join(problems)
    assert f"{MIN}: 0 is too small" in said
    assert "did you mean trading.policy" in said
    assert "trading.leverage: takes effect at the next start only" in said
    assert "is not a duration" in said
    assert "not valid JSON" in said
    assert "trading.max_simultaneous_positions: NaN is not a number" in said


def test_what_no_longer_fits_is_set_aside_and_the_rest_holds() -> None:
    overrides = {
        MIN: "nonsense",
        "trading.leverage": "3",
        "trading.gone": "1",
        "trading.policy": "threshold",
    }
    config = restored(Settings(), overrides, 4)
    assert config.overrides == {"trading.policy": "threshold"}
    assert {one.key for one in config.set_aside} == {MIN, "trading.leverage", "trading.gone"}
    assert config.version == 4


def test_an_override_against_the_edited_file_is_set_aside_whichever_is_named() -> None:
    # The conflict is told of exit_funding_rate, which here is the file's.
    configured = settings_from({MIN: "0.0009", EXIT: "0.0008"})
    config = restored(configured, {MIN: "0.0005", "trading.policy": "threshold"}, 2)
    assert config.overrides == {"trading.policy": "threshold"}
    assert [one.key for one in config.set_aside] == [MIN]
    assert config.effective.trading.min_funding_rate == Decimal("0.0009")


def test_overrides_that_only_fit_together_stay() -> None:
    overrides = {MIN: "0.00005", EXIT: "0.00001"}
    assert restored(Settings(), overrides, 1).overrides == overrides


def test_dealing_with_what_was_set_aside_clears_it() -> None:
    config = restored(Settings(), {MIN: "nonsense"}, 1)
    assert change(config, trading__policy='"threshold"').set_aside == config.set_aside
    for value in (None, "0.0005"):
        mended = change(config, trading__min_funding_rate=value)
        assert mended.set_aside == ()
        assert mended.version == 2


def test_the_view_shows_where_each_value_comes_from_and_no_secret() -> None:
    configured = settings_from(
        {
            MIN: "0.0004",
            "exchange.api_key": "sesame",
            "exchange.api_secret": "sesame",
            "store.url": "postgresql://me:sesame@host/db",
        }
    )
    config = change(RuntimeConfig(configured), trading__min_funding_rate="0.0005")
    places = {MIN: "settings.yaml, line 3"}
    view = view_of(config, Changes((), {}), places, None, None)
    fields = {one.key: one for one in view.fields}
    rate = fields[MIN]
    assert (rate.default, rate.configured, rate.override, rate.effective) == (
        "0.0003",
        "0.0004",
        "0.0005",
        "0.0005",
    )
    assert (rate.source, fields[EXIT].source) == ("settings.yaml, line 3", "default")
    assert rate.editable
    assert (rate.kind, rate.minimum, rate.maximum) == ("decimal", "0.00001", "0.02")
    assert (rate.unit, rate.percent, rate.shown_unit) == ("fraction per 8 h", True, "% per 8 h")
    assert (rate.section, rate.variable) == ("trading", "TRADING_MIN_FUNDING_RATE")
    assert rate.right == "a number from 0.00001 to 0.02 (fraction per 8 h)"
    policy = fields["trading.policy"]
    assert policy.choices == ("carry", "threshold")
    assert "expected over" in dict(policy.choices_explained)["carry"]
    assert not fields["trading.leverage"].editable
    assert fields["exchange.api_key"].kind == "secret"
    assert {one.name for one in view.sections} == {one.section for one in view.fields}
    assert all(one.description for one in view.sections)
    assert fields["store.url"].configured == "postgresql://me:********@host/db"
    assert "sesame" not in repr(view)
