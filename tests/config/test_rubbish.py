"""Whatever is put into settings: they are valid, or a SettingsError says why. Nothing else."""

import json
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.config.loading import settings_from
from actors.config.messages import FieldChange
from actors.config.problems import SettingsError
from actors.config.runtime_config import RuntimeConfig
from actors.config.schema import known, shown_value, value_of
from actors.config.settings import Settings
from actors.config.sources import Environment
from actors.config.terms import terms_of
from actors.config.yaml_file import parse_yaml

KEYS = sorted(known())
ODD = ["1e999999999", "1e-999999999", "9" * 500, "nan", "-inf", "1_0", "1h", "٣h", "\x00", "{1"]
YAML_PARTS = [*"[]{}3>\"'#%\t\n", "trading:", "risk:", "  ", "leverage", ": ", "- ", "&a ", "*a"]
YAML_PARTS += ["!!int ", "? ", "2024-13-45", "<<: ", ".nan", "1:30", "|"]

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.decimals()
    | st.text(max_size=30)
    | st.datetimes()
    | st.dates()
    | st.sampled_from(ODD)
)
NAMES = st.none() | st.integers() | st.dates() | st.text(max_size=10)
VALUES = SCALARS | st.lists(SCALARS, max_size=3) | st.dictionaries(NAMES, SCALARS, max_size=3)
JSON_VALUES = VALUES.map(lambda value: json.dumps(value, default=str, skipkeys=True))


def outcome(values: Mapping[str, object]) -> Settings | SettingsError:
    try:
        return settings_from(values)
    except SettingsError as error:
        return error


@pytest.mark.parametrize("key", KEYS)
@settings(max_examples=30)
@given(value=VALUES)
def test_any_value_for_any_setting(key: str, value: object) -> None:
    found = outcome({key: value})
    if isinstance(found, SettingsError):
        assert found.problems
        assert len(str(found)) < 2_000
    else:
        assert len(shown_value(found, key)) < 10_000
        terms_of(found)


@pytest.mark.parametrize("key", KEYS)
def test_a_number_too_long_to_be_written_out(key: str) -> None:
    found = outcome({key: int("f" * 5000, 16)})
    assert isinstance(found, SettingsError)
    assert len(str(found)) < 2_000


@given(st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=8))
def test_any_values_together(values: dict[str, object]) -> None:
    found = outcome(values)
    assert isinstance(found, Settings) or found.problems


SHOWN = [key for key, spec in known().items() if not spec.secret]


@pytest.mark.parametrize("key", SHOWN)
@settings(max_examples=20)
@given(text=st.text(max_size=40))
def test_what_is_shown_can_be_given_again(key: str, text: str) -> None:
    """The text of a value means that value: forms and overrides rely on it."""
    for given_text in (text, known()[key].default):
        found = outcome({key: given_text})
        if isinstance(found, Settings):
            again = settings_from({key: shown_value(found, key)})
            assert value_of(again, key) == value_of(found, key)


@given(st.binary(max_size=200))
def test_any_file(content: bytes) -> None:
    entries, problems = parse_yaml(content.decode("utf-8", "replace"), "rubbish.yaml")
    assert all(entry.place.startswith("rubbish.yaml, line ") for entry in entries)
    assert all(problem.place.startswith("rubbish.yaml") for problem in problems)


@settings(max_examples=300)
@given(st.lists(st.sampled_from(YAML_PARTS), max_size=25).map("".join))
def test_anything_like_yaml(text: str) -> None:
    entries, _ = parse_yaml(text, "rubbish.yaml")
    found = outcome({entry.key: entry.value for entry in entries})
    assert isinstance(found, Settings) or found.problems


@pytest.mark.parametrize("nested", ["[" * 100_000, "{a: " * 50_000, "- " * 100_000])
def test_a_file_nested_without_end(nested: str) -> None:
    _, (problem,) = parse_yaml(f"trading:\n  allow_pairs: {nested}", "deep.yaml")
    assert str(problem).startswith("deep.yaml")


@given(
    st.dictionaries(
        st.sampled_from([spec.variable for spec in known().values()]) | st.text(max_size=20),
        st.text(max_size=30),
        max_size=5,
    )
)
def test_any_environment(environ: dict[str, str]) -> None:
    source = Environment(Settings, environ)
    assert len(source.entries) + len(source.problems) <= len(environ)
    values = source()
    read = {f"{section}.{name}" for section, names in values.items() for name in names}
    assert read == set(source.entries)


def anyhow(change: Callable[[], RuntimeConfig]) -> RuntimeConfig | SettingsError:
    try:
        return change()
    except SettingsError as error:
        return error


@settings(max_examples=400)
@given(
    key=st.sampled_from(KEYS) | st.text(max_size=20),
    value=st.none() | st.text(max_size=20) | JSON_VALUES,
)
def test_any_change_while_running(key: str, value: str | None) -> None:
    before = RuntimeConfig(Settings())
    after = anyhow(lambda: before.changed([FieldChange(key, value)]))
    if isinstance(after, SettingsError):
        assert after.problems
    else:
        assert after.effective == RuntimeConfig(Settings(), after.overrides).effective
