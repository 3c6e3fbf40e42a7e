"""Who may enter and who leaves in this cycle. Pure: the orchestrator acts on the answer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from actors.domain.account import AccountState
from actors.domain.decisions import Action
from actors.domain.market import MarketSnapshot
from actors.domain.positions import PositionState
from actors.domain.risk import Book, endangered, entry_cost, room_for
from actors.domain.sizing import entry_quantity
from actors.domain.terms import PolicyName, Terms
from actors.orchestrator.ranking import candidates
from actors.strategy.messages import Proposal


@dataclass(frozen=True, slots=True)
class EntryGrant:
    pair_key: str
    quantity: Decimal
    """Base coins per leg."""
    notional_usdt: Decimal


@dataclass(frozen=True, slots=True)
class ExitGrant:
    pair_key: str
    reasons: tuple[str, ...]
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Grants:
    entries: tuple[EntryGrant, ...]
    exits: tuple[ExitGrant, ...]
    refused: Mapping[str, tuple[str, ...]]
    """Pair key -> why a pair that wanted to enter was not let in."""


def granted(
    ranking: tuple[Proposal, ...],
    snapshot: MarketSnapshot,
    guards: tuple[str, ...],
    terms: Terms,
    *,
    entries: bool,
    exits: bool,
) -> Grants:
    """The grants of a cycle, best pair first.

    ``entries`` and ``exits`` say what the bot's state allows; exits from danger are always granted.
    """
    leaving = {grant.pair_key: grant for grant in dangers(ranking, snapshot, terms)}
    if exits:
        for one in ranking:
            if one.verdict.action is Action.LEAVE:
                leaving.setdefault(one.pair.key, ExitGrant(one.pair.key, one.verdict.reasons))
    wanting = candidates(ranking)
    if not entries or guards:
        why = guards or ("the bot does not enter now",)
        return Grants((), tuple(leaving.values()), {one.pair.key: why for one in wanting})
    entering, refused = _entries(wanting, ranking, snapshot, terms)
    if exits and not leaving:
        leaving |= {
            one.pair_key: one for one in rotations(wanting, ranking, refused, snapshot, terms)
        }
    return Grants(entering, tuple(leaving.values()), refused)


def dangers(
    ranking: Iterable[Proposal], snapshot: MarketSnapshot, terms: Terms
) -> tuple[ExitGrant, ...]:
    """Positions that must be left now, whatever their policy says."""
    if snapshot.account is None:
        return ()
    reasons = dict(endangered(snapshot.account, terms.risk))
    return tuple(
        ExitGrant(one.pair.key, (reasons[one.pair.short.symbol],), urgent=True)
        for one in ranking
        if one.state is PositionState.OPEN and one.pair.short.symbol in reasons
    )


def rotations(
    wanting: Iterable[Proposal],
    ranking: Iterable[Proposal],
    refused: Mapping[str, tuple[str, ...]],
    snapshot: MarketSnapshot,
    terms: Terms,
) -> tuple[ExitGrant, ...]:
    """Leave the worst position where a pair without room gains enough more to pay for the change.

    At most one a cycle, and only where all places are taken. Both sides count in money: a newcomer
    with what is left after its full round trip, on the notional that would fit once the other is
    gone; a held position with all the funding it is still expected to bring, for the cost of its
    entry is sunk and that of its exit comes one day in any case.
    """
    held = [
        (one.verdict.expected_funding, one.pair.key)
        for one in ranking
        if one.state is PositionState.OPEN
        and one.verdict.action is Action.HOLD
        and one.verdict.expected_funding is not None
    ]
    book, unknown = book_of(ranking)
    if terms.policy is not PolicyName.CARRY or len(held) < terms.max_simultaneous_positions:
        return ()
    best = next((one for one in wanting if one.pair.key in refused), None)
    if best is None or best.verdict.score is None or best.verdict.round_trip is None:
        return ()
    if snapshot.account is None or unknown:
        return ()
    fraction, worst = min(held)
    still_brings = fraction * book.of(worst)
    fits = _room_without(worst, best.pair.key, book, snapshot.account, terms)
    gain = best.verdict.score * fits - still_brings
    margins = Decimal(str(terms.carry.rotation_margin_round_trips))
    asked = best.verdict.round_trip.total * margins * fits
    if gain <= asked:
        return ()
    text = (
        f"makes room for {best.pair.key}, expected to bring {gain:.2f} USDT more after its round "
        f"trip (asked for: {asked:.2f})"
    )
    return (ExitGrant(worst, (text,)),)


def _room_without(
    leaving: str, coming: str, book: Book, account: AccountState, terms: Terms
) -> Decimal:
    """The notional that would fit for one pair once another has been left."""
    rest = tuple(entry for entry in book.notionals_usdt if entry[0] != leaving)
    freed = book.of(leaving) * (1 + 1 / terms.leverage)
    if account.available_usdt is not None:
        account = replace(account, available_usdt=account.available_usdt + freed)
    return room_for(coming, Book(rest), account, terms).notional_usdt


def book_of(ranking: Iterable[Proposal]) -> tuple[Book, tuple[str, ...]]:
    """What is held now, or on its way in or out, at present prices; and what has no price.

    An exposure that is not known is not 0: its pair is named, and then nothing may be entered.
    """
    held, unknown = [], []
    for one in ranking:
        if one.state is PositionState.FLAT or one.held_quantity == 0:
            continue
        price = one.market.spot.mid if one.market.spot is not None else None
        if price is None:
            unknown.append(one.pair.key)
        else:
            held.append((one.pair.key, one.held_quantity * price))
    return Book(tuple(held)), tuple(unknown)


def _entries(
    wanting: Iterable[Proposal],
    ranking: Iterable[Proposal],
    snapshot: MarketSnapshot,
    terms: Terms,
) -> tuple[tuple[EntryGrant, ...], dict[str, tuple[str, ...]]]:
    book, unknown = book_of(ranking)
    entering: list[EntryGrant] = []
    refused: dict[str, tuple[str, ...]] = {}
    for one in wanting:
        key, spot = one.pair.key, one.market.spot
        if unknown:
            refused[key] = (f"what is held in {', '.join(unknown)} has no price now",)
            continue
        if snapshot.account is None or spot is None or spot.ask is None:
            refused[key] = ("account or price not known",)
            continue
        room = room_for(key, book, snapshot.account, terms)
        if room.notional_usdt <= 0:
            refused[key] = room.reasons
            continue
        size = entry_quantity(one.pair, room.notional_usdt, spot.ask, terms.fees.spot_taker)
        if size.quantity <= 0:
            refused[key] = (size.reason,)
            continue
        notional = size.quantity * spot.ask
        entering.append(EntryGrant(key, size.quantity, notional))
        cost = entry_cost(notional, terms.leverage, terms.fees)
        book = book.with_entry(key, notional, cost)
    return tuple(entering), refused
