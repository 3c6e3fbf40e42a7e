"""The plain policy: enter at or above one rate, leave below another, compared per 8 hours.

The thresholds mean what they say: costs do not move them. They are in the score, by which pairs are
ranked, and in the reasons.
"""

from datetime import datetime

from actors.domain.decisions import Action, Held, Stage, Verdict
from actors.domain.market import PairMarket
from actors.domain.policies import words
from actors.domain.policies.entry_checks import obstacles
from actors.domain.policies.outlook import Outlook, outlook, unknown
from actors.domain.terms import Terms


def decide(market: PairMarket, held: Held | None, terms: Terms, at: datetime) -> Verdict:
    """ENTER when the predicted rate is at or above the minimum; LEAVE when it is below the exit
    rate, after the minimum number of settlements, and two of the last three prints were so too.
    """
    view = outlook(market, terms)
    missing = unknown(market, view, held is not None, terms, at)
    if missing or view is None:
        return Verdict(Action.HOLD if held else Action.STAY_OUT, Stage.SCANNED, missing)
    return _stay(view, held, terms) if held else _enter(market, view, terms)


def _enter(market: PairMarket, view: Outlook, terms: Terms) -> Verdict:
    if found := obstacles(market, view.spreads_bp, terms):
        return view.verdict(Action.STAY_OUT, Stage.DATA, *found)
    minimum = terms.threshold.min_funding_rate_8h
    if view.predicted_8h < minimum:
        return view.verdict(
            Action.STAY_OUT, Stage.LIQUID, f"{words.predicted(view)} is below {words.rate(minimum)}"
        )
    return view.verdict(
        Action.ENTER,
        Stage.NET,
        f"{words.predicted(view)} is at or above {words.rate(minimum)}",
        f"{words.expected(view)}, {words.costs(view)}",
    )


def _stay(view: Outlook, held: Held, terms: Terms) -> Verdict:
    rules = terms.threshold
    limit = rules.exit_funding_rate_8h
    if view.predicted_8h >= limit:
        return view.verdict(
            Action.HOLD, Stage.NET, f"{words.predicted(view)} is not below {words.rate(limit)}"
        )
    below = f"{words.predicted(view)} is below {words.rate(limit)}"
    if held.settlements < rules.min_hold_settlements:
        return view.verdict(
            Action.HOLD,
            Stage.NET,
            below,
            f"{held.settlements} settlements seen, at least {rules.min_hold_settlements}",
        )
    if not view.lasting_below(limit):
        return view.verdict(
            Action.HOLD, Stage.NET, below, "fewer than two of the last three prints were"
        )
    return view.verdict(Action.LEAVE, Stage.NET, below)
