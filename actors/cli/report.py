"""``perpcarry report``"""

import json
from typing import TYPE_CHECKING

import typer

from actors.cli import options
from actors.cli.books import existing_store, legible
from actors.cli.console import print_table
from actors.cli.text import UNKNOWN, moment, number, percent, price, usdt

if TYPE_CHECKING:
    from actors.cli.report_data import ReportData
    from actors.domain.results import Figure, PnlSplit


def report(
    config: options.Config = None,
    settings: options.Set = None,
    store: options.StoreUrl = None,
    as_json: options.AsJson = False,
) -> None:
    """Print what is held, what was traded, what it earned, and what the account holds."""
    from actors.cli.report_data import as_document, read_report

    loaded = options.load_from(config, settings, {"store.url": store})
    with existing_store(loaded.settings) as books, legible(), books.reading() as tx:
        data = read_report(tx)
    if as_json:
        typer.echo(json.dumps(as_document(data), indent=2))
        return
    print_report(data)


def print_report(data: "ReportData") -> None:
    _positions(data)
    _trades(data)
    _pnl(data)
    _balance(data)


def _positions(data: "ReportData") -> None:
    rows = []
    for one in data.positions:
        result = one.result
        rows.append(
            (
                one.position_id,
                one.state,
                moment(result.opened_at if result else None),
                usdt(result.notional_usdt if result else None),
                number(result.spot_quantity if result else None),
                number(result.perp_quantity if result else None),
                price(result.entry_spot_price if result else None),
                price(result.entry_perp_price if result else None),
                usdt(result.realised.funding if result else None, signed=True),
                usdt(result.realised.fees if result else None, signed=True),
            )
        )
    columns = (
        "position",
        "state",
        "entry (UTC)",
        "notional USDT",
        "spot",
        "perp",
        "spot price",
        "perp price",
        "funding",
        "fees",
    )
    print_table(columns, rows, title="Open positions", numbers=columns[3:])


def _trades(data: "ReportData") -> None:
    rows = [
        (
            one.position_id + (" (failed open)" if one.failed_open else ""),
            moment(one.entry_at),
            moment(one.exit_at),
            usdt(one.notional_usdt),
            usdt(one.pnl.price, signed=True),
            usdt(one.pnl.funding, signed=True),
            usdt(one.pnl.fees, signed=True),
            usdt(one.pnl.net, signed=True),
        )
        for one in data.trades
    ]
    columns = (
        "position",
        "entry (UTC)",
        "exit (UTC)",
        "notional USDT",
        "price",
        "funding",
        "fees",
        "net USDT",
    )
    print_table(columns, rows, title="Closed trades", numbers=columns[3:])


def _pnl(data: "ReportData") -> None:
    columns = ("", "price", "funding", "fees", "net USDT", "of it slippage")
    rows = [
        ("closed trades", *_split(data.closed)),
        ("open positions, booked so far", *_split(data.open_realised)),
    ]
    print_table(columns, rows, title="Result in USDT", numbers=columns[1:])
    found = data.analytics
    figures = [
        ("return", _figure(found.total_return, fraction=True)),
        ("return a year (simple)", _figure(found.apr, fraction=True)),
        ("Sharpe ratio", _figure(found.sharpe)),
        ("Sortino ratio", _figure(found.sortino)),
        ("largest drawdown", _figure(found.max_drawdown, fraction=True)),
        ("win rate", _figure(found.win_rate, fraction=True)),
        ("profit factor", _figure(found.profit_factor)),
    ]
    span = f"{moment(found.since)} to {moment(found.until)}"
    print_table(("figure", "value"), figures, title=f"Equity and trades, {span}")


def _split(split: "PnlSplit") -> tuple[str, ...]:
    return (
        usdt(split.price, signed=True),
        usdt(split.funding, signed=True),
        usdt(split.fees, signed=True),
        usdt(split.net, signed=True),
        usdt(split.slippage, signed=True),
    )


def _figure(figure: "Figure", *, fraction: bool = False) -> str:
    if figure.value is None:
        return f"n/a: {figure.reason}" if figure.reason else UNKNOWN
    text = percent(figure.value, signed=False) if fraction else f"{figure.value:.2f}"
    return f"{text} ({figure.samples} samples)"


def _balance(data: "ReportData") -> None:
    rows = [(coin, number(amount)) for coin, amount in data.balances]
    print_table(("coin", "in the account"), rows, title="Account", numbers=("in the account",))
    equity = data.equity
    if equity is None:
        typer.echo("Equity: - (no point of the equity curve yet)")
    else:
        typer.echo(
            f"Equity: {usdt(equity.equity_usdt)} USDT at {moment(equity.at)} UTC, "
            f"of it unrealised {usdt(equity.unrealised_usdt, signed=True)}"
        )
