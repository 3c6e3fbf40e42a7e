"""The ledger's state in memory, folded from what is on record."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from actors.domain.exact import ZERO, total
from actors.domain.flows import Flows, FlowTally
from actors.domain.instruments import Market
from actors.domain.ledger import Account, LedgerTransaction
from actors.domain.ledger_entries import fill_key
from actors.domain.orders import Fill
from actors.domain.payments import FundingPayment
from actors.domain.pnl import CoinPrices, funding_usdt
from actors.domain.position_book import PositionBook, book_of, decision_price, slippage_usdt
from actors.domain.positions import Position
from actors.pnl.perps import PerpBook


@dataclass(slots=True)
class PositionAccount:
    """One position that has no trade yet, with what was paid for it."""

    position: Position
    folded: PositionBook
    payments: list[FundingPayment] = field(default_factory=list)
    funding: Decimal = ZERO
    """Of the payments in quote coins."""
    unpriced_funding: tuple[str, ...] = ()

    def paid(self, payment: FundingPayment) -> None:
        self.payments.append(payment)
        amount, unpriced = funding_usdt((payment,), self.position.pair.short.quote, {})
        self.funding = total(self.funding, amount)
        self.unpriced_funding = tuple(sorted({*self.unpriced_funding, *unpriced}))

    def priced(self, coins: CoinPrices) -> "PositionAccount":
        """With fees and payments in odd coins valued at ``coins``, where there are any."""
        if not (self.folded.unpriced_coins or self.unpriced_funding):
            return self
        prices = dict(coins)
        funding, unpriced = funding_usdt(self.payments, self.position.pair.short.quote, prices)
        folded = book_of(self.position, prices)
        return PositionAccount(self.position, folded, self.payments, funding, unpriced)

    @property
    def may_have_moved_on(self) -> bool:
        """Whether its end, or the word that it stands, may be on record without a new fill."""
        return self.position.opened_at is None or not self.folded.perp.quantity


class LedgerState:
    """Wallet, perpetuals and positions. Changes only by facts that were put on record."""

    def __init__(self) -> None:
        self.wallet: dict[str, Decimal] = defaultdict(Decimal)
        self.booked = 0
        """Transactions in the ledger."""
        self.flows = FlowTally()
        self.flows_at: dict[int, Flows] = {0: Flows()}
        """What had moved the money when so many transactions were booked, for the equity points."""
        self.perps = PerpBook()
        self.positions: dict[str, PositionAccount] = {}
        """By id: those open, and those closed whose trade is not on record yet."""
        self.first_created_at: datetime | None = None
        self.last_payment_at: datetime | None = None
        self._payment_ids: set[tuple[str, str]] = set()
        self._traded: set[str] = set()
        self._lives: dict[str, dict[str, tuple[datetime, datetime | None]]] = defaultdict(dict)
        """By perpetual symbol and position id: from when to when."""

    def book(self, transactions: Iterable[LedgerTransaction]) -> None:
        """What was booked now, each once."""
        for transaction in transactions:
            self.booked += 1
            self.flows.book(transaction)
            for entry in transaction.entries:
                if entry.account is Account.WALLET:
                    self.wallet[entry.coin] = total(self.wallet[entry.coin], entry.amount)

    def filled(self, fill: Fill, position: Position) -> None:
        """A fill that was booked, for what it slipped."""
        self.flows.slipped(_slippage(fill, position))

    def see(self, position: Position) -> None:
        """A position as it stands on record now."""
        lives = self._lives[position.pair.short.symbol]
        lives[position.id] = (position.created_at, position.closed_at)
        if self.first_created_at is None or position.created_at < self.first_created_at:
            self.first_created_at = position.created_at
        if position.id in self._traded:
            return
        known = self.positions.get(position.id)
        if position.closed_at is not None and not position.fills:
            self.positions.pop(position.id, None)  # nothing was ever filled: no trade
        elif known is None:
            self.positions[position.id] = PositionAccount(position, book_of(position, {}))
        elif known.position != position:
            known.position, known.folded = position, book_of(position, {})

    def holder_of(self, payment: FundingPayment) -> str | None:
        """The position that lived with that perpetual at the settlement; on a border the older.

        None too where the position's trade is on record already: what is on record stays.
        """
        for position_id, (since, until) in self._lives[payment.symbol].items():
            if since <= payment.at and (until is None or payment.at <= until):
                return position_id if position_id in self.positions else None
        return None

    def is_new(self, payment: FundingPayment) -> bool:
        return (payment.venue, payment.payment_id) not in self._payment_ids

    def paid(self, payment: FundingPayment, position_id: str | None) -> None:
        """A payment that was put on record."""
        self._payment_ids.add((payment.venue, payment.payment_id))
        if self.last_payment_at is None or self.last_payment_at < payment.at:
            self.last_payment_at = payment.at
        account = None if position_id is None else self.positions.get(position_id)
        if account is not None:
            account.paid(payment)

    def traded(self, position_id: str) -> None:
        """Its trade was put on record."""
        self._traded.add(position_id)
        self.positions.pop(position_id, None)

    def in_order(self) -> list[PositionAccount]:
        return sorted(
            self.positions.values(), key=lambda one: (one.position.created_at, one.position.id)
        )


def restored(
    transactions: Iterable[LedgerTransaction],
    fills: Iterable[Fill],
    positions: Sequence[Position],
    payments: Iterable[tuple[FundingPayment, str | None]],
    traded: Sequence[str],
    counts: Collection[int] = (),
) -> LedgerState:
    """The state from everything on record; ``fills``: those booked, in order of recording.

    ``counts``: after so many transactions the flows are kept, in ``flows_at``.
    """
    state = LedgerState()
    fills_of = {fill_key(fill): (fill, one) for one in positions for fill in one.fills}
    wanted = frozenset(counts)
    for transaction in transactions:
        state.book((transaction,))
        filled = fills_of.get(transaction.key)
        if filled is not None:
            state.filled(*filled)
        if state.booked in wanted:
            state.flows_at[state.booked] = state.flows.flows
    for fill in fills:
        if fill.market is Market.PERP:
            state.perps.add(fill)
    for position_id in traded:
        state.traded(position_id)
    for position in positions:
        state.see(position)
    for payment, payee in payments:
        state.paid(payment, payee)
    return state


def _slippage(fill: Fill, position: Position) -> Decimal | None:
    price = decision_price(position, fill)
    return None if price is None else slippage_usdt(fill, price)
