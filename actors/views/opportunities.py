"""What the last cycle decided for each pair, and the reason that mattered."""

from actors.domain.decisions import Action, Stage
from actors.domain.positions import PositionState
from actors.orchestrator.messages import CycleReport, Opportunity
from actors.views.check import at_least
from actors.views.messages import ActionLabel, GetOpportunities, Opportunities, OpportunityView

_STAGES = tuple(Stage)
_LABELS = {
    Action.ENTER: ActionLabel.ENTER,
    Action.HOLD: ActionLabel.HOLD,
    Action.LEAVE: ActionLabel.EXIT,
    Action.STAY_OUT: ActionLabel.STAY_OUT,
}


def opportunities(report: CycleReport | None, query: GetOpportunities) -> Opportunities:
    """Raises Rejected (code ``invalid_query``) for negative limits."""
    at_least(0, limit=query.limit, offset=query.offset)
    if report is None:
        return Opportunities(None, None, (), ())
    asked = [one for one in report.opportunities if _is_asked_for(one, query)]
    part = asked[query.offset : query.offset + query.limit]
    return Opportunities(
        report.cycle,
        report.snapshot.at,
        report.funnel,
        tuple(map(_view, part)),
        len(asked),
    )


def fell_at(one: Opportunity) -> Stage | None:
    """The stage that a pair did not pass; None where it is held or was let in."""
    if one.state is not PositionState.FLAT or one.reached is Stage.GRANTED:
        return None
    return _STAGES[_STAGES.index(one.reached) + 1]


def label(one: Opportunity) -> ActionLabel:
    """The verdict; with what limits and guards made of it, never better than the verdict."""
    action = one.verdict.action
    if action is Action.ENTER and one.reached is not Stage.GRANTED:
        return ActionLabel.BLOCKED
    if one.state is PositionState.OPEN and _added(one):  # out of danger, or to make room
        return ActionLabel.EXIT
    return _LABELS[action]


def reason(one: Opportunity) -> str:
    """The one that decided: where the policy was overruled, what overruled it."""
    return next(iter(_added(one) or one.verdict.reasons), "")


def _added(one: Opportunity) -> tuple[str, ...]:
    """What came to the policy's own reasons: refusals, orders to leave, failures."""
    policy = one.verdict.reasons
    return tuple(added for added in one.reasons if added not in policy)


def _is_asked_for(one: Opportunity, query: GetOpportunities) -> bool:
    if query.pair_key is not None and one.pair_key != query.pair_key:
        return False
    match query.stage:
        case None:
            return True
        case "granted":
            return one.reached is Stage.GRANTED
        case stage:
            return fell_at(one) is Stage(stage)


def _view(one: Opportunity) -> OpportunityView:
    verdict = one.verdict
    return OpportunityView(
        rank=one.rank,
        pair_key=one.pair_key,
        state=one.state,
        action=label(one),
        reached=one.reached,
        fell_at=fell_at(one),
        reason=reason(one),
        reasons=one.reasons,
        score=verdict.score,
        expected_funding=verdict.expected_funding,
        round_trip=verdict.round_trip,
        horizon_hours=verdict.horizon_hours,
        break_even_hours=verdict.break_even_hours,
        granted_quantity=one.granted_quantity,
    )
