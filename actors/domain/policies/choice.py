"""The one way in: the policy that the terms name judges the pair."""

from datetime import datetime

from actors.domain.decisions import Held, Verdict
from actors.domain.market import PairMarket
from actors.domain.policies import carry, threshold
from actors.domain.terms import PolicyName, Terms


def decide(market: PairMarket, held: Held | None, terms: Terms, at: datetime) -> Verdict:
    """The verdict on one pair at ``at``: with ``held`` HOLD or LEAVE, without ENTER or STAY_OUT.

    What is missing keeps a flat pair out and a held pair held: nothing is left for lack of data.
    """
    match terms.policy:
        case PolicyName.CARRY:
            return carry.decide(market, held, terms, at)
        case PolicyName.THRESHOLD:
            return threshold.decide(market, held, terms, at)
