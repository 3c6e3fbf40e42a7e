"""The ledger, funding payments, equity and closed trades: what PnL owns. Nothing ever changes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, insert, select

from actors.domain.exact import total
from actors.domain.ledger import Account, EquityPoint, LedgerEntry, LedgerTransaction
from actors.domain.ledger_entries import check_balanced
from actors.domain.payments import FundingPayment
from actors.domain.results import ClosedTrade, PnlSplit

from . import tables
from .codec import columns_of, names_of, row_of
from .counting import next_seq
from .errors import StoreError
from .state import State

_t, _e, _p = tables.ledger_transactions, tables.ledger_entries, tables.funding_payments
_q, _c = tables.equity_points, tables.closed_trades

_BOOKED_FILL_SEQ = "ledger.booked_fill_seq"

_TRANSACTIONS = (
    select(
        _t.c.seq,
        *columns_of(_t, LedgerTransaction, but=("entries",)),
        *columns_of(_e, LedgerEntry),
    )
    # A fill without fee or result moves nothing: no entries, and yet booked.
    .join(_e, _e.c.transaction_seq == _t.c.seq, isouter=True)
    .order_by(_t.c.seq, _e.c.number)
    .execution_options(yield_per=5_000)
)
_TRANSACTIONS_OF = _TRANSACTIONS.where(_t.c.position_id == bindparam("of"))
_TRANSACTIONS_BY_KEY = _TRANSACTIONS.where(_t.c.key.in_(bindparam("keys", expanding=True)))
_KNOWN_KEYS = select(_t.c.key).where(_t.c.key.in_(bindparam("keys", expanding=True)))
_WALLET = select(_e.c.coin, _e.c.amount).where(_e.c.account == Account.WALLET)
_PAYMENTS = select(_p.c.position_id, *columns_of(_p, FundingPayment)).order_by(_p.c.seq)
_PAYMENTS_OF = _PAYMENTS.where(_p.c.position_id == bindparam("of"))
_PAYMENTS_BY_ID = _PAYMENTS.where(_p.c.payment_id.in_(bindparam("ids", expanding=True)))
_LAST_PAYMENT_AT = select(func.max(_p.c.at)).where(_p.c.venue == bindparam("venue"))
_EQUITY = select(*columns_of(_q, EquityPoint)).order_by(_q.c.at)
_EQUITY_SINCE = _EQUITY.where(_q.c.at >= bindparam("since"))
_EQUITY_AT = select(_q.c.at).where(_q.c.at == bindparam("instant"))
_NOT_IN_TRADES = ("pnl", "exit_reasons")
"""The split has columns of its own; the reasons are on record with the position already."""
_TRADES: Select[Any] = (
    select(
        *columns_of(_c, ClosedTrade, but=_NOT_IN_TRADES),
        *(_c.c[f"pnl_{name}"] for name in names_of(PnlSplit)),
        tables.positions.c.exit,
    )
    .join(tables.positions, tables.positions.c.id == _c.c.position_id, isouter=True)
    .order_by(_c.c.seq)
)
_TRADE_OF = _TRADES.where(_c.c.position_id == bindparam("of"))


class Ledger:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # --- transactions ---

    def book(self, transactions: Sequence[LedgerTransaction]) -> int:
        """Append what is not booked yet, and say how many that were.

        The same key with the same content again is passed over. Raises StoreError when it comes
        with other content, and Unbalanced (a ValueError) for one that does not balance.
        """
        for transaction in transactions:
            check_balanced(transaction)
        booked = self._booked(transactions)
        fresh: list[LedgerTransaction] = []
        for transaction in transactions:
            earlier = booked.get(transaction.key)
            if earlier is None:
                booked[transaction.key] = transaction
                fresh.append(transaction)
            elif earlier != transaction:
                raise StoreError(
                    f"{transaction.key} was booked otherwise: {earlier}, now {transaction}"
                )
        if fresh:
            self._append(fresh)
        return len(fresh)

    def transactions(self, position_id: str | None = None) -> Iterator[LedgerTransaction]:
        """In booking order, of all or of one position; read row by row, so read it in this tx."""
        if position_id is None:
            return _transactions(self._connection.execute(_TRANSACTIONS))
        return _transactions(self._connection.execute(_TRANSACTIONS_OF, {"of": position_id}))

    def balances(self) -> dict[str, Decimal]:
        """The wallet by coin, summed over the whole ledger; also coins that came to 0."""
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for coin, amount in self._connection.execute(_WALLET):
            sums[coin] = total(sums[coin], amount)
        return dict(sorted(sums.items()))

    def booked_fill_seq(self) -> int:
        """Up to which recorded fill everything is booked; 0 at first."""
        return int(State(self._connection).get(_BOOKED_FILL_SEQ) or 0)

    def set_booked_fill_seq(self, seq: int) -> None:
        State(self._connection).set(_BOOKED_FILL_SEQ, str(seq))

    # --- funding payments ---

    def add_payments(
        self, payments: Sequence[FundingPayment], position_ids: Sequence[str | None]
    ) -> int:
        """Append payments not seen before, each with the position it belongs to (None: nobody's).

        Says how many were new. One seen before keeps its position; raises StoreError when it
        comes with another amount, and ValueError when the two sequences differ in length.
        """
        paired = list(zip(payments, position_ids, strict=True))
        known = self._known_payments(payments)
        fresh: list[dict[str, Any]] = []
        for payment, position_id in paired:
            earlier = known.get((payment.venue, payment.payment_id))
            if earlier is None:
                known[payment.venue, payment.payment_id] = payment
                fresh.append(row_of(payment) | {"position_id": position_id})
            elif (earlier.amount, earlier.coin) != (payment.amount, payment.coin):
                raise StoreError(
                    f"payment {payment.payment_id} was recorded otherwise: {earlier}, now {payment}"
                )
        if fresh:
            self._insert_counted(_p, fresh)
        return len(fresh)

    def payments(self, position_id: str | None = None) -> list[FundingPayment]:
        """In order of recording, of all or of one position."""
        return [payment for payment, _ in self.assigned_payments(position_id)]

    def assigned_payments(
        self, position_id: str | None = None
    ) -> list[tuple[FundingPayment, str | None]]:
        """Each payment with its position; None where no position of ours held the symbol."""
        if position_id is None:
            rows = self._connection.execute(_PAYMENTS)
        else:
            rows = self._connection.execute(_PAYMENTS_OF, {"of": position_id})
        return [(FundingPayment(*row[1:]), row[0]) for row in rows]

    def last_payment_at(self, venue: str) -> datetime | None:
        """The newest settlement on record; None before the first."""
        newest: datetime | None = self._connection.scalar(_LAST_PAYMENT_AT, {"venue": venue})
        return newest

    # --- equity and trades ---

    def add_equity(self, point: EquityPoint) -> None:
        """Append a point; where there is one for that instant already, it stays."""
        if self._connection.scalar(_EQUITY_AT, {"instant": point.at}) is None:
            self._connection.execute(insert(_q), row_of(point))

    def equity(self, since: datetime | None = None) -> list[EquityPoint]:
        """By time, from ``since`` on (inclusive)."""
        if since is None:
            rows = self._connection.execute(_EQUITY)
        else:
            rows = self._connection.execute(_EQUITY_SINCE, {"since": since})
        return [EquityPoint(*row) for row in rows]

    def add_trade(self, trade: ClosedTrade) -> bool:
        """Append a finished round trip and say whether it was new.

        Raises StoreError when the position's trade is on record with other figures.
        """
        earlier = self.trade(trade.position_id)
        if earlier is not None:
            if earlier != trade:
                raise StoreError(
                    f"the trade of {trade.position_id} was recorded otherwise:"
                    f" {earlier}, now {trade}"
                )
            return False
        split = {f"pnl_{name}": value for name, value in row_of(trade.pnl).items()}
        self._insert_counted(_c, [row_of(trade, but=_NOT_IN_TRADES) | split])
        return True

    def trade(self, position_id: str) -> ClosedTrade | None:
        """The position's trade; None before it is on record."""
        row = self._connection.execute(_TRADE_OF, {"of": position_id}).first()
        return None if row is None else _trade(row)

    def trades(self) -> list[ClosedTrade]:
        """In order of recording."""
        return [_trade(row) for row in self._connection.execute(_TRADES)]

    # --- inside ---

    def _booked(self, wanted: Sequence[LedgerTransaction]) -> dict[str, LedgerTransaction]:
        booked: dict[str, LedgerTransaction] = {}
        for keys in _in_parts([one.key for one in wanted]):
            # New keys are the rule: only where one is known its content is worth a look.
            known = list(self._connection.scalars(_KNOWN_KEYS, {"keys": keys}))
            if known:
                rows = self._connection.execute(_TRANSACTIONS_BY_KEY, {"keys": known})
                booked |= {one.key: one for one in _transactions(rows)}
        return booked

    def _append(self, transactions: Sequence[LedgerTransaction]) -> None:
        first = next_seq(self._connection, _t.c.seq)
        headers, entries = [], []
        for seq, transaction in enumerate(transactions, first):
            headers.append(row_of(transaction, but=("entries",)) | {"seq": seq})
            entries += [
                row_of(entry) | {"transaction_seq": seq, "number": number}
                for number, entry in enumerate(transaction.entries)
            ]
        self._connection.execute(insert(_t), headers)
        if entries:
            self._connection.execute(insert(_e), entries)

    def _known_payments(
        self, wanted: Sequence[FundingPayment]
    ) -> dict[tuple[str, str], FundingPayment]:
        known: dict[tuple[str, str], FundingPayment] = {}
        for ids in _in_parts([one.payment_id for one in wanted]):
            for row in self._connection.execute(_PAYMENTS_BY_ID, {"ids": ids}):
                payment = FundingPayment(*row[1:])
                known[payment.venue, payment.payment_id] = payment
        return known

    def _insert_counted(self, table: Any, rows: list[dict[str, Any]]) -> None:
        first = next_seq(self._connection, table.c.seq)
        self._connection.execute(
            insert(table), [row | {"seq": seq} for seq, row in enumerate(rows, first)]
        )


def _transactions(rows: Iterable[Row[Any]]) -> Iterator[LedgerTransaction]:
    for _, group in groupby(rows, key=itemgetter(0)):
        lines = list(group)
        first = lines[0]
        yield LedgerTransaction(
            key=first.key,
            at=first.at,
            kind=first.kind,
            venue=first.venue,
            entries=tuple(
                LedgerEntry(line.account, line.coin, line.amount)
                for line in lines
                if line.account is not None
            ),
            position_id=first.position_id,
            symbol=first.symbol,
            note=first.note,
        )


def _trade(row: Row[Any]) -> ClosedTrade:
    own: dict[str, Any] = row._asdict()
    split = {name: own.pop(f"pnl_{name}") for name in names_of(PnlSplit)}
    exit = own.pop("exit")
    reasons = () if exit is None else exit.reasons
    return ClosedTrade(**own, pnl=PnlSplit(**split), exit_reasons=reasons)


def _in_parts(keys: list[str], size: int = 500) -> Iterator[list[str]]:
    """Databases bound the number of parameters of a statement."""
    return (keys[start : start + size] for start in range(0, len(keys), size))
