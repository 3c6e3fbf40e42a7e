"""The recursive averages against the sums they stand for."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.domain.signals import (
    CarrySignal,
    Trend,
    expected_8h,
    expected_total,
    from_history,
    trend,
    updated,
)
from actors.domain.terms import CarryTerms
from tests.domain.builders import NOW, prints

TERMS = CarryTerms()
rates = st.decimals(min_value="-0.02", max_value="0.02", places=8).map(str)
histories = st.lists(rates, min_size=1, max_size=60)
intervals = st.sampled_from([1, 2, 4, 8])


def signal_after(history: list[str], interval_hours: int = 8) -> CarrySignal:
    signal = from_history(prints(history, interval_hours), TERMS)
    assert signal is not None
    return signal


@given(histories, intervals)
def test_means_and_variance_are_the_weighted_sums(history: list[str], interval: int) -> None:
    signal = signal_after(history, interval)
    rates_8h = np.array([float(rate) for rate in history]) * 8 / interval
    age = np.arange(len(history))[::-1] * float(interval)
    fast = 0.5 ** (age / TERMS.fast_half_life_hours)
    slow = 0.5 ** (age / TERMS.slow_half_life_hours)
    mean = np.average(rates_8h, weights=slow)
    assert signal.fast_8h == pytest.approx(np.average(rates_8h, weights=fast), abs=1e-12)
    assert signal.slow_8h == pytest.approx(mean, abs=1e-12)
    spread = np.average((rates_8h - mean) ** 2, weights=slow)
    assert signal.variance_8h == pytest.approx(spread, abs=1e-12)
    assert (signal.hours, signal.prints) == (interval * len(history), len(history))


@given(rates)
def test_hourly_and_8h_symbols_that_pay_alike_look_alike(rate: str) -> None:
    hourly = signal_after([str(float(rate) / 8)] * 80, 1)
    slow = signal_after([rate] * 10, 8)
    assert hourly.fast_8h == pytest.approx(slow.fast_8h, abs=1e-9)
    assert hourly.slow_8h == pytest.approx(slow.slow_8h, abs=1e-9)


def test_a_half_life_later_half_the_weight_is_new() -> None:
    terms = CarryTerms(fast_half_life_hours=80, slow_half_life_hours=800)
    signal = from_history(prints(["0"] * 1000 + ["0.001"] * 10), terms)
    assert signal is not None
    assert signal.fast_8h == pytest.approx(0.0005)


def test_a_print_told_twice_counts_once() -> None:
    history = prints(["0.0001", "0.0002", "0.0009"])
    once = from_history(history, TERMS)
    assert from_history([*history, history[-1], history[0]], TERMS) == once


def test_a_short_gap_is_bridged_and_a_long_one_forgets() -> None:
    history = prints(["0.001"] * 50)
    before = from_history(history, TERMS)
    assert before is not None
    later = replace(history[-1], at=NOW + timedelta(hours=100), after_gap=True)
    assert updated(before, later, TERMS).prints == 51
    much_later = replace(later, at=NOW + timedelta(hours=TERMS.slow_half_life_hours + 9))
    fresh = updated(before, much_later, TERMS)
    assert (fresh.prints, fresh.hours) == (1, 8)


def test_nothing_is_known_before_the_first_print() -> None:
    assert from_history([], TERMS) is None


@given(st.floats(-0.01, 0.01), st.floats(-0.01, 0.01), st.sampled_from([24.0, 168.0, 720.0]))
def test_the_expectation_is_the_mean_of_the_decay(fast: float, slow: float, horizon: float) -> None:
    signal = CarrySignal(fast, slow, 0.0, 1000.0, 125, NOW)
    middles = (np.arange(100_000) + 0.5) * horizon / 100_000
    path = slow + (fast - slow) * 0.5 ** (middles / TERMS.reversion_half_life_hours)
    assert expected_8h(signal, horizon, TERMS) == pytest.approx(path.mean(), abs=1e-10)
    assert expected_total(signal, horizon, TERMS) == pytest.approx(
        path.mean() * horizon / 8, abs=1e-8
    )


def test_terms_without_sense_are_refused() -> None:
    with pytest.raises(ValueError, match="positive"):
        CarryTerms(fast_half_life_hours=0)
    with pytest.raises(ValueError, match="positive"):
        CarryTerms(horizon_hours=float("nan"))
    with pytest.raises(ValueError, match="entered above"):
        CarryTerms(entry_margin_round_trips=-2.0)


@pytest.mark.parametrize(
    ("fast", "slow", "deviation", "word"),
    [
        (0.0003, 0.0001, 0.0002, Trend.RISING),
        (0.0001, 0.0003, 0.0002, Trend.FALLING),
        (0.0002, 0.0001, 0.0002, Trend.STEADY),  # within half a deviation
        (0.00011, 0.0001, 0.0, Trend.STEADY),  # a tenth of a basis point
        (-0.0001, -0.0003, 0.0, Trend.RISING),
    ],
)
def test_a_trend_is_the_lead_of_the_fast_mean(
    fast: float, slow: float, deviation: float, word: Trend
) -> None:
    signal = CarrySignal(fast, slow, deviation**2, TERMS.min_history_hours, 42, NOW)
    assert trend(signal, TERMS) == (fast - slow, word)
    assert trend(replace(signal, hours=TERMS.min_history_hours - 1), TERMS) is None
