"""Settled prints, whichever end of a page an exchange cuts off; and nothing asked for twice."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.venues.ccxt.history import PAGE, Fetch, PrintBook, pages, prints_of
from actors.venues.ccxt.markets import Listing, listing_of
from tests.venues.ccxt.surroundings import ms
from tests.venues.ccxt.test_markets import market

FIRST = datetime(2025, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
Row = Mapping[str, Any]


def listing() -> Listing:
    made = listing_of(market(), "bybit", "USDT", tick_sizes=True)
    assert made is not None
    return made


def rows(hours: Iterable[int], late_ms: int = 0) -> list[Row]:
    """One print after each of these gaps."""
    return [
        {"timestamp": ms(FIRST + HOUR * at) + late_ms, "fundingRate": 0.0001}
        for at in accumulate(hours)
    ]


def exchange(settled: list[Row], cut: Callable[[list[Row]], list[Row]]) -> tuple[Fetch, list[int]]:
    """It counts both ends, gives a page at most, and notes how many rows each call found."""
    found: list[int] = []

    async def fetch(start: datetime, end: datetime) -> list[Row]:
        within = [one for one in settled if ms(start) <= one["timestamp"] <= ms(end)]
        found.append(len(within))
        return cut(within)

    return fetch, found


def newest(within: list[Row]) -> list[Row]:
    return within[-PAGE:][::-1]


def oldest(within: list[Row]) -> list[Row]:
    return within[:PAGE]


@given(
    gaps=st.lists(st.sampled_from([1, 2, 4, 8]), min_size=1, max_size=400),
    cut=st.sampled_from([newest, oldest]),
    interval=st.sampled_from([1, 4, 8]),
)
def test_no_row_is_lost_whichever_end_is_cut(
    gaps: list[int], cut: Callable[[list[Row]], list[Row]], interval: int
) -> None:
    settled = rows(gaps)
    fetch, _ = exchange(settled, cut)
    until = FIRST + HOUR * (sum(gaps) + 1)
    read = asyncio.run(pages(fetch, FIRST, until, HOUR * interval))
    assert [ms(at) for at in read] == [one["timestamp"] for one in settled]


def test_a_year_of_eight_hours_takes_a_call_a_month() -> None:
    fetch, found = exchange(rows([8] * 1095), newest)
    asyncio.run(pages(fetch, FIRST, FIRST + timedelta(days=365), 8 * HOUR))
    assert len(found) == 12


def hours_of(gaps: list[int]) -> list[int]:
    at = {FIRST + HOUR * one: {"fundingRate": 0.0001} for one in accumulate([0, *gaps])}
    return [one.interval_hours for one in prints_of(at, listing(), None)]


@pytest.mark.parametrize(
    ("gaps", "hours"),
    [([8, 8], [8, 8, 8]), ([8, 4, 4], [8, 8, 4, 4]), ([4, 1, 1, 4], [4, 4, 1, 1, 4])],
)
def test_the_interval_is_read_off_the_gap_before(gaps: list[int], hours: list[int]) -> None:
    assert hours_of(gaps) == hours


def test_a_hole_is_marked_and_no_interval() -> None:
    at = {FIRST + HOUR * one: {"fundingRate": 0.0001} for one in (0, 4, 52, 56)}
    prints = prints_of(at, listing(), None)
    assert [one.interval_hours for one in prints] == [4, 4, 4, 4]
    assert [one.after_gap for one in prints] == [False, False, True, False]


def test_a_print_alone_takes_the_interval_of_now_or_is_left_out() -> None:
    at = {FIRST: {"fundingRate": 0.0001}}
    assert prints_of(at, listing(), None) == []
    assert [one.interval_hours for one in prints_of(at, listing(), 4)] == [4]


def test_a_rate_that_is_none_is_left_out() -> None:
    at: dict[datetime, Row] = {
        FIRST: {"fundingRate": 0.0001},
        FIRST + 8 * HOUR: {"fundingRate": None},
        FIRST + 16 * HOUR: {"fundingRate": float("nan")},
    }
    assert len(prints_of(at, listing(), 8)) == 1


def test_a_settlement_stamped_late_is_the_hours() -> None:
    fetch, _ = exchange(rows([8, 8], late_ms=37), oldest)
    read = asyncio.run(pages(fetch, FIRST, FIRST + timedelta(days=1), 8 * HOUR))
    assert list(read) == [FIRST + 8 * HOUR, FIRST + 16 * HOUR]


def test_nothing_is_asked_for_until_the_next_settlement_is_due() -> None:
    book = PrintBook()
    now = FIRST + 17 * HOUR
    assert not book.covers(FIRST, now)
    at = {FIRST + HOUR * one: {"fundingRate": 0.0001} for one in (8, 16)}
    book.extended(FIRST, now, prints_of(at, listing(), None))
    assert book.covers(FIRST, now + 6 * HOUR)
    assert not book.covers(FIRST - HOUR, now)
    assert not book.covers(FIRST, FIRST + 24 * HOUR)
    book.next_settlement = FIRST + 20 * HOUR  # the interval was shortened
    assert book.covers(FIRST, FIRST + 19 * HOUR)
    assert not book.covers(FIRST, FIRST + 20 * HOUR)


def test_a_print_that_is_due_is_asked_for_now_and_then_until_it_is_there() -> None:
    book = PrintBook()
    at = {FIRST + HOUR * one: {"fundingRate": 0.0001} for one in (0, 8)}
    book.extended(FIRST - HOUR, FIRST + 8 * HOUR, prints_of(at, listing(), None))
    due = FIRST + 16 * HOUR
    book.extended(FIRST, due, [])  # asked in that very second: not published yet
    assert book.covers(FIRST, due + timedelta(seconds=5))
    assert not book.covers(FIRST, due + timedelta(seconds=30))
    late = {one: {"fundingRate": 0.0001} for one in (FIRST + 8 * HOUR, due)}
    book.extended(FIRST, due + timedelta(seconds=30), prints_of(late, listing(), None)[1:])
    assert book.covers(FIRST, due + 7 * HOUR)
    assert [one.at for one in book.between(FIRST + 8 * HOUR, due + HOUR)] == [due]
