"""What a strategy says of its pair in a cycle: the policy's verdict, or why there is none."""

from datetime import datetime

from actors.domain.decisions import Action, Held, Stage, Verdict
from actors.domain.market import PairMarket
from actors.domain.policies import decide
from actors.domain.positions import Position, PositionState
from actors.domain.terms import Terms
from actors.execution.messages import PairStatus


def judge(status: PairStatus | None, market: PairMarket, terms: Terms, at: datetime) -> Verdict:
    """The policy's verdict where the pair is at rest; otherwise wait, with the reason."""
    if status is None:
        return _wait(Action.STAY_OUT, "where the pair stands is not known yet (recovering)")
    match status.state:
        case PositionState.FLAT:
            if status.cooldown_until is not None and at < status.cooldown_until:
                until = status.cooldown_until.strftime("%Y-%m-%d %H:%M UTC")
                return _wait(Action.STAY_OUT, f"cooling down until {until}: {status.problem}")
            return decide(market, None, terms, at)
        case PositionState.OPEN if status.position is not None:
            return decide(market, held(status.position, market), terms, at)
        case PositionState.ORPHANED:
            return _wait(Action.STAY_OUT, f"orphaned, a person must look: {status.problem}")
        case _:
            return _wait(Action.HOLD, f"{status.state.value}: orders are under way")


def held(position: Position, market: PairMarket) -> Held:
    """What the policy may know of the position it judges.

    Settlements are counted among the recent prints, which is enough for any minimum hold.
    """
    since = position.opened_at or position.created_at
    settlements = sum(1 for one in market.recent_prints if one.at > since)
    return Held(position.id, position.target_quantity, since, settlements)


def _wait(action: Action, reason: str) -> Verdict:
    return Verdict(action, Stage.SCANNED, (reason,))
