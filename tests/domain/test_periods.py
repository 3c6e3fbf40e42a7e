"""What an account gained in a stretch of time, worked out by hand."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from actors.domain.exact import total_of
from actors.domain.flows import Flows
from actors.domain.periods import EquityHistory, Gain, Period, Sample, gain

D = Decimal
HOUR = timedelta(hours=1)


def at(day: int, hour: int = 0, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2025, month, day, hour, minute, tzinfo=UTC)


def sample(when: datetime, equity: str, funding: str = "0", fees: str = "0") -> Sample:
    return Sample(when, D(equity), Flows(D(funding), D(fees)))


def history(*samples: Sample) -> EquityHistory:
    made = EquityHistory()
    for one in samples:
        made.add(one)
    return made


def named(periods: tuple[Period, ...], name: str) -> Gain:
    return next(one.gain for one in periods if one.name == name)


def test_the_parts_add_up_to_the_net() -> None:
    start = Sample(at(1), D("1000"), Flows(D(5), D(-2), D(-1)))
    end = Sample(at(2), D("1010.5"), Flows(D(17), D("-4.5"), D("-1.25")))
    found = gain(start, end)
    assert (found.net_usdt, found.net_fraction) == (D("10.5"), D("0.0105"))
    assert (found.funding_usdt, found.fees_usdt, found.slippage_usdt) == (
        D(12),
        D("-2.5"),
        D("-0.25"),
    )
    # 10.5 = 12 of funding - 2.5 of fees + 1 of price.
    assert found.price_usdt == D(1)
    assert found.unknown == ()


def test_money_paid_in_is_no_gain() -> None:
    start, end = Sample(at(1), D(1000), Flows()), Sample(at(2), D(1600), Flows(capital=D(500)))
    assert gain(start, end).net_usdt == 100


def test_a_coin_without_a_price_makes_the_split_unknown_but_not_the_net() -> None:
    found = gain(sample(at(1), "100"), Sample(at(2), D(101), Flows(unpriced=1)))
    assert (found.net_usdt, found.funding_usdt, found.price_usdt, found.fees_usdt) == (
        D(1),
        None,
        None,
        None,
    )
    assert set(dict(found.unknown)) == {"funding_usdt", "price_usdt", "fees_usdt"}
    slipped = gain(sample(at(1), "100"), Sample(at(2), D(101), Flows(unmeasured=1)))
    assert (slipped.slippage_usdt, slipped.fees_usdt) == (None, D(0))


def test_periods_begin_at_midnights() -> None:
    curve = history(
        sample(at(1), "1000"),
        sample(at(7, 23), "1004", "4"),
        sample(at(8, 1), "1005", "5"),
        sample(at(14, 23), "1010", "9", "-1"),
        sample(at(15), "1012", "11", "-1"),
        sample(at(15, 1), "1013", "11", "-1"),
    )
    latest = sample(at(15, 9, 30), "1020", "20", "-2")
    periods = curve.periods(at(15, 10), latest)
    assert [(one.name, one.begins_at) for one in periods] == [
        ("today", at(15)),
        ("7 days", at(8)),
        ("30 days", at(13, month=2)),
        ("all", None),
    ]
    today = named(periods, "today")
    assert (today.since, today.net_usdt, today.funding_usdt, today.fees_usdt) == (
        at(15),
        D(8),
        D(9),
        D(-1),
    )
    assert today.price_usdt == 0
    week = named(periods, "7 days")
    assert (week.since, week.net_usdt, week.funding_usdt, week.price_usdt) == (
        at(7, 23),
        D(16),
        D(16),
        D(2),
    )
    assert named(periods, "all").net_usdt == 20


def test_a_history_that_is_too_short_says_so() -> None:
    curve = history(sample(at(15, 5), "1000"))
    periods = curve.periods(at(15, 10), sample(at(15, 9), "1001"))
    for name in ("today", "7 days", "30 days"):
        found = named(periods, name)
        assert (found.net_usdt, found.net_fraction, found.funding_usdt) == (None, None, None)
        assert dict(found.unknown)["net_usdt"] == (
            "the equity curve begins later, on 2025-03-15 05:00"
        )
    assert named(periods, "all").net_usdt == 1


def test_an_old_point_does_not_stand_for_midnight() -> None:
    """Six hours are a quarter of a day; a week may have a day and 18 hours."""
    curve = history(sample(at(1), "1000"), sample(at(14, 17, 59), "1010"))
    latest = sample(at(15, 9), "1020")
    assert named(curve.periods(at(15, 10), latest), "today").net_usdt is None
    curve = history(sample(at(1), "1000"), sample(at(14, 18), "1010"))
    assert named(curve.periods(at(15, 10), latest), "today").net_usdt == 10
    assert named(curve.periods(at(9), sample(at(9), "1020")), "7 days").net_usdt == 20
    assert named(curve.periods(at(12), sample(at(12), "1020")), "7 days").net_usdt is None


def test_without_the_present_equity_nothing_is_known_and_why() -> None:
    periods = history(sample(at(1), "1000")).periods(at(2), None, "no price for XLM")
    for one in periods:
        assert one.gain.net_usdt is None
        assert set(dict(one.gain.unknown).values()) == {"no price for XLM"}
        assert len(one.gain.unknown) == 8


def test_months_hang_together() -> None:
    curve = history(
        sample(at(30, 12), "1000"),
        sample(at(31, 23), "1010", "12", "-2"),
        sample(at(1, month=4), "1011", "13", "-2"),
        *(sample(at(day, 12, month=4), str(1011 + day), "13", "-2") for day in range(1, 31)),
        sample(at(2, month=5), "1050"),
    )
    march, april, may = curve.months(sample(at(2, 5, month=5), "1055"))
    assert (march.month, march.days, march.days_in_month, march.is_partial) == (
        "2025-03",
        2,
        31,
        True,
    )
    # The point at the stroke of midnight ends March and begins April.
    assert (march.gain.since, march.gain.until) == (at(30, 12), at(1, month=4))
    assert (march.gain.net_usdt, march.gain.funding_usdt, march.gain.price_usdt) == (
        D(11),
        D(13),
        D(0),
    )
    assert (april.days, april.is_partial) == (30, False)
    assert (april.gain.start_equity_usdt, april.gain.end_equity_usdt) == (D(1011), D(1041))
    assert april.gain.net_fraction == D("0.029673590504")
    # Nobody looked for a day: what came then is May's.
    assert (may.gain.since, may.gain.end_equity_usdt, may.days) == (at(30, 12, month=4), D(1055), 1)
    assert may.is_partial


def test_what_was_booked_since_the_last_prices_counts() -> None:
    """While no cycle brings new prices the present equity bears the time of the old ones."""
    curve = history(sample(at(1), "1000"), sample(at(2), "1010"))
    closed = sample(at(2), "1004", fees="-6")
    (march,) = curve.months(closed)
    assert (march.gain.net_usdt, march.gain.fees_usdt) == (D(4), D(-6))
    assert named(curve.periods(at(2, 1), closed), "all").net_usdt == 4


def test_a_month_that_has_only_begun() -> None:
    curve = history(sample(at(31, 23), "1000"))
    march, april = curve.months(sample(at(1, 0, 5, month=4), "1002"))
    assert (march.gain.net_usdt, april.gain.net_usdt) == (D(0), D(2))
    assert (march.is_partial, april.is_partial) == (True, True)
    assert history().months(sample(at(1), "1")) == ()


@given(
    st.lists(
        st.tuples(st.integers(1, 24 * 90), st.decimals(1, 10_000, places=4)),
        min_size=1,
        unique_by=lambda one: one[0],
    )
)
def test_the_months_sum_to_all(points: list[tuple[int, Decimal]]) -> None:
    samples = [Sample(at(1) + hours * HOUR, equity, Flows()) for hours, equity in sorted(points)]
    whole = history(*samples)
    months = whole.months(None)
    nets = [one.gain.net_usdt for one in months]
    assert total_of(one for one in nets if one is not None) == (
        samples[-1].equity_usdt - samples[0].equity_usdt
    )
    assert [one.month for one in months] == sorted({one.at.strftime("%Y-%m") for one in samples})
    # A sample and the present equity are the same to a month.
    assert history(*samples[:-1]).months(samples[-1])[-1:] == months[-1:] or len(samples) == 1
