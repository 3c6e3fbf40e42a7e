"""Why the bot is, or is not, trading: one cycle put into sentences, the most important first."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from actors.domain.decisions import Action, Stage
from actors.domain.positions import PositionState
from actors.orchestrator.messages import BotState, CycleReport, FunnelStep, Opportunity

_WHAT_STATE_MEANS = {
    BotState.STOPPED: "Stopped: no cycle enters anything until it is started.",
    BotState.STARTING: "Starting: nothing is entered before the venue's word and the ledger agree.",
    BotState.PAUSED: "Paused: positions are kept and watched, none is entered.",
    BotState.STOPPING: "Stopping: every position is being closed, none is entered.",
    BotState.HALTED: "Halted by an emergency stop: nothing is entered until a person clears it.",
}
_WHERE_PAIRS_FALL_OUT = {
    Stage.DATA: "have complete and fresh data",
    Stage.LIQUID: "are allowed and liquid enough",
    Stage.RATE: "have a rate that pays the short enough",
    Stage.NET: "still pay after the full round trip",
    Stage.RISK: "fit the limits",
    Stage.GRANTED: "are held or were entered",
}
_NAMES_SHOWN = 5


def why(report: CycleReport) -> tuple[str, ...]:
    """The cycle in sentences: what forbids entries, what was done, where the others fell out."""
    return (
        *_what_forbids(report),
        *_what_was_done(report),
        *_where_the_funnel_ends(report.funnel),
        *_the_nearest(report.opportunities),
        *_what_is_held(report.opportunities),
        *_what_is_wrong(report),
    )


def _what_forbids(report: CycleReport) -> Iterable[str]:
    if report.state in _WHAT_STATE_MEANS:
        yield _WHAT_STATE_MEANS[report.state]
    for guard in report.guards:
        yield f"No entries: {guard}."
    if report.snapshot.account is None:
        yield "No entries: the venue did not state the account."


def _what_was_done(report: CycleReport) -> Iterable[str]:
    if report.entered:
        yield f"Entered {_names(report.entered)}."
    if report.left:
        yield f"Left {_names(report.left)}."


def _where_the_funnel_ends(funnel: Sequence[FunnelStep]) -> Iterable[str]:
    """``Of 14 pairs scanned, 12 have complete ..., 9 ..., none still pays ...``."""
    if not funnel:
        return
    scanned = funnel[0].passed
    if scanned == 0:
        yield "No pair was scanned."
        return
    parts = []
    for step in funnel[1:]:
        if step.stage not in _WHERE_PAIRS_FALL_OUT:
            continue
        parts.append(f"{step.passed or 'none'} {_WHERE_PAIRS_FALL_OUT[step.stage]}")
        if step.passed == 0:
            break
    plural = "pair" if scanned == 1 else "pairs"
    yield (
        f"Of {scanned} {plural} scanned, {', '.join(parts)}."
        if parts
        else (f"{scanned} {plural} scanned.")
    )


def _the_nearest(opportunities: Sequence[Opportunity]) -> Iterable[str]:
    """The best pair that is neither held nor entered, and what keeps it out."""
    for one in opportunities:
        if one.state is not PositionState.FLAT or one.reached is Stage.GRANTED:
            continue
        if one.verdict.score is None:
            continue
        yield f"Nearest is {one.pair_key}: {_why_not(one)}."
        return


def _why_not(one: Opportunity) -> str:
    """The last reason, after the figures of the bargain if it does not tell them itself."""
    reasons = one.reasons or one.verdict.reasons
    reason = reasons[-1].rstrip(".") if reasons else "nobody said why"
    figures = "" if reason.startswith("expected funding") else _figures(one)
    return f"{figures} ({reason})" if figures else reason


def _figures(one: Opportunity) -> str:
    verdict = one.verdict
    if (
        verdict.expected_funding is None
        or verdict.round_trip is None
        or verdict.horizon_hours is None
    ):
        return ""
    days = verdict.horizon_hours / 24
    return (
        f"expected funding {percent(verdict.expected_funding)} over {days:.0f} days"
        f" against {percent(verdict.round_trip.total)} for the round trip"
    )


def _what_is_held(opportunities: Sequence[Opportunity]) -> Iterable[str]:
    held = [one.pair_key for one in opportunities if one.state is PositionState.OPEN]
    leaving = [
        one.pair_key
        for one in opportunities
        if one.state is not PositionState.FLAT and one.verdict.action is Action.LEAVE
    ]
    if held:
        plural = "position" if len(held) == 1 else "positions"
        yield f"Holding {len(held)} {plural}: {_names(held)}."
    if leaving:
        yield f"To be left: {_names(leaving)}."


def _what_is_wrong(report: CycleReport) -> Iterable[str]:
    if report.silent_pairs:
        yield (
            "Left out, since they did not answer in time:"
            f" {_names(report.silent_pairs)} ({len(report.silent_pairs)})."
        )
    for problem in (*report.problems, *report.snapshot.problems):
        yield f"Problem: {problem.rstrip('.')}."


def _names(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_NAMES_SHOWN])
    more = len(names) - _NAMES_SHOWN
    return f"{shown} and {more} more" if more > 0 else shown


def percent(fraction: Decimal) -> str:
    """A fraction as a percentage with two or three digits: ``0.31%``."""
    return f"{fraction * 100:.3f}".rstrip("0").rstrip(".") + "%"
