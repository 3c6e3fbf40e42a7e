"""The PnL actor: books what happened, values what is held, keeps equity curve and trades."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from actors.domain.account import AccountState
from actors.domain.analytics import AnalyticsBook
from actors.domain.ledger import EquityPoint
from actors.domain.periods import Month, Period
from actors.domain.results import ClosedTrade
from actors.gateway.messages import (
    AccountFetched,
    FetchAccount,
    FetchFundingPayments,
    FundingPaymentsFetched,
)
from actors.journal.messages import Event, RecordEvent, Severity
from actors.pnl import recording
from actors.pnl.gains import Gains
from actors.pnl.messages import (
    Book,
    FillsRecorded,
    GetBook,
    Marked,
    MarkToMarket,
    PnlReport,
    ReadPosition,
)
from actors.pnl.opening import Opening
from actors.pnl.position_record import read_position
from actors.pnl.questions import PaymentQuestions
from actors.pnl.sampling import Sampling
from actors.pnl.valuation import Prices, Worth, position_results, prices_of, worth
from actors.runtime import Actor, Address, Refused, ReplyTo
from actors.store import Store, Transaction

ANSWER_LIMIT = timedelta(seconds=30)
ASK_FOR_A_PRICE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class _AskAccount:
    """The opening balance is not known yet."""


@dataclass(frozen=True, slots=True)
class _Settle:
    """Payments are to be asked for, whether or not there is a cycle.

    A closed position may be told as a trade now, or the last question brought no answer.
    """


@dataclass(frozen=True, slots=True)
class _Overdue:
    """The question about payments was not answered in time."""


@dataclass(frozen=True, slots=True)
class _Marking:
    """A cycle that waits for its marking."""

    message: MarkToMarket
    since: datetime
    asker: ReplyTo | None


class PnlActor(Actor):
    """The ledger's only writer.

    ``gateway``: of the one venue whose account the ledger mirrors. ``equity_interval``: at most one
    point of the equity curve is kept in each. ``settle_after``: how long after its close a position
    waits for late funding payments before its trade is told. ``stale_after``: an older price values
    nothing. ``answer_limit``: how long a cycle's marking waits for the venue's word on funding
    payments, and how long until what was not answered is asked again.
    """

    def __init__(
        self,
        store: Store,
        gateway: Address,
        views: Address,
        journal: Address,
        quote: str = "USDT",
        equity_interval: timedelta = timedelta(hours=1),
        settle_after: timedelta = timedelta(minutes=1),
        stale_after: timedelta = timedelta(minutes=15),
        answer_limit: timedelta = ANSWER_LIMIT,
    ) -> None:
        self._store = store
        self._gateway = gateway
        self._views = views
        self._journal = journal
        self._quote = quote
        self._settle_after = settle_after
        self._stale_after = stale_after
        self._answer_limit = answer_limit
        self._sampling = Sampling(equity_interval)
        self._analytics = AnalyticsBook()
        self._gains = Gains()
        self._prices: Prices | None = None
        self._marking: _Marking | None = None
        self._trade_problems: tuple[str, ...] = ()

    def started(self) -> None:
        """Everything is folded anew from the record, then what was not booked yet is booked."""
        self._questions = PaymentQuestions(self.context.epoch)
        with self._store.transaction(self.context.fence) as tx:
            points = tx.ledger.equity()
            self._state = recording.read_state(tx, {point.booked for point in points})
            self._opening = Opening(recording.opened_at(tx))
            self._gains.restore(points, self._state.flows_at)
            for point in points:
                self._sampling.add(point)
                self._analytics.add_point(point)
            for trade in tx.ledger.trades():
                self._analytics.add_trade(trade)
            recording.record_fills(tx, self._state)
        self._ask_account()
        self._settle_later()

    def receive(self, message: Any) -> None:
        match message:
            case FillsRecorded(position_id):
                self._fills_recorded(position_id)
            case MarkToMarket():
                self._mark(message)
            case FundingPaymentsFetched():
                self._payments_fetched(message)
            case AccountFetched(account=account):
                if account is not None:
                    self._offer_opening(account)
            case GetBook():
                self.context.reply(self._book())
            case ReadPosition(position_id):
                with self._store.reading() as tx:
                    coins = () if self._prices is None else self._prices.coins
                    record = read_position(tx, position_id, coins, self.context.now())
                self.context.reply(record)
            case _AskAccount():
                self._ask_account()
            case _Settle():
                self._ask_payments()
            case _Overdue():
                self._payments_unknown("the venue did not answer in time")
            case Refused(message=FetchFundingPayments(since), reason=reason):
                if self._questions.is_open(since):
                    self._payments_unknown(reason)
            case Refused():
                pass  # the account is asked for again by its timer
            case _:
                raise TypeError(f"the ledger knows no {type(message).__name__}")

    # --- fills ---

    def _fills_recorded(self, position_id: str) -> None:
        with self._store.transaction(self.context.fence) as tx:
            recording.record_fills(tx, self._state)
            recording.look_at(tx, self._state, (position_id,))
        self._settle_later()
        self._report((), sampled=False)

    # --- marking: ask for payments, book them, value the book ---

    def _mark(self, message: MarkToMarket) -> None:
        if self._marking is not None:
            self._conclude(("the next cycle came before its funding payments were known",))
        self._prices = prices_of(message.snapshot, self._stale_after)
        self._marking = _Marking(message, self.context.now(), self.context.keep_reply_if_asked())
        if message.snapshot.account is not None:
            self._offer_opening(message.snapshot.account)
        self._ask_payments()

    def _ask_payments(self) -> None:
        """One question at a time; a marking that came later than the last one asks its own."""
        if self._questions.is_waiting:
            return
        begin = self._opening.opened_at or self._state.first_created_at
        if begin is None:
            if self._marking is not None:
                self._conclude(())
            return
        since = self._questions.ask(begin, self._state.last_payment_at, self.context.now())
        self._gateway.tell(FetchFundingPayments(since), reply_to=self.context.address)
        self.context.after("payments", self._answer_limit, _Overdue())

    def _payments_fetched(self, answer: FundingPaymentsFetched) -> None:
        ours = self._questions.is_open(answer.since)
        if answer.problem is not None:
            if ours:
                self._payments_unknown(answer.problem)
            return
        if ours:
            self.context.cancel("payments")
            self._questions.answered()
        complete_until = self._questions.complete_until
        marked = self._marking is not None and (
            complete_until is not None and complete_until >= self._marking.since
        )
        with self._store.transaction(self.context.fence) as tx:
            recording.record_fills(tx, self._state)
            recording.look_at_unsettled(tx, self._state)
            nobodys = recording.record_payments(
                tx, self._state, answer.payments, self._opening.opened_at
            )
            opened = self._opening.book(tx, self._state, complete_until)
            trades = self._record_trades(tx)
            sampled = marked and self._sample(tx)
        for trade in trades:
            self._analytics.add_trade(trade)
        for payment in nobodys:
            self._tell_event(
                "funding.unassigned",
                Severity.WARNING,
                f"Funding of {payment.amount} {payment.coin} for {payment.symbol} at"
                f" {payment.at.isoformat()} belongs to no position whose trade is still to be told",
            )
        if opened is not None:
            self._tell_event("ledger.opened", Severity.INFO, opened)
        self._settle_later()
        if marked:
            self._conclude((), tuple(trades), sampled)
        else:
            if trades or nobodys or opened is not None:
                self._report(tuple(trades), sampled=False)
            if self._marking is not None:
                self._ask_payments()

    def _payments_unknown(self, why: str) -> None:
        self.context.cancel("payments")
        self._questions.given_up()
        self.context.after("settle", self._answer_limit, _Settle())
        if self._marking is not None:
            self._conclude((f"funding payments are not known: {why}",))

    def _sample(self, tx: Transaction) -> bool:
        """Keep a point of the equity curve if one is due and everything has a price."""
        point = self._worth().point
        if point is None or not self._sampling.is_due(point.at):
            return False
        tx.ledger.add_equity(point)
        self._sampling.add(point)
        self._analytics.add_point(point)
        self._gains.add(point, self._state.flows.flows)
        return True

    def _conclude(
        self, problems: tuple[str, ...], trades: tuple[ClosedTrade, ...] = (), sampled: bool = False
    ) -> None:
        """Answer and report a marking; with problems there is no equity."""
        marking, self._marking = self._marking, None
        assert marking is not None
        point = None if problems else self._worth().point
        if marking.asker is not None:
            at = marking.message.snapshot.at
            marking.asker.answer(
                Marked(
                    cycle=marking.message.snapshot.cycle,
                    at=at,
                    equity_usdt=None if point is None else point.equity_usdt,
                    day_start_usdt=self._sampling.day_start_of(at),
                    peak_usdt=self._sampling.peak_usdt,
                )
            )
        self._report(trades, sampled, problems)

    # --- closed positions ---

    def _settle_later(self) -> None:
        """Ask for payments once more after the last close, whether or not there are cycles."""
        closed = [
            account.position.closed_at
            for account in self._state.positions.values()
            if account.position.closed_at is not None
        ]
        if closed:
            wait = max(closed) + self._settle_after - self.context.now()
            if wait <= timedelta():  # it was due, and something is missing: without hurry
                wait = ASK_FOR_A_PRICE if self._trade_problems else self._answer_limit
            self.context.after("settle", wait, _Settle())

    def _record_trades(self, tx: Transaction) -> list[ClosedTrade]:
        complete_until = self._questions.complete_until
        if complete_until is None:
            return []
        coins = () if self._prices is None else self._prices.coins
        trades, problems = recording.record_trades(
            tx, self._state, complete_until - self._settle_after, coins
        )
        self._trade_problems = tuple(problems)
        return trades

    # --- the opening balance ---

    def _ask_account(self) -> None:
        if self._opening.opened_at is None:
            self._gateway.tell(FetchAccount("opening"), reply_to=self.context.address)
            self.context.after("opening", self._answer_limit, _AskAccount())

    def _offer_opening(self, account: AccountState) -> None:
        """Open the ledger with this account: at once where nothing was ever meant to be traded,
        else with the next answer about payments, which are then known up to it.
        """
        if self._opening.opened_at is not None:
            return
        self._opening.offer(account, self.context.now())
        with self._store.transaction(self.context.fence) as tx:
            opened = self._opening.book(tx, self._state, self._questions.complete_until)
        if opened is not None:
            self._tell_event("ledger.opened", Severity.INFO, opened)
            self._report((), sampled=False)
        else:
            self._ask_payments()

    # --- telling ---

    def _worth(self) -> Worth:
        if self._opening.opened_at is None:
            return Worth(None, ("the account's opening balance is not known yet",), ())
        if self._prices is None:
            return Worth(None, ("no prices yet",), ())
        return worth(self._state, self._prices, self._quote)

    def _report(
        self, trades: tuple[ClosedTrade, ...], sampled: bool, problems: tuple[str, ...] = ()
    ) -> None:
        value = self._worth()
        point = None if problems else value.point
        periods, months = self._gained(point, (*problems, *value.missing))
        self._views.tell(
            PnlReport(
                at=self.context.now(),
                equity=point,
                positions=position_results(self._state, self._prices),
                new_trades=trades,
                analytics=self._analytics.analytics(),
                problems=(*problems, *value.missing, *value.left_out, *self._trade_problems),
                sampled=sampled,
                periods=periods,
                months=months,
            )
        )

    def _gained(
        self, point: EquityPoint | None, why: tuple[str, ...]
    ) -> tuple[tuple[Period, ...], tuple[Month, ...]]:
        now, flows = self.context.now(), self._state.flows.flows
        return self._gains.now(now, point, flows, f"the equity is not known: {'; '.join(why)}")

    def _book(self) -> Book:
        with self._store.reading() as tx:
            trades, equity = tx.ledger.trades(), tx.ledger.equity()
        value = self._worth()
        periods, months = self._gained(value.point, value.missing)
        return Book(
            at=self.context.now(),
            trades=tuple(trades),
            positions=position_results(self._state, self._prices),
            equity=tuple(equity),
            analytics=self._analytics.analytics(),
            periods=periods,
            months=months,
        )

    def _tell_event(self, kind: str, severity: Severity, text: str) -> None:
        event = Event(self.context.now(), kind, severity, self.context.address.name, text)
        self._journal.tell(RecordEvent(event))
