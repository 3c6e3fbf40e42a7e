"""Every setting that decisions depend on reaches them."""

from dataclasses import asdict
from typing import Any

import pytest

from actors.config.loading import settings_from
from actors.config.schema import known
from actors.config.settings import Settings
from actors.config.terms import terms_of
from actors.domain.terms import Terms

NOT_FOR_DECISIONS = {"trading.mode", "trading.autostart"}
OTHER_VALUES = {
    "trading.policy": "threshold",
    "trading.max_position_size_per_pair": "BTC-USDT: 5",
    "trading.allow_pairs": "BTC-USDT",
    "trading.deny_pairs": "BTC-USDT",
}
FOR_DECISIONS = [
    key
    for key, spec in known().items()
    if spec.section in ("trading", "signal", "risk", "fees") and key not in NOT_FOR_DECISIONS
]


def test_the_defaults_are_the_domains() -> None:
    assert terms_of(Settings()) == Terms()


def flat(value: object, name: str = "") -> dict[str, Any]:
    if not isinstance(value, dict):
        return {name: value}
    return {key: one for part in value for key, one in flat(value[part], f"{name}.{part}").items()}


@pytest.mark.parametrize("key", FOR_DECISIONS)
def test_each_setting_moves_one_term(key: str) -> None:
    spec = known()[key]
    # Half of the default stays within the bounds, but where it would be no whole number.
    smaller = {"integer": "2", "duration": f"{spec.default} 1s"}
    value = OTHER_VALUES.get(key) or smaller.get(spec.kind) or str(float(spec.default) / 2)
    if key == "trading.leverage":
        value = "3"
    before, after = flat(asdict(Terms())), flat(asdict(terms_of(settings_from({key: value}))))
    changed = [name for name in before if before[name] != after[name]]
    assert len(changed) == 1, (key, value, changed)


def test_the_version_is_passed_on() -> None:
    assert terms_of(Settings(), version=7) == Terms(version=7)


def test_durations_become_hours() -> None:
    assert terms_of(settings_from({"signal.horizon": "36h"})).carry.horizon_hours == 36.0
