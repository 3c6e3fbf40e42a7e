"""The store as commands that only read it open it, and the paper account it keeps."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from actors.cli.exit_codes import ExitCode
from actors.cli.failure import CommandFailed

if TYPE_CHECKING:
    from actors.config.settings import Settings
    from actors.domain.account import AccountState
    from actors.store import Store


QUOTE = "USDT"
"""The coin everything is counted in."""


@contextmanager
def existing_store(settings: "Settings") -> Iterator["Store"]:
    """The store, if there is one: a command that reads must not make an empty one.

    Raises CommandFailed where there is none, StoreError where it cannot be used.
    """
    from actors.store import Store

    file = database_file(settings.store.url)
    if file is not None and not file.exists():
        message = f"There is no store at {file} yet: perpcarry run makes it."
        raise CommandFailed(ExitCode.STORE, message)
    store = Store.open(settings.store.url)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def legible() -> Iterator[None]:
    """What cannot be read back in this block was damaged: CommandFailed says so."""
    try:
        yield
    except (ValueError, ArithmeticError, LookupError) as error:
        message = f"What is on record cannot be read: {type(error).__name__}: {error}"
        raise CommandFailed(ExitCode.STORE, message) from error


def database_file(url: str) -> Path | None:
    """The file of a SQLite database; None for one in memory or on a server."""
    scheme, _, path = url.partition(":///")
    if scheme != "sqlite" or not path or path == ":memory:":
        return None
    return Path(path).expanduser()


def vault_name(settings: "Settings") -> str:
    """Under which name the store keeps the paper account of this venue."""
    return _vault_of(settings.exchange.id)


def paper_account(store: "Store", venue: str) -> "AccountState | None":
    """What the paper account holds by its own records; None where it was never opened.

    Balances and perpetuals only: margins need prices, which no record has. Raises ValueError for
    records that cannot be read.
    """
    from actors.domain.account import AccountState, Balance, PerpHolding
    from actors.venues.paper.account import PaperAccount
    from actors.venues.paper.records import from_line

    account = PaperAccount(from_line(line) for line in store.vault(_vault_of(venue)).read())
    if account.last_at is None:
        return None
    return AccountState(
        venue=venue,
        at=account.last_at,
        balances=tuple(Balance(coin, total) for coin, total in sorted(account.balances.items())),
        perps=tuple(
            PerpHolding(symbol, held.quantity, held.entry_price, None, None, None)
            for symbol, held in sorted(account.perps.items())
        ),
        equity_usdt=None,
        available_usdt=None,
        initial_margin_usdt=None,
        maintenance_margin_usdt=None,
        margin_ratio=None,
    )


def _vault_of(venue: str) -> str:
    return f"paper:{venue}"
