"""Best first: by expected net yield over the horizon after the full round trip."""

from collections.abc import Iterable

from actors.domain.decisions import Action, Stage
from actors.orchestrator.messages import FunnelStep, Opportunity
from actors.strategy.messages import Proposal

FUNNEL = (
    Stage.SCANNED,
    Stage.DATA,
    Stage.LIQUID,
    Stage.RATE,
    Stage.NET,
    Stage.RISK,
    Stage.GRANTED,
)


def ranked(proposals: Iterable[Proposal]) -> tuple[Proposal, ...]:
    """Highest score first; without a score last; equal scores by pair, so that runs repeat."""

    def place(one: Proposal) -> tuple[bool, object, str]:
        score = one.verdict.score
        return (score is None, 0 if score is None else -score, one.pair.key)

    return tuple(sorted(proposals, key=place))


def candidates(ranking: Iterable[Proposal]) -> tuple[Proposal, ...]:
    """Those whose policy says enter, in rank order."""
    return tuple(one for one in ranking if one.verdict.action is Action.ENTER)


def funnel(opportunities: Iterable[Opportunity]) -> tuple[FunnelStep, ...]:
    """How many pairs passed each stage; a pair that reached a stage passed all before it."""
    reached = [FUNNEL.index(one.reached) for one in opportunities]
    return tuple(
        FunnelStep(stage, sum(1 for one in reached if one >= place))
        for place, stage in enumerate(FUNNEL)
    )
