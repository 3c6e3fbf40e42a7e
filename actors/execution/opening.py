"""The way from a wish to a position: ask for books and account, check, and begin."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from actors.domain.account import AccountState
from actors.domain.exact import ZERO
from actors.domain.market import Depth
from actors.domain.orders import Leg, OrderAction
from actors.domain.positions import Intent, Position
from actors.execution.desk import Desk
from actors.execution.driver import Driver
from actors.execution.messages import PairStatus
from actors.execution.precheck import Candidate, precheck
from actors.gateway.messages import AccountFetched, DepthFetched, FetchAccount, FetchDepth
from actors.runtime import Rejected, ReplyTo


@dataclass(frozen=True, slots=True)
class CheckExpired:
    """From a timer: the venue has not answered in time."""

    request_id: str


@dataclass(slots=True)
class Check:
    """One wish, while the venue is asked about it."""

    candidate: Candidate
    reply: ReplyTo
    account: AccountState | None = None
    depths: tuple[Depth, ...] | None = None


class Opening:
    """Wishes under way live in memory only: lost with a crash, and then refused as lost."""

    def __init__(self, desk: Desk, driver: Driver, status_of: Callable[[str], PairStatus]) -> None:
        self._desk = desk
        self._driver = driver
        self._status_of = status_of
        self._checks: dict[str, Check] = {}
        self._requests = 0

    def is_checking(self, pair_key: str) -> bool:
        return any(check.candidate.pair.key == pair_key for check in self._checks.values())

    def begin(self, candidate: Candidate, reply: ReplyTo) -> None:
        self._requests += 1
        request_id = f"check {self._desk.context.epoch}-{self._requests}"
        self._checks[request_id] = Check(candidate, reply)
        pair = candidate.pair
        self._desk.ask_gateway(FetchAccount(request_id))
        self._desk.ask_gateway(FetchDepth(request_id, (pair.long, pair.short)))
        timeout = self._desk.rules.answer_timeout
        self._desk.context.after(request_id, timeout, CheckExpired(request_id))

    def withdraw(self, pair_key: str) -> None:
        """The pair is not to be opened after all."""
        for request_id, check in list(self._checks.items()):
            if check.candidate.pair.key == pair_key:
                self._refuse(request_id, "withdrawn: the pair is to be closed")

    def on_account(self, answer: AccountFetched) -> None:
        check = self._checks.get(answer.request_id)
        if check is None:
            return
        if answer.account is None:
            self._refuse(answer.request_id, f"no account: {answer.problem}")
            return
        check.account = answer.account
        self._decide(answer.request_id, check)

    def on_depth(self, answer: DepthFetched) -> None:
        check = self._checks.get(answer.request_id)
        if check is None:
            return
        if answer.problem is not None:
            self._refuse(answer.request_id, f"no order books: {answer.problem}")
            return
        check.depths = answer.depths
        self._decide(answer.request_id, check)

    def on_expired(self, request_id: str) -> None:
        if request_id in self._checks:
            self._refuse(request_id, "the venue did not answer in time")

    def _decide(self, request_id: str, check: Check) -> None:
        account, depths = check.account, check.depths
        if account is None or depths is None:
            return
        candidate, now = check.candidate, self._desk.context.now()
        depth_age = max(candidate.terms.risk.max_quote_age, self._desk.rules.decision_age)
        reasons = precheck(candidate, account, depths, self._reserved(), now, depth_age)
        if reasons:
            self._refuse(request_id, "; ".join(reasons))
            return
        pair = candidate.pair
        wallet = account.total_of(pair.long.base)
        self._drop(request_id)
        position = self._desk.records.begin(pair, candidate.quantity, candidate.entry, wallet, now)
        self._driver.advance(position)
        check.reply.answer(self._status_of(pair.key))

    def _reserved(self) -> Decimal:
        """What other openings still take: their orders whose outcome is not known yet."""
        return sum(
            (
                _takes(position, intent, self._desk.rules.leverage)
                for position in self._desk.records.active.values()
                for intent in position.intents
                if not intent.status.is_final
            ),
            start=ZERO,
        )

    def _refuse(self, request_id: str, reason: str) -> None:
        self._drop(request_id).reply.refuse(Rejected("precheck", reason))

    def _drop(self, request_id: str) -> Check:
        self._desk.context.cancel(request_id)
        return self._checks.pop(request_id)


def _takes(position: Position, intent: Intent, leverage: Decimal) -> Decimal:
    if intent.action not in (OrderAction.OPEN, OrderAction.TOP_UP):
        return ZERO
    if intent.leg is Leg.SPOT:
        return intent.quantity * position.entry.spot_price
    return intent.quantity * position.entry.perp_price / leverage
