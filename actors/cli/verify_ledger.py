"""``perpcarry verify-ledger``"""

import json

import typer

from actors.cli import options
from actors.cli.books import QUOTE, existing_store, paper_account
from actors.cli.console import print_table
from actors.cli.exit_codes import ExitCode
from actors.cli.failure import CommandFailed


def verify_ledger(
    config: options.Config = None,
    settings: options.Set = None,
    store: options.StoreUrl = None,
    venue: options.Venue = None,
    as_json: options.AsJson = False,
) -> None:
    """Compute every figure again from the fills, and compare to the last digit.

    Checked: that each transaction balances, that each fill and payment is booked once, closed
    trades, equity points, and the paper account. Ends with 6 where anything differs.
    """
    from actors.pnl.verify import check_account, check_record, read_record

    loaded = options.load_from(config, settings, {"store.url": store, "exchange.id": venue})
    with existing_store(loaded.settings) as books:
        with books.reading() as tx:
            record = read_record(tx)
        account = paper_account(books, loaded.settings)
    found = [*check_record(record, QUOTE), *(check_account(record, account) if account else ())]
    counts = {
        "transactions": len(record.transactions),
        "fills": len(record.fills),
        "funding_payments": len(record.payments),
        "closed_trades": len(record.trades),
        "equity_points": len(record.equity),
    }
    if as_json:
        differences = [
            {"what": one.what, "expected": one.expected, "found": one.found} for one in found
        ]
        document = {
            "exact": not found,
            "checked": counts,
            "paper_account": account is not None,
            "differences": differences,
        }
        typer.echo(json.dumps(document, indent=2))
    else:
        checked = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items())
        typer.echo(f"Checked {checked}.")
        if account is None:
            typer.echo(f"There is no paper account of {loaded.settings.exchange.id} to compare.")
        if not found:
            typer.echo("Exact: every figure agrees to the last digit.")
        else:
            rows = [(one.what, one.expected, one.found) for one in found]
            print_table(("what", "computed again", "on record"), rows)
    if found:
        differ = "figure differs" if len(found) == 1 else "figures differ"
        raise CommandFailed(ExitCode.DIFFERENCES, f"{len(found)} {differ}.")
