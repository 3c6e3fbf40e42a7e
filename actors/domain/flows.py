"""What moved the account's equity, price aside: sums over the ledger, in USDT, as it was booked."""

from dataclasses import dataclass
from decimal import Decimal

from actors.domain.exact import ZERO, difference, negative, product, quotient, total
from actors.domain.ledger import Account, EntryKind, LedgerEntry, LedgerTransaction


@dataclass(frozen=True, slots=True)
class Flows:
    """Sums since the ledger began. What came between two instants is the difference of two."""

    funding: Decimal = ZERO
    """Positive = received."""
    fees: Decimal = ZERO
    """Negative = paid."""
    slippage: Decimal = ZERO
    """Fills against the prices that their decisions saw; part of the price result."""
    capital: Decimal = ZERO
    """Paid in less paid out, and what was booked to agree with the venue: no result."""
    unpriced: int = 0
    """Amounts in coins whose price is not on record: no split is exact across one."""
    unmeasured: int = 0
    """Fills whose decision saw no price: no slippage is known across one."""

    def since(self, before: "Flows") -> "Flows":
        return Flows(
            funding=difference(self.funding, before.funding),
            fees=difference(self.fees, before.fees),
            slippage=difference(self.slippage, before.slippage),
            capital=difference(self.capital, before.capital),
            unpriced=self.unpriced - before.unpriced,
            unmeasured=self.unmeasured - before.unmeasured,
        )


class FlowTally:
    """The sums as they stand, folded in the order of booking."""

    def __init__(self, quote: str = "USDT") -> None:
        self._quote = quote
        self._funding = self._fees = self._slippage = self._capital = ZERO
        self._unpriced = self._unmeasured = 0

    @property
    def flows(self) -> Flows:
        return Flows(
            self._funding,
            self._fees,
            self._slippage,
            self._capital,
            self._unpriced,
            self._unmeasured,
        )

    def book(self, transaction: LedgerTransaction) -> None:
        """One transaction more. A spot fee in the base coin counts at the fill's own price."""
        for entry in transaction.entries:
            if entry.account is Account.FUNDING:
                self._funding = self._plus(self._funding, entry)
            elif entry.account in (Account.CAPITAL, Account.ADJUSTMENT):
                self._capital = self._plus(self._capital, entry)
            elif entry.account is Account.FEES:
                self._book_fee(entry, transaction)

    def slipped(self, amount: Decimal | None) -> None:
        """A fill's slippage; None where its decision saw no price."""
        if amount is None:
            self._unmeasured += 1
        else:
            self._slippage = total(self._slippage, amount)

    def _plus(self, known: Decimal, entry: LedgerEntry) -> Decimal:
        """The counter-accounts stand the other way round: what they hold, the wallet lost."""
        if entry.coin != self._quote:
            self._unpriced += 1
            return known
        return difference(known, entry.amount)

    def _book_fee(self, entry: LedgerEntry, transaction: LedgerTransaction) -> None:
        if entry.coin == self._quote:
            self._fees = difference(self._fees, entry.amount)
            return
        value = _at_own_price(entry, transaction, self._quote)
        if value is None:
            self._unpriced += 1
        else:
            self._fees = difference(self._fees, value)


def _at_own_price(entry: LedgerEntry, transaction: LedgerTransaction, quote: str) -> Decimal | None:
    """What coins are worth at the price of the exchange that they were booked with."""
    if transaction.kind is not EntryKind.FILL:
        return None
    moved = {one.coin: one.amount for one in transaction.entries if one.account is Account.TRADING}
    coins, money = moved.get(entry.coin), moved.get(quote)
    if not coins or money is None:
        return None
    return product(entry.amount, negative(quotient(money, coins)))
