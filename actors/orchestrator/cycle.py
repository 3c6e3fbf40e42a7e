"""One cycle in flight: what was asked, what has been answered, what is still awaited."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from actors.domain.decisions import Stage
from actors.domain.market import MarketSnapshot
from actors.domain.positions import PositionState
from actors.domain.terms import Terms
from actors.orchestrator.granting import Grants
from actors.orchestrator.messages import BotState, CycleReport, Opportunity
from actors.orchestrator.ranking import funnel
from actors.strategy.messages import GrantEnded, Proposal


class Phase(StrEnum):
    TERMS = "terms"
    SNAPSHOT = "snapshot"
    PROPOSALS = "proposals"
    EXECUTION = "execution"


@dataclass(slots=True)
class Cycle:
    """Mutable, and owned by the orchestrator alone; CycleReport is what the others see."""

    number: int
    started_at: datetime
    phase: Phase = Phase.TERMS
    terms: Terms | None = None
    snapshot: MarketSnapshot | None = None
    guards: tuple[str, ...] = ()
    awaiting: set[str] = field(default_factory=set)
    """Pairs whose proposal, or whose end of a grant, is still to come."""
    unreachable: set[str] = field(default_factory=set)
    """Among those awaited: strategies that certainly will not answer."""
    proposals: dict[str, Proposal] = field(default_factory=dict)
    ranking: tuple[Proposal, ...] = ()
    silent: tuple[str, ...] = ()
    grants: Grants | None = None
    ended: dict[str, GrantEnded] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def report(cycle: Cycle, state: BotState, at: datetime) -> CycleReport | None:
    """What the cycle came to; None where it had nothing to look at."""
    if cycle.snapshot is None or cycle.terms is None:
        return None
    opportunities = tuple(
        _opportunity(cycle, place, one) for place, one in enumerate(cycle.ranking, start=1)
    )
    ended = cycle.ended.values()
    return CycleReport(
        cycle.number,
        cycle.started_at,
        at,
        cycle.snapshot,
        cycle.terms,
        state,
        opportunities,
        funnel(opportunities),
        cycle.silent,
        cycle.guards,
        entered=tuple(sorted(one.pair_key for one in ended if one.entered and one.ok)),
        left=tuple(sorted(one.pair_key for one in ended if not one.entered and one.ok)),
        problems=(*cycle.snapshot.problems, *cycle.problems),
    )


def _opportunity(cycle: Cycle, place: int, one: Proposal) -> Opportunity:
    key, verdict = one.pair.key, one.verdict
    reached, quantity, reasons = verdict.reached, None, verdict.reasons
    grants, end = cycle.grants, cycle.ended.get(key)
    if grants is not None:
        quantity = _granted_quantity(grants, key)
        reasons += grants.refused.get(key, ())
        reasons += next((grant.reasons for grant in grants.exits if grant.pair_key == key), ())
    if quantity is not None or one.state is not PositionState.FLAT:
        reached = Stage.GRANTED  # what is held has passed all stages before
    if end is not None and not end.ok:
        reasons += (end.reason,)
    rank = place if verdict.score is not None else None
    return Opportunity(
        rank, key, one.market, one.state, verdict, reached, quantity, tuple(dict.fromkeys(reasons))
    )


def _granted_quantity(grants: Grants, pair_key: str) -> Decimal | None:
    return next((one.quantity for one in grants.entries if one.pair_key == pair_key), None)
