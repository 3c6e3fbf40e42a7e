"""How Alembic runs here: on the connection, and within the transaction, of whoever calls it."""

from alembic import context

from actors.store.schema import VERSION_TABLE
from actors.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    # SQLite changes a table by copying it.
    render_as_batch=True,
)
context.run_migrations()
