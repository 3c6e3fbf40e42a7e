"""One position's life: everything on record of it, put in order of time."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from actors.domain.exact import ZERO, product, total, total_of
from actors.domain.funding import per_8h
from actors.domain.instruments import Market, Pair
from actors.domain.orders import Fill, Leg
from actors.domain.payments import FundingPayment
from actors.domain.pnl import funding_usdt
from actors.domain.position_book import PositionBook, decision_price, fee_usdt, slippage_usdt
from actors.domain.positions import Intent, Position, PositionState
from actors.journal.messages import EventRecorded
from actors.pnl.messages import PositionRecord
from actors.views.messages import (
    LifeFill,
    LifeFunding,
    LifeOrder,
    LifeStep,
    LifeTotals,
    PositionLife,
    PositionView,
)

Happening = Intent | Fill | FundingPayment | EventRecorded | str

INTERVALS = (1, 2, 4, 8)
"""Hours between settlements that venues have."""
_RANK = ("entered", "order", "fill", "opened", "funding", "exit", "closed", "event")
"""What comes first of what happened in the same instant."""


def life(record: PositionRecord, now: PositionView | None) -> PositionLife:
    """``now``: the position as the read model shows it; None where it is closed."""
    position = record.position
    told = _Telling(position, dict(record.coin_prices))
    steps = told.steps(record)
    return PositionLife(
        at=record.at,
        position_id=position.id,
        pair_key=position.pair.key,
        pair=position.pair,
        state=PositionState.FLAT if position.closed_at is not None else position.state,
        goal=position.goal,
        problem="" if now is None else now.problem,
        target_quantity=position.target_quantity,
        created_at=position.created_at,
        opened_at=position.opened_at,
        closed_at=position.closed_at,
        entry=position.entry,
        exit=position.exit,
        steps=steps,
        totals=told.totals(),
        now=now,
        trade=record.trade,
    )


class _Telling:
    """Goes through a life from its beginning and keeps the sums."""

    def __init__(self, position: Position, prices: Mapping[str, Decimal]) -> None:
        self._position = position
        self._prices = prices
        self._book = PositionBook(position.pair)
        self._funding = ZERO

    def steps(self, record: PositionRecord) -> tuple[LifeStep, ...]:
        """Each with the sums as they stood after it."""
        found = sorted(_happenings(record), key=lambda one: (one[0], _RANK.index(one[1])))
        intervals = _intervals(record.payments)
        return tuple(self._step(at, kind, what, intervals) for at, kind, what in found)

    def totals(self) -> LifeTotals:
        book = self._book
        price = total(book.spot_realised, book.perp_realised)
        fees = total(book.spot_fees, book.perp_fees)
        return LifeTotals(
            spot_quantity=book.spot.quantity,
            perp_quantity=book.perp.quantity,
            delta=total(book.spot.quantity, book.perp.quantity),
            price_usdt=price,
            funding_usdt=self._funding,
            fees_usdt=fees,
            net_usdt=total(price, self._funding, fees),
        )

    def _step(
        self, at: datetime, kind: str, what: Happening, intervals: Mapping[str, int]
    ) -> LifeStep:
        match what:
            case Intent():
                return LifeStep(at, kind, what.reason, self.totals(), order=_order(what))
            case Fill():
                decision = decision_price(self._position, what)
                self._book.add(what, decision, self._prices)
                fill = _fill(what, self._position.pair, decision, self._prices)
                return LifeStep(at, kind, "", self.totals(), fill=fill)
            case FundingPayment():
                quote = self._position.pair.short.quote
                amount, _ = funding_usdt((what,), quote, self._prices)
                self._funding = total(self._funding, amount)
                funding = _payment(what, intervals.get(what.payment_id))
                return LifeStep(at, kind, "", self.totals(), funding=funding)
            case str():
                return LifeStep(at, kind, what, self.totals())
            case EventRecorded():
                return LifeStep(at, kind, what.event.text, self.totals(), event=what)


def _happenings(record: PositionRecord) -> Iterable[tuple[datetime, str, Happening]]:
    position = record.position
    yield position.created_at, "entered", "; ".join(position.entry.reasons)
    for intent in position.intents:
        yield intent.intended_at, "order", intent
        for fill in intent.fills:
            yield fill.at, "fill", fill
    for payment in record.payments:
        yield payment.at, "funding", payment
    if position.opened_at is not None:
        yield position.opened_at, "opened", ""
    if position.exit is not None:
        yield position.exit.at, "exit", "; ".join(position.exit.reasons)
    if position.closed_at is not None:
        yield position.closed_at, "closed", ""
    for event in record.events:
        yield event.event.at, "event", event


def _order(intent: Intent) -> LifeOrder:
    return LifeOrder(
        client_id=intent.client_id,
        leg=intent.leg,
        action=intent.action,
        attempt=intent.attempt,
        side=intent.side,
        quantity=intent.quantity,
        filled_quantity=total_of(fill.quantity for fill in intent.fills),
        reduce_only=intent.reduce_only,
        status=intent.status,
        reason=intent.reason,
        resolved_at=intent.resolved_at,
    )


def _fill(
    fill: Fill, pair: Pair, decision: Decimal | None, prices: Mapping[str, Decimal]
) -> LifeFill:
    return LifeFill(
        client_id=fill.client_id,
        fill_id=fill.fill_id,
        leg=Leg.SPOT if fill.market is Market.SPOT else Leg.PERP,
        side=fill.side,
        quantity=fill.quantity,
        price=fill.price,
        value_usdt=product(fill.quantity, fill.price),
        fee=fill.fee,
        fee_coin=fill.fee_coin,
        fee_usdt=fee_usdt(fill, pair, prices),
        slippage_usdt=None if decision is None else slippage_usdt(fill, decision),
    )


def _payment(payment: FundingPayment, interval_hours: int | None) -> LifeFunding:
    quantity, mark, rate = payment.quantity, payment.mark_price, payment.rate
    return LifeFunding(
        rate=rate,
        interval_hours=interval_hours,
        rate_8h=None if rate is None or interval_hours is None else per_8h(rate, interval_hours),
        quantity=quantity,
        mark_price=mark,
        notional_usdt=None if quantity is None or mark is None else product(abs(quantity), mark),
        amount=payment.amount,
        coin=payment.coin,
    )


def _intervals(payments: Sequence[FundingPayment]) -> Mapping[str, int]:
    """By payment: hours since the one before; of the first one until the next.

    A gap that no venue has (a print was missed) tells nothing.
    """
    ordered = sorted(payments, key=lambda one: one.at)
    found = {}
    for place, payment in enumerate(ordered):
        pair = ordered[:2] if place == 0 else ordered[place - 1 : place + 1]
        if len(pair) == 2:
            hours = (pair[1].at - pair[0].at) / timedelta(hours=1)
            if hours in INTERVALS:
                found[payment.payment_id] = int(hours)
    return found
