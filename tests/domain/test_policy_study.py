"""The figures in docs/policies.md are what the policies do on the bundled funding history."""

from pathlib import Path

import pytest

from actors.domain.funding import FundingPrint
from actors.domain.terms import CarryTerms, PolicyName, Terms
from tests.domain.builders import hours, prints
from tests.domain.policy_study import (
    BINANCE,
    hindsight,
    load,
    report,
    rows,
    run,
    year,
)

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "actors/venues/sample"


def test_the_docs_show_what_the_study_finds() -> None:
    missing = set(report(SAMPLE)) - set((ROOT / "docs/policies.md").read_text().splitlines())
    assert missing == set()


def test_no_policy_beats_hindsight_and_carry_trades_seldom() -> None:
    for row in rows(load(SAMPLE, "binance", ("BTC", "ORCA")), BINANCE, 2025):
        best = max(row.threshold.net, row.carry.net, row.always)
        assert best <= row.hindsight + 1e-12, row.base
        assert row.carry.round_trips <= 3, row.base


def steady(rate: str) -> list[FundingPrint]:
    since, _ = year(2025)
    return prints([rate] * 300, until=since + hours(8 * 199))


def test_the_study_by_hand() -> None:
    """Entered at the first print of the year, paid by the 199 after it, one round trip of 0.4%."""
    terms = Terms(fees=BINANCE, policy=PolicyName.CARRY, carry=CarryTerms())
    outcome = run(steady("0.0003"), terms, *year(2025))
    assert outcome.round_trips == 1
    assert outcome.funding == pytest.approx(199 * 0.0003)
    assert outcome.costs == pytest.approx(0.004)
    assert hindsight(steady("0.0003"), BINANCE, *year(2025)) == pytest.approx(outcome.net)
    assert hindsight(steady("-0.0003"), BINANCE, *year(2025)) == 0
    assert run(steady("0.00002"), terms, *year(2025)).round_trips == 0
