"""``perpcarry verify-ledger``"""

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

from actors.cli import options
from actors.cli.books import QUOTE, existing_store, legible, paper_account
from actors.cli.console import print_table
from actors.cli.exit_codes import ExitCode
from actors.cli.failure import CommandFailed

if TYPE_CHECKING:
    from actors.pnl.verify import Discrepancy
    from actors.store import Store

TRIES = 5
"""So often differences are looked at again while a bot is trading on the same books."""


@dataclass(frozen=True, slots=True)
class Checked:
    differences: "tuple[Discrepancy, ...]"
    counts: dict[str, int]


def verify_ledger(
    config: options.Config = None,
    settings: options.Set = None,
    store: options.StoreUrl = None,
    as_json: options.AsJson = False,
) -> None:
    """Compute every figure again from the fills, and compare to the last digit.

    Checked: that each transaction balances, that each fill and payment is booked once, closed
    trades, equity points, and the paper account. Ends with 6 where anything differs.
    """
    loaded = options.load_from(config, settings, {"store.url": store})
    with existing_store(loaded.settings) as books:
        checked = _check(books)
        for _ in range(TRIES):
            if not (checked.differences and _in_use(books)):
                break
            time.sleep(1)  # the bot may just be between a fill and its booking
            checked = _check(books)
    found = checked.differences
    if as_json:
        differences = [
            {"what": one.what, "expected": one.expected, "found": one.found} for one in found
        ]
        document = {
            "exact": not found,
            "checked": checked.counts,
            "differences": differences,
        }
        typer.echo(json.dumps(document, indent=2))
    else:
        counts = checked.counts.items()
        names = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts)
        typer.echo(f"Checked {names}.")
        if not found:
            typer.echo("Exact: every figure agrees to the last digit.")
        else:
            rows = [(one.what, one.expected, one.found) for one in found]
            print_table(("what", "computed again", "on record"), rows)
    if found:
        differ = "figure differs" if len(found) == 1 else "figures differ"
        raise CommandFailed(ExitCode.DIFFERENCES, f"{len(found)} {differ}.")


def _check(books: "Store") -> Checked:
    from actors.pnl.verify import Discrepancy, check_account, check_record, read_record

    with legible():
        with books.reading() as tx:
            record = read_record(tx)
        found = list(check_record(record, QUOTE))
        for venue in sorted({one.venue for one in record.transactions}):
            account = paper_account(books, venue)
            if account is None:
                found.append(Discrepancy(f"paper account at {venue}", "one", "none"))
            else:
                found += check_account(record, account)
    counts = {
        "transactions": len(record.transactions),
        "fills": len(record.fills),
        "funding_payments": len(record.payments),
        "closed_trades": len(record.trades),
        "equity_points": len(record.equity),
    }
    return Checked(tuple(found), counts)


def _in_use(books: "Store") -> bool:
    """Whether a bot is trading on these books now."""
    from actors.store import StoreError

    try:
        books.claim()
    except StoreError:
        return True
    return False
