"""What the other rooms tell the views, made up."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from actors.domain.analytics import analytics
from actors.domain.decisions import Action, RoundTrip, Stage, Verdict
from actors.domain.ledger import EquityPoint
from actors.domain.market import MarketSnapshot, PairMarket
from actors.domain.positions import EntryDecision, Goal, Position, PositionState
from actors.domain.results import ClosedTrade, OpenPositionPnl, PnlSplit
from actors.domain.terms import Terms
from actors.execution.messages import PairStatus
from actors.journal.messages import Event, EventRecorded, Severity
from actors.orchestrator.messages import (
    BotState,
    CycleReport,
    FunnelStep,
    Opportunity,
    StateChanged,
)
from actors.pnl.messages import Book, PnlReport
from tests.builders import NOON, D, account, pair, pair_market

NOTHING_YET = analytics((), ())


def split(net: str = "1") -> PnlSplit:
    return PnlSplit(D(0), D(0), D(net), D(0), D(0), D(0))


def trade(number: int = 1, base: str = "BTC", net: str = "1") -> ClosedTrade:
    """The n-th: closed n hours after noon."""
    return ClosedTrade(
        position_id=f"{base}-USDT#{number}",
        pair_key=f"{base}-USDT",
        spot_symbol=f"{base}/USDT",
        perp_symbol=f"{base}/USDT:USDT",
        entry_at=NOON,
        exit_at=NOON + timedelta(hours=number),
        quantity=D(1),
        notional_usdt=D(100),
        entry_spot_price=D(100),
        entry_perp_price=D(100),
        exit_spot_price=D(100),
        exit_perp_price=D(100),
        pnl=split(net),
        dust_quantity=D(0),
    )


def point(equity: str | Decimal = "100", hours: float = 0) -> EquityPoint:
    return EquityPoint(NOON + timedelta(hours=hours), D(equity), D(equity), D(0))


def open_pnl(
    base: str = "BTC", total: PnlSplit | None = None, marked: bool = True
) -> OpenPositionPnl:
    mark = D(100) if marked else None
    return OpenPositionPnl(
        position_id=f"{base}-USDT#1",
        pair_key=f"{base}-USDT",
        spot_quantity=D(10),
        perp_quantity=D(-10),
        delta=D(0),
        entry_spot_price=D(100),
        entry_perp_price=D(100),
        mark_spot_price=mark,
        mark_perp_price=mark,
        notional_usdt=D(1000),
        opened_at=NOON,
        realised=PnlSplit(D(0), D(0), D(3), D(-1), D("-0.5"), D(0)),
        total=(total or split("2")) if marked else None,
        missing=() if marked else ("no price for BTC/USDT",),
    )


def report(
    equity: EquityPoint | None = None,
    positions: Sequence[OpenPositionPnl] = (),
    trades: Sequence[ClosedTrade] = (),
    at: datetime = NOON,
    sampled: bool = True,
) -> PnlReport:
    return PnlReport(at, equity, tuple(positions), tuple(trades), NOTHING_YET, (), sampled)


def book(
    trades: Sequence[ClosedTrade] = (),
    equity: Sequence[EquityPoint] = (),
    positions: Sequence[OpenPositionPnl] = (),
    at: datetime = NOON,
) -> Book:
    return Book(at, tuple(trades), tuple(positions), tuple(equity), NOTHING_YET)


def position(base: str = "BTC", opened_at: datetime | None = NOON) -> Position:
    return Position(
        id=f"{base}-USDT#1",
        pair=pair(base),
        goal=Goal.HELD,
        state=PositionState.OPEN,
        target_quantity=D(10),
        created_at=NOON,
        entry=EntryDecision(NOON, "carry", D(100), D(100), D(3), D(1), ()),
        opened_at=opened_at,
    )


def status(
    base: str = "BTC", state: PositionState = PositionState.OPEN, problem: str = ""
) -> PairStatus:
    held = None if state is PositionState.FLAT else replace(position(base), state=state)
    return PairStatus(f"{base}-USDT", state, held, problem=problem)


def event(seq: int, severity: Severity = Severity.INFO) -> EventRecorded:
    return EventRecorded(seq, Event(NOON, "position.opened", severity, "root/x", f"event {seq}"))


def bot(state: BotState = BotState.RUNNING, **changes: object) -> StateChanged:
    plain = StateChanged(state, state is BotState.RUNNING, NOON, 1, NOON + timedelta(hours=1))
    return replace(plain, **changes)  # type: ignore[arg-type]


def verdict(
    action: Action = Action.STAY_OUT, expected: str = "0.0021", cost: str = "0.0033"
) -> Verdict:
    return Verdict(
        action,
        Stage.RATE,
        reasons=("the expected funding does not pay the round trip",),
        score=D(expected) - D(cost),
        expected_funding=D(expected),
        round_trip=RoundTrip(D(cost), D(0), D(0)),
        horizon_hours=D(720),
    )


def opportunity(
    base: str = "BTC",
    state: PositionState = PositionState.FLAT,
    reached: Stage = Stage.RATE,
    judged: Verdict | None = None,
    reasons: tuple[str, ...] = (),
) -> Opportunity:
    return Opportunity(
        1, f"{base}-USDT", pair_market(base), state, judged or verdict(), reached, None, reasons
    )


def funnel(*passed: int) -> tuple[FunnelStep, ...]:
    return tuple(FunnelStep(stage, count) for stage, count in zip(Stage, passed, strict=False))


def cycle(
    markets: Sequence[PairMarket] | None = None,
    number: int = 1,
    with_account: bool = True,
    problems: tuple[str, ...] = (),
    **changes: object,
) -> CycleReport:
    pairs = (pair_market("BTC"), pair_market("ETH")) if markets is None else tuple(markets)
    snapshot = MarketSnapshot(number, NOON, pairs, account() if with_account else None, problems)
    plain = CycleReport(
        cycle=number,
        started_at=NOON,
        ended_at=NOON + timedelta(seconds=2),
        snapshot=snapshot,
        terms=Terms(),
        state=BotState.RUNNING,
        opportunities=(),
        funnel=funnel(2, 2, 2, 1, 0),
        silent_pairs=(),
        guards=(),
        entered=(),
        left=(),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]
