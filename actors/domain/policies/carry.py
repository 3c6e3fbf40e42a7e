"""The slow policy: enter when a month of expected funding clearly pays the round trip, and stay.

Fees eat a carry that churns, so entry and exit lie far apart, a position is kept for a minimum
time, and no single reading closes it.
"""

from datetime import datetime, timedelta

from actors.domain.decisions import Action, Held, Stage, Verdict
from actors.domain.market import PairMarket
from actors.domain.policies import words
from actors.domain.policies.entry_checks import obstacles
from actors.domain.policies.outlook import Outlook, exactly, outlook, unknown
from actors.domain.terms import Terms


def decide(market: PairMarket, held: Held | None, terms: Terms, at: datetime) -> Verdict:
    """ENTER when the expected funding over the horizon exceeds the round trip by the entry margin
    and the predicted rate does not make the short pay; LEAVE when it falls below the exit level,
    after the minimum hold, and two of the last three prints agree.
    """
    view = outlook(market, terms)
    missing = unknown(market, view, held is not None, terms, at)
    if missing or view is None:
        return Verdict(Action.HOLD if held else Action.STAY_OUT, Stage.SCANNED, missing)
    return _stay(view, held, terms, at) if held else _enter(market, view, terms)


def _enter(market: PairMarket, view: Outlook, terms: Terms) -> Verdict:
    rules = terms.carry
    if view.signal.hours < rules.min_history_hours:
        known, needed = view.signal.hours, rules.min_history_hours
        return view.verdict(
            Action.STAY_OUT,
            Stage.SCANNED,
            f"{known:.0f} hours of funding history, {needed:.0f} are needed",
        )
    if found := obstacles(market, view.spreads_bp, terms):
        return view.verdict(Action.STAY_OUT, Stage.DATA, *found)
    if view.predicted_8h < 0:
        return view.verdict(
            Action.STAY_OUT, Stage.LIQUID, f"{words.predicted(view)}: the short would pay"
        )
    times = 1 + exactly(rules.entry_margin_round_trips)
    needed_funding = view.cost * times
    figures = f"{words.expected(view)} against {words.costs(view)} x {times} = {needed_funding:.3%}"
    if view.expected_funding <= needed_funding:
        return view.verdict(Action.STAY_OUT, Stage.RATE, f"{figures}: does not pay enough")
    return view.verdict(Action.ENTER, Stage.NET, f"{figures}: pays", words.predicted(view))


def _stay(view: Outlook, held: Held, terms: Terms, at: datetime) -> Verdict:
    rules = terms.carry
    limit = -view.cost * exactly(rules.exit_margin_round_trips)
    limit_8h = limit * 8 / view.horizon_hours
    figures = f"{words.expected(view)}, left below {limit:.3%}"
    if view.expected_funding >= limit:
        return view.verdict(Action.HOLD, Stage.NET, figures)
    held_for = at - held.opened_at
    if held_for < timedelta(hours=rules.min_hold_hours):
        hours = held_for.total_seconds() / 3600
        return view.verdict(
            Action.HOLD,
            Stage.NET,
            figures,
            f"held for {hours:.0f} hours, at least {rules.min_hold_hours:.0f}",
        )
    if not view.lasting_below(limit_8h):
        return view.verdict(
            Action.HOLD,
            Stage.NET,
            figures,
            f"fewer than two of the last three prints are below {words.rate(limit_8h)}",
        )
    return view.verdict(
        Action.LEAVE, Stage.NET, f"{figures}: no longer pays for staying", words.predicted(view)
    )
