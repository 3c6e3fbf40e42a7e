"""report, export and verify-ledger on the books of a real run."""

import csv
import json
import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest

from actors.cli.books import paper_account
from actors.cli.exit_codes import ExitCode
from actors.store import Store
from tests.cli.perpcarry import Commands

FIRST_COLUMNS = ["pair", "entry_ts", "exit_ts", "notional"]


def change(books: Path, statement: str) -> None:
    with closing(sqlite3.connect(books)) as connection, connection:
        assert connection.execute(statement).rowcount > 0


def test_report_as_json(perpcarry: Commands, books: Path) -> None:
    ended = perpcarry("report", "--json")
    assert ended.code == ExitCode.OK
    report = json.loads(ended.out)
    assert set(report) == {"positions", "trades", "pnl", "balance"}
    assert len(report["positions"]) >= 1
    assert len(report["trades"]) >= 1
    trade, position = report["trades"][0], report["positions"][0]
    assert {"pair", "entry_ts", "exit_ts", "notional", "pnl"} <= set(trade)
    assert trade["entry_ts"].endswith("Z")
    assert position["state"] == "open"
    closed = report["pnl"]["closed"]
    parts = ("spot_price", "perp_price", "funding", "fees_spot", "fees_perp")
    assert sum(Decimal(closed[part]) for part in parts) == Decimal(closed["net"])
    assert Decimal(closed["net"]) == sum(Decimal(one["pnl"]["net"]) for one in report["trades"])
    assert report["pnl"]["analytics"]["sharpe"]["value"] is None
    assert report["pnl"]["analytics"]["sharpe"]["reason"]
    with closing(Store.open(f"sqlite:///{books}")) as store, store.reading() as tx:
        wallet = {coin: amount for coin, amount in tx.ledger.balances().items() if amount}
    assert {coin: Decimal(one) for coin, one in report["balance"]["coins"].items()} == wallet


def test_report_for_people(perpcarry: Commands, books: Path) -> None:
    ended = perpcarry("report")
    assert ended.code == ExitCode.OK
    for title in ("Open positions", "Closed trades", "Result in USDT", "Account", "Equity: "):
        assert title in ended.out
    assert "n/a: " in ended.out
    assert "\x1b[" not in ended.out, "no colour into a pipe"


def test_report_of_a_store_in_which_nothing_happened(perpcarry: Commands) -> None:
    Store.open("sqlite:///var/perpcarry.db").close()
    assert "Equity: -" in perpcarry("report").out
    report = json.loads(perpcarry("report", "--json").out)
    assert report["positions"] == report["trades"] == []
    assert report["balance"] == {
        "at": None,
        "equity_usdt": None,
        "unrealised_usdt": None,
        "coins": {},
    }
    assert perpcarry("verify-ledger").code == ExitCode.OK


def test_export_into_a_folder(perpcarry: Commands, books: Path) -> None:
    ended = perpcarry("export", "--to", "deep/folder")
    assert ended.code == ExitCode.OK
    rows = {}
    for path in sorted(Path("deep/folder").iterdir()):
        with path.open(newline="") as file:
            rows[path.name] = list(csv.DictReader(file))
    assert set(rows) == {"trades.csv", "fills.csv", "funding.csv", "equity.csv"}
    assert list(rows["trades.csv"][0])[:4] == FIRST_COLUMNS
    with closing(Store.open(f"sqlite:///{books}")) as store, store.reading() as tx:
        fills, payments = tx.positions.fills_after(0), tx.ledger.payments()
        trades, equity = tx.ledger.trades(), tx.ledger.equity()
    first = rows["trades.csv"][0]
    assert first["pair"] == trades[0].pair_key
    assert first["entry_ts"] == trades[0].entry_at.isoformat().replace("+00:00", "Z")
    assert first["exit_ts"] == trades[0].exit_at.isoformat().replace("+00:00", "Z")
    assert Decimal(first["notional"]) == trades[0].notional_usdt
    assert [Decimal(row["price"]) for row in rows["fills.csv"]] == [one.price for *_, one in fills]
    assert [Decimal(row["amount"]) for row in rows["funding.csv"]] == [
        one.amount for one in payments
    ]
    assert [Decimal(row["net"]) for row in rows["trades.csv"]] == [one.pnl.net for one in trades]
    assert [Decimal(row["equity_usdt"]) for row in rows["equity.csv"]] == [
        one.equity_usdt for one in equity
    ]


def test_export_to_standard_output(perpcarry: Commands, books: Path) -> None:
    ended = perpcarry("export", "trades")
    assert ended.code == ExitCode.OK
    assert ended.out.splitlines()[0].split(",")[:4] == FIRST_COLUMNS
    assert "E" not in ended.out.split("\n", 1)[1].replace("ETH", "").replace("DOGE", "").replace(
        "PEPE", ""
    ), "no exponents"


def test_export_wants_to_know_what_or_where(perpcarry: Commands, books: Path) -> None:
    assert perpcarry("export").code == ExitCode.USAGE
    Path("file").write_text("")
    assert perpcarry("export", "--to", "file").code == ExitCode.USAGE


def test_the_books_of_a_run_are_exact(perpcarry: Commands, books: Path) -> None:
    ended = perpcarry("verify-ledger", "--json")
    assert ended.code == ExitCode.OK
    document = json.loads(ended.out)
    assert document["exact"]
    assert document["differences"] == []
    assert all(document["checked"].values())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE closed_trades SET pnl_funding = pnl_funding || '1' WHERE seq = 1",
        "UPDATE equity_points SET equity_usdt = equity_usdt || '1' WHERE rowid = 5",
        "UPDATE fills SET price = price || '1' WHERE seq = 3",
        "DELETE FROM funding_payments WHERE seq = 2",
        "DELETE FROM paper_records WHERE seq = (SELECT max(seq) FROM paper_records)",
        "DELETE FROM paper_records",
    ],
)
def test_a_digit_changed_anywhere_is_found(
    perpcarry: Commands, books: Path, statement: str
) -> None:
    change(books, statement)
    ended = perpcarry("verify-ledger")
    assert ended.code == ExitCode.DIFFERENCES
    assert "computed again" in ended.out
    assert "differ" in ended.err
    assert json.loads(perpcarry("verify-ledger", "--json").out)["differences"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE paper_records SET record = 'rubbish' WHERE seq = 2",
        "DELETE FROM paper_records WHERE seq = 3",
        "UPDATE ledger_entries SET amount = 'rubbish' WHERE rowid = 4",
        "UPDATE positions SET pair = '{}'",
    ],
)
def test_records_that_cannot_be_read(perpcarry: Commands, books: Path, statement: str) -> None:
    change(books, statement)
    ended = perpcarry("verify-ledger")
    assert ended.code == ExitCode.STORE
    assert ended.err.startswith("What is on record cannot be read")


@pytest.mark.parametrize("command", [["report"], ["export", "equity"]])
def test_figures_that_cannot_be_read(perpcarry: Commands, books: Path, command: list[str]) -> None:
    change(books, "UPDATE equity_points SET equity_usdt = 'rubbish'")
    ended = perpcarry(*command)
    assert ended.code == ExitCode.STORE
    assert ended.err.startswith("What is on record cannot be read")


@pytest.mark.parametrize("command", [["report"], ["export", "fills"], ["verify-ledger"]])
def test_what_is_no_store(perpcarry: Commands, command: list[str]) -> None:
    ended = perpcarry(*command)
    assert ended.code == ExitCode.STORE
    assert "There is no store at var/perpcarry.db yet" in ended.err
    assert not Path("var").exists(), "and none was made"
    Path("rubbish.db").write_bytes(b"rubbish" * 1000)
    ended = perpcarry(*command, "--store", "sqlite:///rubbish.db")
    assert ended.code == ExitCode.STORE
    assert "not a SQLite database" in ended.err
    assert perpcarry(*command, "--store", "nonsense").code == ExitCode.USAGE


def test_what_no_record_states_is_unknown(perpcarry: Commands, books: Path) -> None:
    """Not zero and not NaN, which would compare as neither more nor less than any limit."""
    store = Store.open(f"sqlite:///{books}")
    try:
        account = paper_account(store, "binance")
    finally:
        store.close()
    assert account is not None
    assert account.total_of("USDT") > 0
    assert (account.available_usdt, account.initial_margin_usdt) == (None, None)
    assert (account.maintenance_margin_usdt, account.equity_usdt) == (None, None)
