"""The ledger against the exchange's account, coin by coin and to the last digit.

At every instant, of every coin:

    wallet of the ledger + what is not booked yet = balance at the exchange

Not booked yet are events that the exchange has on record and the ledger has not: the opening
balance, fills and funding payments. Each is booked once, as the exchange has it, and in time.
A perpetual's realised result is no property of a single fill: what the booked ones of a symbol
realise is folded in the exchange's order, whatever the order in which they were booked.
"""

from bisect import insort
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from actors.domain.exact import ZERO, difference, negative, product, total
from actors.domain.holdings import PerpHolding
from actors.domain.instruments import Market
from actors.domain.ledger import Account, EntryKind, LedgerTransaction
from actors.domain.orders import Fill, Side
from actors.domain.payments import FundingPayment
from actors.venues.paper.account import PaperAccount
from actors.venues.paper.records import Funded, Opened, Record, Traded
from tests.simulation.deadlines import Deadlines, Matter
from tests.simulation.promise import BrokenPromise


@dataclass(slots=True)
class _Perp:
    """The booked fills of one perpetual, in the exchange's order."""

    fills: list[tuple[int, Fill]] = field(default_factory=list)
    holding: PerpHolding = field(default_factory=PerpHolding)
    realised: Decimal = ZERO

    def book(self, number: int, fill: Fill) -> Decimal:
        """By how much one booked fill more changes what they realise."""
        before = self.realised
        is_last = not self.fills or self.fills[-1][0] < number
        insort(self.fills, (number, fill), key=lambda one: one[0])
        if not is_last:
            self.holding, self.realised = PerpHolding(), ZERO
        for one in (fill,) if is_last else [fill for _, fill in self.fills]:
            self.holding, realised = self.holding.after(one)
            self.realised = total(self.realised, realised)
        return difference(self.realised, before)


class Money:
    def __init__(self, deadlines: Deadlines) -> None:
        self.account = PaperAccount()
        """Folded from the exchange's records, apart from its own bookkeeping."""
        self.wallet: dict[str, Decimal] = {}
        """Of the ledger, by coin."""
        self.checks = 0
        self._deadlines = deadlines
        self._owed: defaultdict[str, Decimal] = defaultdict(Decimal)
        """What is not booked yet, by coin."""
        self._events: dict[str, tuple[int, Fill | FundingPayment | Opened]] = {}
        """Everything at the exchange by the ledger's key for it, numbered in its order."""
        self._unbooked: set[str] = set()
        self._booked: set[str] = set()
        self._perps: defaultdict[str, _Perp] = defaultdict(_Perp)
        self._touched: set[str] = set()

    # --- heard at the exchange ---

    def recorded(self, record: Record, now: datetime) -> None:
        before = dict(self.account.balances)
        self.account.apply(record)
        for coin, balance in self.account.balances.items():
            if balance != before.get(coin, ZERO):
                self._owe(coin, difference(balance, before.get(coin, ZERO)))
        match record:
            case Opened(coin=coin):
                self._add(f"capital:opening:binance:{coin}", record, Matter.OPENING, now)
            case Traded(fills=fills):
                for fill in fills:
                    self._add(f"fill:{fill.venue}:{fill.fill_id}", fill, None, now)
            case Funded(payment=payment):
                key = f"funding:{payment.venue}:{payment.payment_id}"
                self._add(key, payment, Matter.PAYMENT, now)

    def _add(
        self, key: str, event: Fill | FundingPayment | Opened, matter: Matter | None, now: datetime
    ) -> None:
        self._events[key] = len(self._events), event
        self._unbooked.add(key)
        if matter is not None:
            self._deadlines.expect(matter, key, now)

    # --- heard from the store ---

    def on_disk(self, fill: Fill, now: datetime) -> None:
        """Execution has put a fill on record: from now on it is to be booked."""
        key = f"fill:{fill.venue}:{fill.fill_id}"
        if key in self._unbooked:
            self._deadlines.expect(Matter.BOOKING, key, now)

    def booked(self, transactions: Sequence[LedgerTransaction], new: int, now: datetime) -> None:
        """``new``: how many of them were not in the ledger yet; the others are passed over."""
        fresh = [one for one in transactions if one.key not in self._booked]
        if len(fresh) != new:
            raise BrokenPromise(f"{new} booked of {[one.key for one in fresh]}")
        for transaction in fresh:
            self._book(transaction, now)

    def _book(self, transaction: LedgerTransaction, now: datetime) -> None:
        key = transaction.key
        if key not in self._events:
            raise BrokenPromise(f"{key} is booked, and the exchange knows of no such thing")
        number, event = self._events[key]
        if transaction.kind is not _KINDS[type(event)]:
            raise BrokenPromise(f"{key} is booked as {transaction.kind}")
        if isinstance(event, Fill):
            if not self._deadlines.is_open(Matter.BOOKING, key):
                raise BrokenPromise(f"{key} is booked and not on disk as a fill")
            self._pay_off(number, event)
        else:
            self._owe(event.coin, negative(event.amount))
        for entry in transaction.entries:
            if entry.account is Account.WALLET:
                self.wallet[entry.coin] = total(self.wallet.get(entry.coin, ZERO), entry.amount)
                self._touched.add(entry.coin)
        self._booked.add(key)
        self._unbooked.discard(key)
        for matter in (Matter.OPENING, Matter.BOOKING, Matter.PAYMENT):
            self._deadlines.done(matter, key, now)

    def check(self) -> None:
        """Every coin that was touched since the last time."""
        touched, self._touched = self._touched, set()
        for coin in sorted(touched):
            self.checks += 1
            ledger, owed = self.wallet.get(coin, ZERO), self._owed[coin]
            balance = self.account.balance(coin)
            if total(ledger, owed) != balance:
                raise BrokenPromise(
                    f"{coin}: {ledger} in the ledger and {owed} not booked yet, {balance} at the"
                    " exchange"
                )
            if owed and not self._unbooked:
                raise BrokenPromise(f"{coin}: everything is booked, and {owed} is still missing")

    def _owe(self, coin: str, amount: Decimal) -> None:
        self._owed[coin] = total(self._owed[coin], amount)
        self._touched.add(coin)

    def _pay_off(self, number: int, fill: Fill) -> None:
        """Take from what is owed by what a fill moves."""
        base, _, rest = fill.symbol.partition("/")
        quote = rest.partition(":")[0]
        self._owe(fill.fee_coin, fill.fee)
        if fill.market is Market.PERP:
            self._owe(quote, negative(self._perps[fill.symbol].book(number, fill)))
            return
        bought = fill.quantity if fill.side is Side.BUY else negative(fill.quantity)
        self._owe(base, negative(bought))
        self._owe(quote, product(bought, fill.price))


_KINDS = {
    Opened: EntryKind.CAPITAL,
    FundingPayment: EntryKind.FUNDING,
    Fill: EntryKind.FILL,
}
