"""Whatever happens in whatever order, the ledger is exact, and a restart changes nothing."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from actors.domain.orders import Fill, Leg, Side
from actors.domain.positions import Intent
from actors.pnl.verify import verify
from tests.pnl.world import PAIRS, D, World

quantities = st.decimals(min_value="0.001", max_value=50, places=3)
prices = st.decimals(min_value="0.0001", max_value=90_000, places=4)
fee_rates = st.sampled_from([D("0.001"), D("0.00055"), D(0), D("-0.0002"), D("0.0012345")])
rates = st.decimals(min_value="-0.02", max_value="0.02", places=8)
KINDS = (
    *("open", "trade", "trade", "trade", "late", "pay", "pay", "mark", "mark", "close"),
    *("crash", "die", "mood", "price"),
)


@dataclass(frozen=True)
class Happening:
    kind: str
    which: int
    leg: Leg
    grow: bool
    quantity: Decimal
    price: Decimal
    fee_rate: Decimal
    fee_in_base: bool
    rate: Decimal
    minutes: int


happenings = st.lists(
    st.builds(
        Happening,
        kind=st.sampled_from(KINDS),
        which=st.integers(0, 1),
        leg=st.sampled_from(Leg),
        grow=st.booleans(),
        quantity=quantities,
        price=prices,
        fee_rate=fee_rates,
        fee_in_base=st.booleans(),
        rate=rates,
        minutes=st.sampled_from([0, 0, 1, 7, 60, 480]),
    ),
    min_size=15,
    max_size=50,
)


RESTARTED = timedelta(minutes=1)
"""Longer than any pause before a restart: so two lives keep the same time."""


class History:
    """Two pairs traded at random: hedges that never balance, outcomes that come late."""

    def __init__(self) -> None:
        self.world = World()
        self.open: dict[int, str] = {}
        self._late: list[tuple[Intent, Fill]] = []
        self._begun: set[tuple[str, Leg]] = set()

    def happen(self, one: Happening, restarts: bool = True) -> None:
        world = self.world
        world.pass_time(timedelta(minutes=one.minutes))
        position_id = self.open.get(one.which)
        match one.kind:
            case "open" | "trade" | "late" if position_id is None:
                self.open[one.which] = world.begin(PAIRS[one.which], str(one.quantity))
            case "trade" | "late" if position_id is not None:
                self._trade(position_id, one)
            case "pay":
                world.exchange.pay(PAIRS[one.which].short.symbol, one.rate, one.price)
            case "mark":
                world.mark()
            case "close" if position_id is not None:
                self._close(one.which, one.price)
            case "crash" | "die":
                if restarts:
                    world.crash() if one.kind == "crash" else world.lose_process()
                world.pass_time(RESTARTED)
            case "mood":
                mood = world.exchange.mood
                world.exchange.mood = "problem" if mood == "answers" else "answers"
            case "price":
                base = PAIRS[one.which].long.base
                world.prices[base] = None if one.grow and one.fee_in_base else one.price

    def _trade(self, position_id: str, one: Happening) -> None:
        pair = PAIRS[one.which]
        grow = one.grow or (position_id, one.leg) not in self._begun
        self._begun.add((position_id, one.leg))
        side = Side.BUY if (one.leg is Leg.SPOT) == grow else Side.SELL
        intent = self.world.send(position_id, one.leg, side, one.quantity)
        coin = pair.long.base if one.fee_in_base and one.leg is Leg.SPOT else None
        fill = self.world.fill(intent, one.price, one.fee_rate, coin)
        if one.kind == "late":
            self._late.append((intent, fill))
        else:
            self.world.resolve(intent, [fill])

    def resolve_late(self) -> None:
        for intent, fill in self._late:
            self.world.resolve(intent, [fill])
        self._late.clear()

    def _close(self, which: int, price: Decimal) -> None:
        """The short bought back; what there is of the coin stays as dust."""
        self.resolve_late()
        position_id = self.open.pop(which)
        held = self.world.exchange.perps.get(PAIRS[which].short.symbol)
        if held is not None and held.quantity:
            side = Side.BUY if held.quantity < 0 else Side.SELL
            self.world.trade(position_id, Leg.PERP, side, abs(held.quantity), price)
        self.world.close(position_id)

    def come_to_rest(self) -> None:
        self.world.exchange.mood = "answers"
        self.resolve_late()
        for which in sorted(self.open):
            self._close(which, D(3))
        self.world.mark()
        self.world.pass_time(timedelta(minutes=30))
        self.world.mark()


def lived(story: list[Happening], restarts: bool = True) -> History:
    history = History()
    for one in story:
        history.happen(one, restarts)
    return history


@given(happenings)
@settings(max_examples=60)
def test_the_ledger_is_the_account_to_the_last_digit(story: list[Happening]) -> None:
    history = lived(story)
    history.resolve_late()
    history.world.exchange.mood = "answers"
    history.world.mark()
    assert history.world.discrepancies() == []
    history.come_to_rest()
    assert history.world.discrepancies() == []
    with history.world.store.reading() as tx:
        filled = [one.id for one in tx.positions.all() if one.fills]
        assert sorted(filled) == sorted(one.position_id for one in tx.ledger.trades())


@given(happenings)
@settings(max_examples=30)
def test_a_restart_in_the_middle_changes_nothing(story: list[Happening]) -> None:
    """One life goes through, another is cut short again and again: the books are the same."""
    books = []
    for restarts in (False, True):
        history = lived(story, restarts)
        history.come_to_rest()
        book = history.world.book()
        with history.world.store.reading() as tx:
            entries = sorted(
                (one.key, one.at, one.position_id, one.entries) for one in tx.ledger.transactions()
            )
        books.append((entries, book.trades, book.positions))
    assert books[0] == books[1]


STORED = [
    ("ledger_entries", "amount"),
    ("fills", "price"),
    ("fills", "quantity"),
    ("fills", "fee"),
    ("funding_payments", "amount"),
    ("equity_points", "equity_usdt"),
    ("equity_points", "wallet_usdt"),
    ("equity_points", "unrealised_usdt"),
    ("equity_points", "booked"),
    ("closed_trades", "pnl_spot_price"),
    ("closed_trades", "pnl_perp_price"),
    ("closed_trades", "pnl_funding"),
    ("closed_trades", "pnl_fees_spot"),
    ("closed_trades", "pnl_fees_perp"),
    ("closed_trades", "pnl_slippage"),
    ("closed_trades", "exit_spot_price"),
    ("closed_trades", "dust_quantity"),
]


@pytest.fixture(scope="module")
def exact() -> World:
    world = World()
    position_id = world.hedge(quantity="3.007", price="101.37")
    for _ in range(3):
        world.pass_time(timedelta(hours=8))
        world.settle(rate="0.00012345")
        world.mark()
    world.unhedge(position_id, "102.91")
    world.hedge(PAIRS[1], "5.5", "7.13")
    world.pass_time(timedelta(hours=8))
    world.settle(PAIRS[1], "0.0003")
    world.mark()
    assert world.discrepancies() == []
    return world


@pytest.mark.parametrize(("table", "column"), STORED)
def test_one_digit_changed_is_found(exact: World, table: str, column: str) -> None:
    """In each row of the table, one after the other."""
    with exact.store.reading() as tx:
        rows = [one[0] for one in tx.connection.execute(text(f"SELECT rowid FROM {table}"))]
    assert rows
    for row in rows:
        _change(exact, table, column, row)
        assert exact.discrepancies() != [], row
        _change(exact, table, column, row)
        assert exact.discrepancies() == [], row


@pytest.mark.parametrize("table", ["ledger_entries", "funding_payments", "closed_trades"])
def test_a_lost_row_is_found(exact: World, table: str) -> None:
    with exact.store.reading() as tx:
        first = f"(SELECT min(rowid) FROM {table})"
        tx.connection.execute(text(f"DELETE FROM {table} WHERE rowid = {first}"))
        found = verify(tx, exact.exchange.account())
        tx.connection.rollback()
    assert found != []
    assert exact.discrepancies() == []


def _change(world: World, table: str, column: str, row: int) -> None:
    """Change the last digit by one; done twice it is as it was."""
    with world.store.transaction() as tx:
        stored = tx.connection.execute(
            text(f"SELECT {column} FROM {table} WHERE rowid = {row}")
        ).scalar_one()
        digits = str(stored)
        changed = digits[:-1] + str(int(digits[-1]) ^ 1)
        tx.connection.execute(
            text(f"UPDATE {table} SET {column} = :value WHERE rowid = {row}"),
            {"value": int(changed) if isinstance(stored, int) else changed},
        )
