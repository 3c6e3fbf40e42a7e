"""All tables. Who owns which: execution positions, intents, fills and cooldowns; PnL the ledger,
payments, equity and trades; config its changes; the journal commands and events; the orchestrator
its state; a paper venue its records.

``seq`` columns count what was recorded, in order and without gaps; there is one writer at a time.
"""

from decimal import Decimal

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

from actors.domain.instruments import Market, Pair
from actors.domain.ledger import Account, EntryKind
from actors.domain.orders import Leg, OrderAction, OrderStatus, Side
from actors.domain.positions import EntryDecision, ExitDecision, Goal, PositionState

from .codec import Exact, Instant, Nested, Word, Wording
from .command_status import CommandStatus

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite's own row number has to be called INTEGER to be the primary key itself.
Seq = BigInteger().with_variant(Integer(), "sqlite")

installation = Table(
    "installation",
    metadata,
    Column("installation_id", Text, primary_key=True),
)

# --- execution -----------------------------------------------------------------------------------

positions = Table(
    "positions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("pair_key", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("pair", Nested(Pair), nullable=False),
    Column("goal", Word(Goal), nullable=False),
    Column("state", Word(PositionState), nullable=False),
    Column("target_quantity", Exact, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("entry", Nested(EntryDecision), nullable=False),
    Column("exit", Nested(ExitDecision)),
    Column("opened_at", Instant),
    Column("closed_at", Instant),
    UniqueConstraint("pair_key", "number"),
    Index(None, "closed_at"),
)

intents = Table(
    "intents",
    metadata,
    Column("seq", Seq, primary_key=True, autoincrement=False),
    Column("client_id", Text, nullable=False, unique=True),
    Column("position_id", Text, ForeignKey(positions.c.id), nullable=False, index=True),
    Column("leg", Word(Leg), nullable=False),
    Column("action", Word(OrderAction), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("side", Word(Side), nullable=False),
    Column("quantity", Exact, nullable=False),
    Column("reduce_only", Boolean, nullable=False),
    Column("intended_at", Instant, nullable=False),
    Column("status", Word(OrderStatus), nullable=False),
    Column("reason", Wording, nullable=False),
    Column("resolved_at", Instant),
)

fills = Table(
    "fills",
    metadata,
    Column("seq", Seq, primary_key=True, autoincrement=False),
    Column("position_id", Text, ForeignKey(positions.c.id), nullable=False, index=True),
    Column("venue", Text, nullable=False),
    Column("fill_id", Text, nullable=False),
    Column("client_id", Text, ForeignKey(intents.c.client_id), nullable=False, index=True),
    Column("symbol", Text, nullable=False),
    Column("market", Word(Market), nullable=False),
    Column("side", Word(Side), nullable=False),
    Column("quantity", Exact, nullable=False),
    Column("price", Exact, nullable=False),
    Column("fee", Exact, nullable=False),
    Column("fee_coin", Text, nullable=False),
    Column("at", Instant, nullable=False),
    UniqueConstraint("venue", "fill_id"),
)

cooldowns = Table(
    "cooldowns",
    metadata,
    Column("pair_key", Text, primary_key=True),
    Column("until", Instant, nullable=False),
    Column("reason", Wording, nullable=False),
)

# --- PnL -----------------------------------------------------------------------------------------

ledger_transactions = Table(
    "ledger_transactions",
    metadata,
    Column("seq", Seq, primary_key=True, autoincrement=False),
    Column("key", Text, nullable=False, unique=True),
    Column("at", Instant, nullable=False),
    Column("kind", Word(EntryKind), nullable=False),
    Column("venue", Text, nullable=False),
    Column("position_id", Text, index=True),
    Column("symbol", Text),
    Column("note", Wording, nullable=False),
)

ledger_entries = Table(
    "ledger_entries",
    metadata,
    Column(
        "transaction_seq",
        Seq,
        ForeignKey(ledger_transactions.c.seq),
        primary_key=True,
        autoincrement=False,
    ),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("account", Word(Account), nullable=False),
    Column("coin", Text, nullable=False),
    Column("amount", Exact, nullable=False),
)

funding_payments = Table(
    "funding_payments",
    metadata,
    Column("seq", Seq, primary_key=True, autoincrement=False),
    Column("venue", Text, nullable=False),
    Column("payment_id", Text, nullable=False),
    Column("symbol", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("amount", Exact, nullable=False),
    Column("coin", Text, nullable=False),
    Column("rate", Exact),
    Column("quantity", Exact),
    Column("mark_price", Exact),
    Column("position_id", Text, index=True),
    UniqueConstraint("venue", "payment_id"),
    Index(None, "venue", "at"),
)

equity_points = Table(
    "equity_points",
    metadata,
    Column("at", Instant, primary_key=True),
    Column("equity_usdt", Exact, nullable=False),
    Column("wallet_usdt", Exact, nullable=False),
    Column("unrealised_usdt", Exact, nullable=False),
    Column("booked", Integer, nullable=False),
    Column("marks", Nested(tuple[tuple[str, Decimal], ...]), nullable=False),
)

closed_trades = Table(
    "closed_trades",
    metadata,
    Column("seq", Seq, primary_key=True, autoincrement=False),
    Column("position_id", Text, nullable=False, unique=True),
    Column("pair_key", Text, nullable=False),
    Column("spot_symbol", Text, nullable=False),
    Column("perp_symbol", Text, nullable=False),
    Column("entry_at", Instant, nullable=False),
    Column("exit_at", Instant, nullable=False),
    Column("quantity", Exact, nullable=False),
    Column("notional_usdt", Exact, nullable=False),
    Column("entry_spot_price", Exact),
    Column("entry_perp_price", Exact),
    Column("exit_spot_price", Exact),
    Column("exit_perp_price", Exact),
    Column("dust_quantity", Exact, nullable=False),
    Column("failed_open", Boolean, nullable=False),
    Column("pnl_spot_price", Exact, nullable=False),
    Column("pnl_perp_price", Exact, nullable=False),
    Column("pnl_funding", Exact, nullable=False),
    Column("pnl_fees_spot", Exact, nullable=False),
    Column("pnl_fees_perp", Exact, nullable=False),
    Column("pnl_slippage", Exact),
)

# --- journal, config, orchestrator, paper venue --------------------------------------------------

commands = Table(
    "commands",
    metadata,
    Column("id", Seq, primary_key=True, autoincrement=False),
    Column("key", Wording, nullable=False, unique=True),
    Column("name", Wording, nullable=False),
    Column("argument", Wording, nullable=False),
    Column("who", Wording, nullable=False),
    Column("at", Instant, nullable=False),
    Column("status", Word(CommandStatus), nullable=False, index=True),
    Column("outcome", Wording, nullable=False),
    Column("finished_at", Instant),
)

events = Table(
    "events",
    metadata,
    Column("seq", Seq, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("kind", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("text", Wording, nullable=False),
    Column("detail", Wording, nullable=False),
)

config_changes = Table(
    "config_changes",
    metadata,
    Column("seq", Seq, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("who", Wording, nullable=False),
    Column("key", Text, nullable=False),
    Column("before", Wording),
    Column("after", Wording),
    Column("version", Integer, nullable=False),
)

state = Table(
    "state",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

paper_records = Table(
    "paper_records",
    metadata,
    Column("account", Text, primary_key=True),
    Column("seq", Seq, primary_key=True, autoincrement=False),
    Column("record", Text, nullable=False),
)
