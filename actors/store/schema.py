"""A database's tables: made when it is new, moved up when it is old, refused when it is newer."""

import secrets  # noqa: TID251 - one draw in a database's life, on record from then on
import string
from pathlib import Path

from sqlalchemy import (
    Column,
    Connection,
    MetaData,
    String,
    Table,
    false,
    insert,
    inspect,
    select,
    update,
)

from .errors import StoreError
from .tables import installation, metadata

NEWEST = "0001"
"""The revision that ``tables.py`` shows: the last one in ``migrations/versions``."""

VERSION_TABLE = "perpcarry_schema"
MIGRATIONS = Path(__file__).parent / "migrations"

version_table = Table(
    VERSION_TABLE, MetaData(), Column("version_num", String(32), primary_key=True, nullable=False)
)


def prepare(connection: Connection, where: str, installation_id: str | None) -> str:
    """Bring the database to the newest revision, and say its installation id.

    Runs within one transaction, so that a crash leaves the database as it was. Raises StoreError
    for a database of a newer perpcarry or of something else.
    """
    present = set(inspect(connection).get_table_names())
    if not present:
        _create(connection)
    elif VERSION_TABLE not in present:
        some = ", ".join(sorted(present)[:5])
        raise StoreError(
            f"the database belongs to something else: it holds {some}",
            where,
            "Nothing was changed. Name another database in store.url",
        )
    else:
        revision = connection.scalar(select(version_table.c.version_num))
        if revision != NEWEST:
            _migrate(connection, where, revision)
        # Changes nothing; but SQLite lets a file that is read-only pass up to the first write.
        connection.execute(update(version_table).where(false()), {"version_num": NEWEST})
    found: str | None = connection.scalar(select(installation.c.installation_id))
    if found is None:
        found = installation_id or _new_installation_id()
        connection.execute(insert(installation), {"installation_id": found})
    elif installation_id not in (None, found):
        raise StoreError(f"the database is of installation {found}, not {installation_id}", where)
    return found


def _create(connection: Connection) -> None:
    """All at once what the migrations make one after the other; much faster."""
    metadata.create_all(connection, checkfirst=False)
    version_table.create(connection)
    connection.execute(insert(version_table), {"version_num": NEWEST})


def _new_installation_id() -> str:
    letters = string.ascii_lowercase + string.digits
    return "".join(secrets.choice(letters) for _ in range(4))


def _migrate(connection: Connection, where: str, revision: str | None) -> None:
    # Only here, since it takes longer to import than a database takes to open.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if revision is not None and revision not in known:
        raise StoreError(
            f"the database was made by a newer perpcarry (its tables are at {revision},"
            f" this one knows them up to {NEWEST})",
            where,
            "Nothing was changed. Update perpcarry, or name another database in store.url",
        )
    command.upgrade(config, "head")
