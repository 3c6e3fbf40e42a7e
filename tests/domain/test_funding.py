"""A rate at its limit; a rate's unit."""

from dataclasses import replace

import pytest

from tests.builders import D, funding


@pytest.mark.parametrize(
    ("rate", "at_limit"),
    [("0.02", True), ("-0.02", True), ("0.0199", False), ("0", False), ("0.03", True)],
)
def test_a_rate_is_at_its_limit_on_either_side(rate: str, at_limit: bool) -> None:
    known = replace(funding(rate), cap=D("0.02"), floor=D("-0.02"))
    assert known.at_limit is at_limit


def test_without_both_limits_nothing_is_said() -> None:
    assert funding().at_limit is None
    assert replace(funding(), cap=D("0.02")).at_limit is None
    limited = replace(funding(), cap=D("0.02"), floor=D("-0.02"), predicted_rate=None)
    assert limited.at_limit is None
