"""Not a digit and not a microsecond is lost, in either database."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Context, Decimal
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actors.domain.ledger import EquityPoint
from actors.store import EventRecord, Store
from tests.store.samples import D, at, position

decimals = st.builds(
    lambda digits, exponent: Decimal(digits).scaleb(exponent, Context(prec=200)),
    st.integers(-(10**60), 10**60),
    st.integers(-60, 60),
)
zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
times = st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1), timezones=zones)  # noqa: DTZ001

every_database = settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
_numbers = count()


def kept(store: Store, point: EquityPoint) -> EquityPoint:
    with store.transaction() as tx:
        tx.ledger.add_equity(point)
    with store.transaction() as tx:
        return next(one for one in tx.ledger.equity() if one.at == point.at)


@every_database
@given(number=decimals)
def test_decimals(store: Store, number: Decimal) -> None:
    instant = at(next(_numbers))
    assert kept(store, EquityPoint(instant, number, number, number)) == EquityPoint(
        instant, number, number, number
    )


@every_database
@given(instant=times)
def test_times(store: Store, instant: datetime) -> None:
    with store.transaction() as tx:
        tx.positions.set_cooldown("BTC-USDT", instant, "")
        until = tx.positions.cooldowns()[0][1]
    assert until == instant
    assert until.tzinfo is UTC


@every_database
@given(text=st.text(st.characters(exclude_categories=[])))
def test_any_text_can_be_kept(store: Store, text: str) -> None:
    with store.transaction() as tx:
        tx.events.append([EventRecord(0, at(0), "kind", "info", "root", text, "")])
        found = tx.events.read(limit=1)[0].text
    assert len(found) == len(text)
    if text.isprintable():
        assert found == text


def test_times_sort_as_times(store: Store) -> None:
    """Also where they are text: all have the same zone and the same width."""
    instants = [
        datetime(2024, 3, 1, 8, 0, 0, 0, tzinfo=UTC),
        datetime(2024, 3, 1, 9, 0, 0, 1, tzinfo=timezone(timedelta(hours=1))),
        datetime(2024, 3, 1, 8, 0, 1, 0, tzinfo=UTC),
        datetime(2024, 3, 1, 10, 0, 0, 0, tzinfo=UTC),
    ]
    with store.transaction() as tx:
        for instant in reversed(instants):
            tx.ledger.add_equity(EquityPoint(instant, D(1), D(1), D(1)))
        assert [one.at for one in tx.ledger.equity()] == instants


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (lambda of: replace(of, target_quantity=0.1), TypeError),
        (lambda of: replace(of, target_quantity=D("NaN")), ValueError),
        (lambda of: replace(of, target_quantity=D("Infinity")), ValueError),
        (lambda of: replace(of, created_at=datetime(2024, 1, 1)), ValueError),  # noqa: DTZ001
        (lambda of: replace(of, state="dancing"), ValueError),
    ],
)
def test_what_is_not_exact_is_refused(
    store: Store, wrong: Callable[[Any], Any], error: type[Exception]
) -> None:
    with pytest.raises(error), store.transaction() as tx:
        tx.positions.save(wrong(position()))
    with store.transaction() as tx:
        assert tx.positions.all() == []
