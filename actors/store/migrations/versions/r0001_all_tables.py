"""All tables, as they were at first."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

SEQ = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
EXACT = sa.Text().with_variant(sa.Numeric(), "postgresql")
INSTANT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "closed_trades",
        sa.Column("seq", SEQ, autoincrement=False, nullable=False),
        sa.Column("position_id", sa.Text(), nullable=False),
        sa.Column("pair_key", sa.Text(), nullable=False),
        sa.Column("spot_symbol", sa.Text(), nullable=False),
        sa.Column("perp_symbol", sa.Text(), nullable=False),
        sa.Column("entry_at", INSTANT, nullable=False),
        sa.Column("exit_at", INSTANT, nullable=False),
        sa.Column("quantity", EXACT, nullable=False),
        sa.Column("notional_usdt", EXACT, nullable=False),
        sa.Column("entry_spot_price", EXACT, nullable=True),
        sa.Column("entry_perp_price", EXACT, nullable=True),
        sa.Column("exit_spot_price", EXACT, nullable=True),
        sa.Column("exit_perp_price", EXACT, nullable=True),
        sa.Column("dust_quantity", EXACT, nullable=False),
        sa.Column("failed_open", sa.Boolean(), nullable=False),
        sa.Column("pnl_spot_price", EXACT, nullable=False),
        sa.Column("pnl_perp_price", EXACT, nullable=False),
        sa.Column("pnl_funding", EXACT, nullable=False),
        sa.Column("pnl_fees_spot", EXACT, nullable=False),
        sa.Column("pnl_fees_perp", EXACT, nullable=False),
        sa.Column("pnl_slippage", EXACT, nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_closed_trades")),
        sa.UniqueConstraint("position_id", name=op.f("uq_closed_trades_position_id")),
    )
    op.create_table(
        "commands",
        sa.Column("id", SEQ, autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("argument", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("finished_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commands")),
        sa.UniqueConstraint("key", name=op.f("uq_commands_key")),
    )
    op.create_index(op.f("ix_commands_status"), "commands", ["status"], unique=False)
    op.create_table(
        "config_changes",
        sa.Column("seq", SEQ, autoincrement=False, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_config_changes")),
    )
    op.create_table(
        "cooldowns",
        sa.Column("pair_key", sa.Text(), nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("pair_key", name=op.f("pk_cooldowns")),
    )
    op.create_table(
        "equity_points",
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("equity_usdt", EXACT, nullable=False),
        sa.Column("wallet_usdt", EXACT, nullable=False),
        sa.Column("unrealised_usdt", EXACT, nullable=False),
        sa.Column("booked", sa.Integer(), nullable=False),
        sa.Column("marks", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("at", name=op.f("pk_equity_points")),
    )
    op.create_table(
        "events",
        sa.Column("seq", SEQ, autoincrement=False, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_events")),
    )
    op.create_table(
        "funding_payments",
        sa.Column("seq", SEQ, autoincrement=False, nullable=False),
        sa.Column("venue", sa.Text(), nullable=False),
        sa.Column("payment_id", sa.Text(), nullable=False),
        sa.Column("symbol", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("amount", EXACT, nullable=False),
        sa.Column("coin", sa.Text(), nullable=False),
        sa.Column("rate", EXACT, nullable=True),
        sa.Column("quantity", EXACT, nullable=True),
        sa.Column("mark_price", EXACT, nullable=True),
        sa.Column("position_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_funding_payments")),
        sa.UniqueConstraint(
            "venue", "payment_id", name=op.f("uq_funding_payments_venue_payment_id")
        ),
    )
    op.create_index(
        op.f("ix_funding_payments_position_id"), "funding_payments", ["position_id"], unique=False
    )
    op.create_index(
        op.f("ix_funding_payments_venue_at"), "funding_payments", ["venue", "at"], unique=False
    )
    op.create_table(
        "installation",
        sa.Column("installation_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("installation_id", name=op.f("pk_installation")),
    )
    op.create_table(
        "ledger_transactions",
        sa.Column("seq", SEQ, autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("venue", sa.Text(), nullable=False),
        sa.Column("position_id", sa.Text(), nullable=True),
        sa.Column("symbol", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_ledger_transactions")),
        sa.UniqueConstraint("key", name=op.f("uq_ledger_transactions_key")),
    )
    op.create_index(
        op.f("ix_ledger_transactions_position_id"),
        "ledger_transactions",
        ["position_id"],
        unique=False,
    )
    op.create_table(
        "paper_records",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("seq", SEQ, autoincrement=False, nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("account", "seq", name=op.f("pk_paper_records")),
    )
    op.create_table(
        "positions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("pair_key", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("pair", sa.Text(), nullable=False),
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("target_quantity", EXACT, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("exit", sa.Text(), nullable=True),
        sa.Column("opened_at", INSTANT, nullable=True),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_positions")),
        sa.UniqueConstraint("pair_key", "number", name=op.f("uq_positions_pair_key_number")),
    )
    op.create_index(op.f("ix_positions_closed_at"), "positions", ["closed_at"], unique=False)
    op.create_table(
        "state",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_state")),
    )
    op.create_table(
        "intents",
        sa.Column("seq", SEQ, autoincrement=False, nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("position_id", sa.Text(), nullable=False),
        sa.Column("leg", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("quantity", EXACT, nullable=False),
        sa.Column("reduce_only", sa.Boolean(), nullable=False),
        sa.Column("intended_at", INSTANT, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("resolved_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["position_id"], ["positions.id"], name=op.f("fk_intents_position_id")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_intents")),
        sa.UniqueConstraint("client_id", name=op.f("uq_intents_client_id")),
    )
    op.create_index(op.f("ix_intents_position_id"), "intents", ["position_id"], unique=False)
    op.create_table(
        "ledger_entries",
        sa.Column("transaction_seq", SEQ, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("coin", sa.Text(), nullable=False),
        sa.Column("amount", EXACT, nullable=False),
        sa.ForeignKeyConstraint(
            ["transaction_seq"],
            ["ledger_transactions.seq"],
            name=op.f("fk_ledger_entries_transaction_seq"),
        ),
        sa.PrimaryKeyConstraint("transaction_seq", "number", name=op.f("pk_ledger_entries")),
    )
    op.create_table(
        "fills",
        sa.Column("seq", SEQ, autoincrement=False, nullable=False),
        sa.Column("position_id", sa.Text(), nullable=False),
        sa.Column("venue", sa.Text(), nullable=False),
        sa.Column("fill_id", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("symbol", sa.Text(), nullable=False),
        sa.Column("market", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("quantity", EXACT, nullable=False),
        sa.Column("price", EXACT, nullable=False),
        sa.Column("fee", EXACT, nullable=False),
        sa.Column("fee_coin", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["intents.client_id"], name=op.f("fk_fills_client_id")
        ),
        sa.ForeignKeyConstraint(
            ["position_id"], ["positions.id"], name=op.f("fk_fills_position_id")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_fills")),
        sa.UniqueConstraint("venue", "fill_id", name=op.f("uq_fills_venue_fill_id")),
    )
    op.create_index(op.f("ix_fills_client_id"), "fills", ["client_id"], unique=False)
    op.create_index(op.f("ix_fills_position_id"), "fills", ["position_id"], unique=False)
