"""What the vault holds of a paper account, as lines of JSON. The account is the fold of these."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, TypeAdapter

from actors.domain.instruments import Instrument, Market
from actors.domain.orders import Fill, Side
from actors.domain.payments import FundingPayment


@dataclass(frozen=True, slots=True)
class Opened:
    """The account was opened with a first payment in."""

    at: datetime
    coin: str
    amount: Decimal
    kind: Literal["opened"] = "opened"


@dataclass(frozen=True, slots=True)
class Traded:
    """An order and all that it filled: it ends in the instant in which it arrives.

    Also what the exchange does on its own (liquidation, ADL), under a client id of its making.
    """

    at: datetime
    number: int
    """Counts the account's orders from 1."""
    client_id: str
    symbol: str
    market: Market
    base: str
    side: Side
    quantity: Decimal
    """As ordered, base coins."""
    fills: tuple[Fill, ...]
    reason: str = ""
    visible_at: datetime | None = None
    """Until then the exchange does not show what became of the order."""
    known_before: bool = True
    """Before ``visible_at``: is the order known there at all?"""
    kind: Literal["traded"] = "traded"


@dataclass(frozen=True, slots=True)
class Funded:
    """A funding payment. ``payment.at`` is the settlement, ``at`` when it was booked."""

    at: datetime
    payment: FundingPayment
    kind: Literal["funded"] = "funded"


Record: TypeAlias = Opened | Traded | Funded

_ADAPTER: TypeAdapter[Record] = TypeAdapter(Annotated[Record, Field(discriminator="kind")])


def to_line(record: Record) -> str:
    return _ADAPTER.dump_json(record).decode()


def from_line(line: str) -> Record:
    """Raises ValueError for a line that is no record."""
    return _ADAPTER.validate_json(line)


def traded(
    at: datetime,
    number: int,
    client_id: str,
    instrument: Instrument,
    side: Side,
    quantity: Decimal,
    fills: tuple[Fill, ...],
    reason: str = "",
) -> Traded:
    """The record of one order."""
    return Traded(
        at=at,
        number=number,
        client_id=client_id,
        symbol=instrument.symbol,
        market=instrument.market,
        base=instrument.base,
        side=side,
        quantity=quantity,
        fills=fills,
        reason=reason,
    )
