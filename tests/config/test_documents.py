"""What is written about settings is what they are."""

from pathlib import Path

import pytest
import yaml

from actors.config.loading import load
from actors.config.reference import reference
from actors.config.schema import known, value_of
from actors.config.settings import Mode, Settings
from actors.config.template import REPLAY_CHOICES, settings_file
from actors.domain.terms import PolicyName

ROOT = Path(__file__).parents[2]


def test_the_reference_is_up_to_date() -> None:
    """If not: make docs."""
    assert (ROOT / "docs/configuration.md").read_text() == reference()


def test_the_settings_file_is_the_one_that_new_config_writes() -> None:
    assert (ROOT / "settings.yaml").read_text() == settings_file()


def test_the_settings_file_states_the_defaults() -> None:
    settings = load(folder=ROOT, environ={}).settings
    different = {key for key in known() if value_of(settings, key) != value_of(Settings(), key)}
    assert different == set(REPLAY_CHOICES)


def test_the_settings_file_names_every_setting() -> None:
    text = settings_file()
    uncommented = "\n".join(
        line.replace("# ", "", 1) if line.startswith("  # ") and line.endswith(":") else line
        for line in text.splitlines()
    )
    stated = yaml.safe_load(uncommented)
    keys = {f"{section}.{name}" for section, names in stated.items() for name in names}
    assert keys == set(known())


def test_every_choice_is_explained() -> None:
    choices = {key: {choice for choice, _ in spec.choices} for key, spec in known().items()}
    assert {key: kinds for key, kinds in choices.items() if kinds} == {
        "trading.mode": set(Mode),
        "trading.policy": set(PolicyName),
    }
    meanings = [meaning for spec in known().values() for _, meaning in spec.choices]
    assert all(meaning.endswith(".") for meaning in meanings)


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("trading.allow_pairs", "pairs"),
        ("trading.max_position_size_per_pair", "pair_amounts"),
        ("trading.min_funding_rate", "decimal"),
        ("trading.scan_interval", "duration"),
        ("trading.autostart", "boolean"),
        ("trading.policy", "choice"),
        ("signal.exit_margin_round_trips", "number"),
        ("dashboard.port", "integer"),
        ("dashboard.allowed_hosts", "list"),
        ("historical.from", "time"),
        ("historical.speed", "text"),
        ("exchange.ccxt_config", "map"),
        ("exchange.api_key", "secret"),
    ],
)
def test_a_form_can_tell_the_kinds_of_values_apart(key: str, kind: str) -> None:
    assert known()[key].kind == kind


def test_every_setting_is_described_and_bounded() -> None:
    for key, spec in known().items():
        assert spec.description.endswith("."), key
        if spec.kind in ("decimal", "integer", "number", "duration"):
            assert spec.minimum is not None, key
            assert spec.maximum is not None, key
