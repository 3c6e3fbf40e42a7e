from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.domain.ledger import EquityPoint
from tests.builders import NOON, pair
from tests.web import sample_data as data
from web.serialise import to_json


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True, slots=True)
class Sample:
    amount: Decimal | None
    at: datetime
    length: timedelta
    colour: Colour
    figure: float
    limits: tuple[tuple[str, Decimal], ...]
    several: tuple[Decimal, ...]


def as_read(value: object) -> Any:
    return orjson.loads(to_json(value))


def test_every_kind_of_field() -> None:
    sample = Sample(
        Decimal("1E+3"),
        datetime(2025, 1, 2, 3, 4, 5, 600, UTC),
        timedelta(minutes=1.5),
        Colour.RED,
        float("nan"),
        (("BTC-USDT", Decimal("0.10")),),
        (Decimal("1e-12"),),
    )
    assert as_read(sample) == {
        "amount": "1000",
        "at": "2025-01-02T03:04:05.000600Z",
        "length": 90.0,
        "colour": "red",
        "figure": None,
        "limits": {"BTC-USDT": "0.10"},
        "several": ["0.000000000001"],
    }


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_decimals_keep_every_digit_and_have_no_exponent(value: Decimal) -> None:
    text = as_read({"value": value})["value"]
    assert Decimal(text) == value
    assert "E" not in text.upper()


@pytest.mark.parametrize("value", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_not_known(value: str) -> None:
    assert as_read([Decimal(value)]) == [None]


def test_sums_stand_beside_their_parts() -> None:
    split = as_read(data.SPLIT)
    assert Decimal(split["net"]) == data.SPLIT.net
    assert Decimal(split["price"]) == Decimal(split["spot_price"]) + Decimal(split["perp_price"])
    assert Decimal(split["fees"]) == Decimal(split["fees_spot"]) + Decimal(split["fees_perp"])
    assert as_read(pair())["key"] == "BTC-USDT"


def test_an_equity_point_leaves_its_prices_at_home() -> None:
    point = EquityPoint(NOON, Decimal(1), Decimal(1), Decimal(0), 3, (("BTC", Decimal(1)),))
    assert set(as_read(point)) == {
        "at",
        "equity_usdt",
        "wallet_usdt",
        "unrealised_usdt",
        "booked",
    }


def test_what_has_no_form_is_an_error() -> None:
    with pytest.raises(TypeError):
        to_json(object())
