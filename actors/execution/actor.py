"""The execution actor: owns every position and every order. What to do is decided in plan.py."""

from collections.abc import Callable, Sequence
from typing import Any

from actors.domain.orders import OrderRequest
from actors.domain.positions import PositionState
from actors.execution.comparison import ComparisonExpired, LookNow, WatchTick
from actors.execution.desk import Desk
from actors.execution.driver import Driver, Wake
from actors.execution.messages import (
    ClosePair,
    ListPairs,
    OpenPair,
    PairsListed,
    PairStatus,
    Reconcile,
    WatchPair,
)
from actors.execution.opening import CheckExpired, Opening
from actors.execution.precheck import Candidate
from actors.execution.records import Records
from actors.execution.rules import Rules
from actors.execution.states import to_be_closed
from actors.execution.voice import Voice
from actors.execution.watch import Watch
from actors.gateway.messages import (
    AccountFetched,
    DepthFetched,
    FetchAccount,
    FetchDepth,
    FetchFills,
    FillsFetched,
    LookUpOrder,
    OrderAnswered,
    OrderLookedUp,
    PlaceOrder,
)
from actors.runtime import Actor, Address, Refused, Rejected
from actors.store import Store


class ExecutionActor(Actor):
    """Thin: it takes letters in and hands them to the parts.

    Its durable state is the store's positions; a start loads them and drives every one on, which is
    all there is to recovery.
    """

    def __init__(
        self,
        store: Store,
        gateway: Address,
        pnl: Address,
        journal: Address,
        strategy_of: Callable[[str], Address],
        listeners: Sequence[Address] = (),
        rules: Rules | None = None,
    ) -> None:
        """``strategy_of``: the address of a pair's strategy, by pair key.

        ``rules`` hold until an OpenPair brings terms of its own.
        """
        self._store = store
        self._gateway = gateway
        self._pnl = pnl
        self._journal = journal
        self._strategy_of = strategy_of
        self._listeners = listeners
        self._rules = rules or Rules()

    def started(self) -> None:
        context = self.context
        voice = Voice(context, self._strategy_of, self._listeners, self._pnl, self._journal)
        records = Records(self._store, context.fence)
        self._records = records
        self._voice = voice
        self._desk = Desk(context, self._gateway, records, voice, self._rules)
        self._driver = Driver(self._desk, self._on_change)
        self._watch = Watch(self._desk, self._driver, self._tell_status)
        self._opening = Opening(self._desk, self._driver, self._status_of)
        context.every("watch", self._rules.watch_period, WatchTick())
        for position in list(records.active.values()):
            voice.fills(position.id)
            self._driver.advance(position)
        self._watch.begin()

    def receive(self, message: Any) -> None:
        match message:
            case WatchPair(pair_key):
                self.context.reply(self._status_of(pair_key))
            case ListPairs():
                self.context.reply(PairsListed(self._all_statuses()))
            case OpenPair():
                self._open(message)
            case ClosePair():
                self._close(message)
            case Reconcile():
                self._watch.begin(self.context.keep_reply_if_asked())
            case OrderAnswered(client_id, report) if report is not None:
                self._driver.on_report(client_id, report)
            case OrderAnswered(client_id, _, code, reason) if code is not None:
                self._driver.on_refusal(client_id, code, reason)
            case (
                OrderAnswered(client_id)
                | Refused(message=PlaceOrder(order=OrderRequest(client_id)))
            ):
                self._driver.on_unknown(client_id)
            case OrderLookedUp(client_id, report) if report is not None:
                self._driver.on_report(client_id, report)
            case OrderLookedUp(client_id, _, None):
                self._driver.on_not_known(client_id)
            case OrderLookedUp(client_id) | Refused(message=LookUpOrder(client_id)):
                self._driver.on_look_up_failed(client_id)
            case AccountFetched():
                self._watch.on_account(message)
                self._opening.on_account(message)
            case DepthFetched():
                self._watch.on_depth(message)
                self._opening.on_depth(message)
                self._driver.on_books(message)
            case FillsFetched():
                self._watch.on_fills(message)
            case Refused(message=FetchAccount(request_id), reason=reason):
                self.receive(AccountFetched(request_id, None, reason))
            case Refused(message=FetchDepth(request_id), reason=reason):
                self.receive(DepthFetched(request_id, (), reason))
            case Refused(message=FetchFills(since), reason=reason):
                self._watch.on_fills(FillsFetched(since, (), reason))
            case Wake(position_id):
                if position_id in self._records.active:
                    self._driver.wake(self._records.active[position_id])
            case CheckExpired(request_id):
                self._opening.on_expired(request_id)
            case LookNow():
                self._watch.on_look_now()
            case WatchTick():
                self._watch.tick()
            case ComparisonExpired():
                self._watch.on_expired()

    # --- wishes ----------------------------------------------------------------------------------

    def _open(self, wish: OpenPair) -> None:
        key, now = wish.pair.key, self.context.now()
        if self._records.is_repeated(key, wish.entry):
            self.context.reply(self._status_of(key))
            return
        if not self._watch.reconciled:
            raise Rejected("not_reconciled", "the ledger has not been compared with the venue yet")
        if key in self._watch.orphans:
            raise Rejected("not_reconciled", self._watch.orphans[key].detail)
        position = self._records.of_pair(key)
        if position is not None:
            raise Rejected("not_flat", f"{position.id} is {position.state}")
        if self._opening.is_checking(key):
            raise Rejected("not_flat", f"{key} is being checked already")
        until, why = self._records.cooldowns.get(key, (now, ""))
        if until > now:
            raise Rejected("cooldown", f"until {until:%Y-%m-%d %H:%M} UTC: {why}")
        age = now - wish.entry.at
        if age > self._desk.rules.decision_age:
            raise Rejected("precheck", f"the decision is {age.total_seconds():.0f} s old")
        reply = self.context.keep_reply_if_asked()
        if reply is None:
            return  # it came again after a crash, and its asker has been told that it is lost
        self._desk.rules = self._desk.rules.under(wish.terms)
        self._opening.begin(Candidate(wish.pair, wish.quantity, wish.entry, wish.terms), reply)

    def _close(self, wish: ClosePair) -> None:
        self._opening.withdraw(wish.pair_key)
        for position in self._records.all_of_pair(wish.pair_key):
            if wish.urgent:
                self._driver.make_urgent(position.id)
            closing = to_be_closed(position, wish.exit)
            if closing != position:
                closing = self._records.write(closing)
            self._driver.advance(closing)
        self.context.reply(self._status_of(wish.pair_key))

    # --- what is told ----------------------------------------------------------------------------

    def _on_change(self, pair_key: str) -> None:
        self._tell_status(pair_key)
        if self._driver.contradicted:
            self._driver.contradicted = False
            self._watch.begin()
        else:
            self._watch.go_on()

    def _tell_status(self, pair_key: str) -> None:
        self._voice.status(self._status_of(pair_key))

    def _status_of(self, pair_key: str) -> PairStatus:
        position = self._records.of_pair(pair_key)
        until, why = self._records.cooldowns.get(pair_key, (None, ""))
        cooling = until is not None and until > self.context.now()
        cooldown_until = until if cooling else None
        orphan = self._watch.orphans.get(pair_key)
        if position is not None:
            problem = self._driver.problems.get(position.id, "")
            if orphan is not None:
                problem = f"{problem} | {orphan.detail}" if problem else orphan.detail
            return PairStatus(pair_key, position.state, position, cooldown_until, problem)
        if orphan is not None:
            return PairStatus(pair_key, PositionState.ORPHANED, None, cooldown_until, orphan.detail)
        return PairStatus(
            pair_key, PositionState.FLAT, None, cooldown_until, why if cooling else ""
        )

    def _all_statuses(self) -> tuple[PairStatus, ...]:
        keys = sorted(self._records.pairs.keys() | self._watch.orphans.keys())
        statuses = [self._status_of(key) for key in keys]
        return tuple(
            one
            for one in statuses
            if one.state is not PositionState.FLAT or one.cooldown_until is not None
        )
