"""Reconciliation: compares the venue's account with the ledger, at the start and ever after.

One comparison runs at a time: wait until no order is unknown; ask for the account, then for the
fills (which catches fills that came late); compare the pairs that nothing touched meanwhile. A
difference counts when a second look shows it again. What is gone at the venue is then booked, so
that the ledger equals the account and the plan mends what is naked; what is too much is reported
and blocks the pair.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from actors.domain.market import Depth
from actors.domain.orders import Fill
from actors.execution import judge
from actors.execution.comparison import Comparison, ComparisonExpired, LookNow, Stage
from actors.execution.desk import Desk
from actors.execution.driver import Driver
from actors.execution.ghosts import book_ghost, without_price
from actors.execution.messages import Difference, Reconciled
from actors.execution.plan import unresolved
from actors.execution.reconcile import (
    GHOST,
    ORPHAN,
    Expected,
    compare,
    expected_of,
    strangers,
)
from actors.gateway.messages import (
    AccountFetched,
    DepthFetched,
    FetchAccount,
    FetchDepth,
    FetchFills,
    FillsFetched,
)
from actors.journal.messages import Severity
from actors.runtime import ReplyTo

FIRST_LOOK_BACK = timedelta(days=1)
"""After a start, fills are asked for from at least so long ago."""
MOST_LOOKS = 4
"""At one comparison; pairs that were busy in all of them are left to the next one."""


class Watch:
    def __init__(self, desk: Desk, driver: Driver, changed: Callable[[str], None]) -> None:
        """``changed`` is called with a pair's key when it became an orphan, or is none any more."""
        self._desk = desk
        self._driver = driver
        self._changed = changed
        self._running: Comparison | None = None
        self._askers: list[ReplyTo] = []
        self._requests = 0
        self._fills_since: datetime | None = None
        self._watch_until: datetime | None = None
        self._changes_seen = 0
        self.reconciled = False
        """One comparison has succeeded since the start: entries may be allowed."""
        self.orphans: dict[str, Difference] = {}
        """By pair key: what the venue holds and the ledger does not explain."""

    # --- when to compare -------------------------------------------------------------------------

    def begin(self, reply: ReplyTo | None = None) -> None:
        """Compare now; who asks while a comparison runs gets the answer of that one."""
        if reply is not None:
            self._askers.append(reply)
        if self._running is None:
            self._running = Comparison(self._desk.records.unresolved())
            self._expire_later()
            self.go_on()

    def tick(self) -> None:
        """The periodic watch: while anything is held, and for late fills a while after."""
        now, records = self._desk.context.now(), self._desk.records
        changes = sum(records.changes.values())
        if records.active or self.orphans or changes != self._changes_seen:
            self._changes_seen = changes
            self._watch_until = now + self._desk.rules.fills_overlap
        if not self.reconciled or (self._watch_until is not None and now <= self._watch_until):
            self.begin()

    def go_on(self) -> None:
        """An order's outcome may have become known, which the comparison waits for."""
        running = self._running
        if running is None or running.stage is not Stage.RESOLVING:
            return
        if self._desk.records.unresolved() == 0:
            self._look(running)

    def on_look_now(self) -> None:
        if self._running is None:
            self.begin()
        elif self._running.stage is Stage.PAUSE:
            self._look(self._running)

    def on_expired(self) -> None:
        running = self._running
        if running is None:
            return
        if running.stage is Stage.RESOLVING:
            running.problem = f"{self._desk.records.unresolved()} orders are still unknown"
            self._expire_later()
            self._look(running)  # the other pairs are compared all the same
        else:
            self._finish(running, (), f"no answer from the venue ({running.stage})")

    # --- asking ----------------------------------------------------------------------------------

    def _look(self, running: Comparison) -> None:
        running.stage = Stage.ACCOUNT
        running.looks += 1
        running.changes = dict(self._desk.records.changes)
        running.request_id = self._new_request()
        self._desk.ask_gateway(FetchAccount(running.request_id))

    def on_account(self, answer: AccountFetched) -> None:
        running = self._running
        if running is None or (running.stage, running.request_id) != (
            Stage.ACCOUNT,
            answer.request_id,
        ):
            return
        if answer.account is None:
            self._finish(running, (), f"no account: {answer.problem}")
            return
        running.account = answer.account
        running.stage = Stage.FILLS
        running.fills_since = self._since()
        running.fills_asked_at = self._desk.context.now()
        self._desk.ask_gateway(FetchFills(running.fills_since))

    def on_fills(self, answer: FillsFetched) -> None:
        running = self._running
        if running is None or running.stage is not Stage.FILLS:
            return
        if answer.since != running.fills_since:
            return
        if answer.problem is not None:
            self._finish(running, (), f"no fills: {answer.problem}")
            return
        running.strange_fills = self._absorb(answer.fills)
        self._compare(running)

    def on_depth(self, answer: DepthFetched) -> None:
        running = self._running
        if running is None or running.stage is not Stage.PRICES:
            return
        if running.request_id == answer.request_id:
            self._act(running, running.seen, answer.depths)

    # --- comparing -------------------------------------------------------------------------------

    def _absorb(self, fills: tuple[Fill, ...]) -> tuple[Fill, ...]:
        """Book late fills of our own orders; return those that are of none of ours."""
        records, now = self._desk.records, self._desk.context.now()
        late: dict[str, list[Fill]] = {}
        strange: list[Fill] = []
        for fill in sorted(fills, key=lambda one: (one.at, one.fill_id)):
            if records.has_fill(fill.venue, fill.fill_id):
                continue
            if records.is_ours(fill.client_id):
                late.setdefault(fill.client_id, []).append(fill)
            else:
                strange.append(fill)
        for client_id, found in late.items():
            order = records.find(client_id)
            if order is not None:
                position, intent = order
                for fill in found:
                    intent = judge.with_fill(intent, fill, now) or intent
                self._driver.settle(position, intent)
        return tuple(strange)

    def _compare(self, running: Comparison) -> None:
        account = running.account
        assert account is not None
        expected = {key: self._expected(key) for key in sorted(self._desk.records.pairs)}
        quiet = [one for key, one in expected.items() if self._is_quiet(key, running)]
        found = compare(account, quiet) + strangers(account, expected.values())
        confirmed = tuple(one for one in found if one in running.seen)
        busy = any(
            not self._is_quiet(one.pair.key, running) for one in self._desk.records.active.values()
        )
        if (busy or confirmed != found) and running.looks < MOST_LOOKS:
            running.seen = found
            running.stage = Stage.PAUSE
            pause = self._desk.rules.confirm_pause
            self._desk.context.after("look", pause, LookNow())
            return
        running.complete = not busy and confirmed == found
        running.seen = confirmed
        running.quiet = {one.pair.key for one in quiet}
        unpriced = without_price(self._desk.records.pairs, confirmed, account)
        if unpriced:
            running.stage = Stage.PRICES
            running.request_id = self._new_request()
            self._desk.ask_gateway(FetchDepth(running.request_id, unpriced))
        else:
            self._act(running, confirmed, ())

    def _expected(self, pair_key: str) -> Expected:
        records = self._desk.records
        pair = records.pairs[pair_key]
        coin = pair.long.base
        return expected_of(
            pair, records.all_of_pair(pair_key), records.dust(coin), records.others(coin)
        )

    def _is_quiet(self, pair_key: str, running: Comparison) -> bool:
        """No order is under way, and nothing has changed since the account was asked for."""
        records = self._desk.records
        if records.changes[pair_key] != running.changes.get(pair_key):
            return False
        return not any(unresolved(one) for one in records.all_of_pair(pair_key))

    # --- acting ----------------------------------------------------------------------------------

    def _act(
        self, running: Comparison, confirmed: tuple[Difference, ...], depths: tuple[Depth, ...]
    ) -> None:
        self._mark_orphans(running, [one for one in confirmed if one.kind == ORPHAN])
        unexplained = [
            one.detail
            for one in confirmed
            if one.kind == GHOST and not book_ghost(self._desk, self._driver, running, one, depths)
        ]
        problem = "; ".join([running.problem, *unexplained] if running.problem else unexplained)
        self._finish(running, confirmed, problem)

    def _mark_orphans(self, running: Comparison, orphans: list[Difference]) -> None:
        before = self.orphans
        not_looked_at = {
            key: one
            for key, one in before.items()
            if key in self._desk.records.pairs and key not in running.quiet
        }
        self.orphans = not_looked_at | {one.pair_key: one for one in orphans}
        for one in orphans:
            if before.get(one.pair_key) != one:
                text = f"{one.pair_key}: {one.detail}; no entries there until it is explained"
                self._desk.voice.event("position.orphaned", Severity.ALARM, text)
        for key in sorted(before.keys() ^ self.orphans.keys()):
            self._changed(key)

    def _finish(
        self, running: Comparison, differences: tuple[Difference, ...], problem: str
    ) -> None:
        context, rules = self._desk.context, self._desk.rules
        self._running = None
        context.cancel("look")
        context.cancel("comparison")
        ok = problem == ""
        if ok:
            self.reconciled = True
        if ok and running.complete and running.fills_asked_at is not None:
            # Else the next comparison may need the same fills to explain what this one left.
            self._fills_since = running.fills_asked_at - rules.fills_overlap
        elif not self.reconciled:
            context.after("look", rules.reconcile_again, LookNow())
        answer = Reconciled(ok, context.now(), running.unresolved_at_start, differences, problem)
        askers, self._askers = self._askers, []
        for asker in askers:
            asker.answer(answer)

    # --- small things ----------------------------------------------------------------------------

    def _since(self) -> datetime:
        """From when on fills are asked for: at first, all that the open positions have lived."""
        if self._fills_since is not None:
            return self._fills_since
        now = self._desk.context.now()
        begun = [one.created_at for one in self._desk.records.active.values()]
        return min([*begun, now - FIRST_LOOK_BACK])

    def _new_request(self) -> str:
        self._requests += 1
        return f"watch {self._desk.context.epoch}-{self._requests}"

    def _expire_later(self) -> None:
        timeout = self._desk.rules.reconcile_timeout
        self._desk.context.after("comparison", timeout, ComparisonExpired())
