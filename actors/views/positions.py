"""The positions page: what is held, what it earned, what it waits for."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from actors.domain.account import AccountState
from actors.domain.costs import ClosingCost, closing_cost, summed_costs
from actors.domain.exact import ZERO, difference, product
from actors.domain.funding import FundingRate, payment_usdt
from actors.domain.market import PairMarket
from actors.domain.positions import Position
from actors.domain.results import OpenPositionPnl
from actors.domain.risk import liquidation_distance
from actors.domain.terms import FeeRates
from actors.execution.messages import PairStatus
from actors.views.messages import ClosingAll, Positions, PositionView
from actors.views.model import ReadModel

NO_CYCLE = "no cycle has ended yet"
NO_LEDGER = "the ledger has not told of it yet"
NO_PRICE = "the market has no price of it now"


def positions(model: ReadModel, now: datetime) -> Positions:
    """In order of the pair keys; without the pairs that merely cool down."""
    statuses = (model.pairs[key] for key in sorted(model.pairs))
    views = (position_view(model, status, now) for status in statuses)
    return Positions(now, tuple(view for view in views if view is not None))


def position_view(model: ReadModel, status: PairStatus, now: datetime) -> PositionView | None:
    """None where nothing is held."""
    position = status.position
    if position is None:
        return None
    report = model.report
    result = model.open_pnl.get(position.id)
    market = model.markets.get(status.pair_key)
    fees = None if report is None else report.terms.fees
    funding = None if market is None else market.funding
    reasons = _Reasons()
    liquidation_price, distance = _liquidation(
        position, None if report is None else report.snapshot.account, reasons
    )
    closing, why = closing_of(position, result, market, fees)
    total = None if result is None else result.total
    if result is None:
        reasons.add(NO_LEDGER, "delta", "funding_usdt", "fees_usdt")
    if total is None:
        missing = NO_LEDGER if result is None else "; ".join(result.missing)
        reasons.add(missing, "price_unrealised_usdt", "price_usdt", "net_usdt")
    view = PositionView(
        pair_key=status.pair_key,
        state=status.state,
        position=position,
        pnl=result,
        next_settlement=None if funding is None else funding.next_settlement,
        expected_funding_usdt=expected_funding_usdt(result, market, funding),
        break_even_progress=break_even_progress(result, fees),
        age=now - (position.opened_at or position.created_at),
        problem=status.problem,
        basis_entry_bp=(
            None if result is None else basis_bp(result.entry_spot_price, result.entry_perp_price)
        ),
        basis_now_bp=_basis_now_bp(market),
        delta=None if result is None else result.delta,
        notional_now_usdt=_notional_now(result),
        liquidation_price=liquidation_price,
        liquidation_distance=distance,
        closing=closing,
        price_unrealised_usdt=(
            None
            if result is None or total is None
            else difference(total.price, result.realised.price)
        ),
        price_usdt=None if total is None else total.price,
        funding_usdt=None if result is None else result.realised.funding,
        fees_usdt=None if result is None else result.realised.fees,
        net_usdt=None if total is None else total.net,
    )
    no_market = NO_CYCLE if report is None else NO_PRICE
    no_rate = no_market if market is None else "the venue predicts no rate"
    for name, reason in (
        ("next_settlement", no_rate),
        ("expected_funding_usdt", NO_LEDGER if result is None else no_rate),
        ("break_even_progress", NO_LEDGER if result is None else "a mark price is missing"),
        ("basis_entry_bp", NO_LEDGER if result is None else "a leg was never filled"),
        ("basis_now_bp", no_market),
        ("notional_now_usdt", NO_LEDGER if result is None else NO_PRICE),
        ("closing", why),
    ):
        if getattr(view, name) is None:
            reasons.add(reason, name)
    return reasons.put_into(view)


def closing_all(model: ReadModel) -> ClosingAll | None:
    """What a stop of the bot would cost; None until execution and the ledger have spoken."""
    held = [
        (status.pair_key, status.position)
        for status in model.pairs.values()
        if status.position is not None
    ]
    if model.valued_at is None:
        return None
    fees = None if model.report is None else model.report.terms.fees
    costs, unknown = [], []
    for key, position in sorted(held, key=lambda one: one[0]):
        cost, why = closing_of(
            position, model.open_pnl.get(position.id), model.markets.get(key), fees
        )
        if cost is None:
            unknown.append((key, why))
        else:
            costs.append(cost)
    return ClosingAll(len(held), None if unknown else summed_costs(costs), tuple(unknown))


def closing_of(
    position: Position,
    pnl: OpenPositionPnl | None,
    market: PairMarket | None,
    fees: FeeRates | None,
) -> tuple[ClosingCost | None, str]:
    """What closing now would cost, or why that is not known."""
    if pnl is None:
        return (summed_costs(()), "") if not position.fills else (None, NO_LEDGER)
    if market is None or fees is None:
        return None, NO_CYCLE if fees is None else NO_PRICE
    cost = closing_cost(market, fees, pnl.spot_quantity, pnl.perp_quantity)
    return cost, "" if cost is not None else "a bid or an ask is missing"


def expected_funding_usdt(
    pnl: OpenPositionPnl | None, market: PairMarket | None, funding: FundingRate | None
) -> Decimal | None:
    """Of the next settlement, by the predicted rate and the mark price; positive = received."""
    if pnl is None or market is None or funding is None or market.perp is None:
        return None
    mark = market.perp.mark if market.perp.mark is not None else pnl.mark_perp_price
    if mark is None or funding.predicted_rate is None:
        return None
    return payment_usdt(-pnl.perp_quantity, mark, funding.predicted_rate)


def break_even_progress(pnl: OpenPositionPnl | None, fees: FeeRates | None) -> Decimal | None:
    """Funding collected / (fees paid so far + fees expected at the exit); None where unknown."""
    if pnl is None or fees is None:
        return None
    if pnl.mark_spot_price is None or pnl.mark_perp_price is None:
        return None
    exit_fees = (
        abs(pnl.spot_quantity) * pnl.mark_spot_price * fees.spot_taker
        + abs(pnl.perp_quantity) * pnl.mark_perp_price * fees.perp_taker
    )
    to_be_earned = exit_fees - pnl.realised.fees
    return None if to_be_earned <= 0 else pnl.realised.funding / to_be_earned


def basis_bp(spot_price: Decimal | None, perp_price: Decimal | None) -> Decimal | None:
    """perp / spot - 1, in bp; None where one is unknown."""
    if spot_price is None or perp_price is None or spot_price <= 0:
        return None
    return (perp_price / spot_price - 1) * 10_000


def _basis_now_bp(market: PairMarket | None) -> Decimal | None:
    if market is None or market.spot is None or market.perp is None:
        return None
    return basis_bp(market.spot.mid, market.perp.mid)


def _notional_now(pnl: OpenPositionPnl | None) -> Decimal | None:
    if pnl is None or pnl.mark_spot_price is None:
        return None
    return product(pnl.spot_quantity, pnl.mark_spot_price)


def _liquidation(
    position: Position, account: AccountState | None, reasons: "_Reasons"
) -> tuple[Decimal | None, Decimal | None]:
    symbol = position.pair.short.symbol
    names = ("liquidation_price", "liquidation_distance")
    if account is None:
        reasons.add("the venue has not stated the account", *names)
        return None, None
    holding = next((one for one in account.perps if one.symbol == symbol), None)
    if holding is None or holding.quantity == ZERO:
        reasons.add("the venue states no short", *names)
        return None, None
    distance = liquidation_distance(holding)
    if holding.liquidation_price is None:
        reasons.add("the venue states no liquidation price", *names)
    elif distance is None:
        reasons.add("the venue states no mark price", "liquidation_distance")
    return holding.liquidation_price, distance


class _Reasons:
    """Why figures are unknown, by their names."""

    def __init__(self) -> None:
        self._found: dict[str, str] = {}

    def add(self, reason: str, *names: str) -> None:
        self._found |= dict.fromkeys(names, reason)

    def put_into(self, view: PositionView) -> PositionView:
        return replace(view, unknown=tuple(self._found.items()))
