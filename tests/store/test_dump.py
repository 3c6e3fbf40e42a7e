"""Two runs are the same if and only if their dumps are."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from actors.domain.orders import OrderStatus
from actors.domain.positions import Goal
from actors.store import Store, Transaction, dump
from tests.store.samples import D, at, equity, fill, intent, payment, position, trade, transaction


def write(store: Store) -> None:
    header = position()
    order = intent(header)
    with store.transaction() as tx:
        tx.positions.save(header)
        tx.positions.add_intents([order])
        tx.positions.resolve_intent(
            replace(order, status=OrderStatus.PARTIAL, fills=(fill(order),), resolved_at=at(2))
        )
        tx.ledger.book([transaction(1), transaction(2, D("-0E+3"))])
        tx.ledger.add_payments([payment(1)], [header.id])
        tx.ledger.add_equity(equity(1))
        tx.ledger.add_trade(trade())


def text(store: Store) -> str:
    return "\n".join(dump(store))


@pytest.mark.postgres
def test_the_same_books_give_the_same_text_in_every_database(
    postgres_url: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("dump") / "books.db"
    texts = set()
    for url in ("sqlite://", "sqlite://", f"sqlite:///{file}", postgres_url):
        store = Store.open(url)
        write(store)
        texts.add(text(store))
        store.close()
    assert len(texts) == 1


def test_every_table_of_the_books_is_in_it(store: Store) -> None:
    write(store)
    rows = [json.loads(line) for line in dump(store)]
    assert [row["table"] for row in rows] == [
        "positions",
        "intents",
        "fills",
        *["ledger_transactions"] * 2,
        *["ledger_entries"] * 8,
        "funding_payments",
        "equity_points",
        "closed_trades",
    ]
    assert rows[2]["fee"] == "-0.0000615"
    assert rows[2]["at"] == "2024-03-01T08:02:00.000001+00:00"


@pytest.mark.parametrize(
    "change",
    [
        lambda tx: tx.positions.save(replace(position(), goal=Goal.FLAT)),
        lambda tx: tx.ledger.book([transaction(3)]),
        lambda tx: tx.ledger.add_payments([payment(2)], [None]),
        lambda tx: tx.ledger.add_equity(equity(2)),
        lambda tx: tx.ledger.add_trade(trade(2)),
        lambda tx: tx.positions.add_intents([intent(position(), attempt=2)]),
    ],
)
def test_any_difference_shows(change: Callable[[Transaction], object]) -> None:
    store = Store.open("sqlite://")
    write(store)
    before = text(store)
    with store.transaction() as tx:
        change(tx)
    assert text(store) != before


def test_what_the_books_do_not_depend_on_does_not_show(store: Store) -> None:
    write(store)
    before = text(store)
    with store.transaction() as tx:
        tx.state.set("x", "1")
        tx.commands.accept("k", "stop", "", "anna", at(0))
    assert text(store) == before
