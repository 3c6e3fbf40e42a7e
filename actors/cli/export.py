"""``perpcarry export``"""

import csv
import sys
from collections.abc import Iterable, Sequence
from enum import StrEnum
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from actors.cli import options
from actors.cli.books import existing_store, legible
from actors.cli.exit_codes import ExitCode
from actors.cli.failure import CommandFailed
from actors.domain.tables import TRADE_COLUMNS, cell, trade_row

if TYPE_CHECKING:
    from actors.store import Transaction

Rows = Iterable[Sequence[object]]


class What(StrEnum):
    TRADES = "trades"
    FILLS = "fills"
    FUNDING = "funding"
    EQUITY = "equity"


def export(
    what: Annotated[
        What | None, typer.Argument(help="What to export; everything, where left out.")
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option(
            "--to", metavar="FOLDER", help="Write trades.csv, ... there.", show_default=False
        ),
    ] = None,
    config: options.Config = None,
    settings: options.Set = None,
    store: options.StoreUrl = None,
) -> None:
    """Write closed trades, fills, funding payments or the equity curve as CSV, with every digit.

    One of them goes to standard output, or with --to into a folder; all four need --to.
    """
    if what is None and to is None:
        message = "Say what to export (trades, fills, funding, equity), or where to: --to FOLDER"
        raise CommandFailed(ExitCode.USAGE, message)
    loaded = options.load_from(config, settings, {"store.url": store})
    with existing_store(loaded.settings) as books, legible(), books.reading() as tx:
        texts = {one: _csv(*_TABLES[one](tx)) for one in What if what in (None, one)}
    if to is None:
        sys.stdout.write(texts[what] if what is not None else "")
        return
    try:
        to.mkdir(parents=True, exist_ok=True)
        for one, text in texts.items():
            (to / f"{one}.csv").write_text(text, encoding="utf-8", newline="")
            typer.echo(f"Wrote {to / f'{one}.csv'}: {text.count(chr(10)) - 1} rows")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise CommandFailed(ExitCode.USAGE, f"{to} cannot be written: {reason}") from None


def _trades(tx: "Transaction") -> tuple[Sequence[str], Rows]:
    return TRADE_COLUMNS, map(trade_row, tx.ledger.trades())


def _fills(tx: "Transaction") -> tuple[Sequence[str], Rows]:
    columns = (
        "seq ts position_id venue symbol market side quantity price fee fee_coin client_id fill_id"
    )
    rows = (
        (
            seq,
            fill.at,
            position_id,
            fill.venue,
            fill.symbol,
            fill.market,
            fill.side,
            fill.quantity,
            fill.price,
            fill.fee,
            fill.fee_coin,
            fill.client_id,
            fill.fill_id,
        )
        for seq, position_id, fill in tx.positions.fills_after(0)
    )
    return columns.split(), rows


def _funding(tx: "Transaction") -> tuple[Sequence[str], Rows]:
    columns = "ts symbol position_id amount coin rate quantity mark_price venue payment_id"
    rows = (
        (
            one.at,
            one.symbol,
            position_id,
            one.amount,
            one.coin,
            one.rate,
            one.quantity,
            one.mark_price,
            one.venue,
            one.payment_id,
        )
        for one, position_id in tx.ledger.assigned_payments()
    )
    return columns.split(), rows


def _equity(tx: "Transaction") -> tuple[Sequence[str], Rows]:
    columns = "ts equity_usdt wallet_usdt unrealised_usdt"
    rows = (
        (one.at, one.equity_usdt, one.wallet_usdt, one.unrealised_usdt)
        for one in tx.ledger.equity()
    )
    return columns.split(), rows


_TABLES = {
    What.TRADES: _trades,
    What.FILLS: _fills,
    What.FUNDING: _funding,
    What.EQUITY: _equity,
}


def _csv(columns: Sequence[str], rows: Rows) -> str:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(map(cell, row) for row in rows)
    return text.getvalue()
