"""What is written about settings is what they are."""

from pathlib import Path

import yaml

from actors.config.loading import load
from actors.config.reference import reference
from actors.config.schema import known, value_of
from actors.config.settings import Settings
from actors.config.template import REPLAY_CHOICES, settings_file

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


def test_every_setting_is_described_and_bounded() -> None:
    for key, spec in known().items():
        assert spec.description.endswith("."), key
        if spec.kind in ("decimal", "integer", "number", "duration"):
            assert spec.minimum is not None, key
            assert spec.maximum is not None, key
