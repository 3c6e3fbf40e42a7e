"""May a pair be opened now? Every reason against it, before the first order of either leg."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from actors.domain.account import AccountState
from actors.domain.exact import ZERO
from actors.domain.instruments import Instrument, Pair
from actors.domain.market import Depth
from actors.domain.orders import Leg, Side
from actors.domain.positions import EntryDecision
from actors.domain.sizing import below_minimum, grossed_up, slippage_bp
from actors.domain.terms import Terms


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is to be opened."""

    pair: Pair
    quantity: Decimal
    """Base coins per leg."""
    entry: EntryDecision
    terms: Terms

    @property
    def spot_quantity(self) -> Decimal:
        """What the spot order asks for: grossed up for its fee in base coins."""
        return grossed_up(self.quantity, self.terms.fees.spot_taker, self.pair.long.lot_step)

    @property
    def needed_usdt(self) -> Decimal:
        """What both legs take from the available balance: the coins, the margin, the fees."""
        spot = self.spot_quantity * self.entry.spot_price
        perp = self.quantity * self.entry.perp_price
        fees = self.terms.fees
        return spot + perp / self.terms.leverage + spot * fees.spot_taker + perp * fees.perp_taker


def precheck(
    candidate: Candidate,
    account: AccountState,
    depths: tuple[Depth, ...],
    reserved_usdt: Decimal,
    now: datetime,
    depth_age: timedelta,
) -> tuple[str, ...]:
    """Why not to open, in words; empty if nothing speaks against it.

    ``reserved_usdt`` is what other openings under way will still take from the account.
    ``depth_age`` is how old a book may be.
    """
    if lots := _lot_reasons(candidate):
        return lots  # the rest assumes a sane quantity
    return (
        *_money_reasons(candidate, account, reserved_usdt),
        *_holding_reasons(candidate, account),
        *_book_reasons(candidate, depths, now - depth_age),
    )


def _lot_reasons(candidate: Candidate) -> tuple[str, ...]:
    pair, quantity, entry = candidate.pair, candidate.quantity, candidate.entry
    if quantity <= 0 or quantity % pair.step != 0:
        return (f"{quantity} is no positive multiple of the pair's step {pair.step}",)
    if entry.spot_price <= 0 or entry.perp_price <= 0:
        return (f"no usable prices: spot {entry.spot_price}, perp {entry.perp_price}",)
    reasons = [
        below_minimum(pair.long, quantity, entry.spot_price),
        below_minimum(pair.short, quantity, entry.perp_price),
        _above_maximum(pair.long, candidate.spot_quantity),
        _above_maximum(pair.short, quantity),
    ]
    return tuple(reason for reason in reasons if reason)


def _above_maximum(instrument: Instrument, quantity: Decimal) -> str:
    limit = instrument.max_market_quantity
    if limit is None or quantity <= limit:
        return ""
    return f"{instrument.symbol}: {quantity} is above the largest market order of {limit}"


def _money_reasons(
    candidate: Candidate, account: AccountState, reserved_usdt: Decimal
) -> tuple[str, ...]:
    risk, available = candidate.terms.risk, account.available_usdt
    reasons = []
    if account.equity_usdt is None:
        reasons.append("the account's equity is not known")
    kept = risk.min_free_margin_fraction * (account.equity_usdt or ZERO)
    if available is None:
        reasons.append("what the account has available is not known")
    elif candidate.needed_usdt > (free := available - reserved_usdt - kept):
        reasons.append(
            f"needs {candidate.needed_usdt:.2f} USDT, free are {max(free, ZERO):.2f}"
            f" ({available:.2f} available, {reserved_usdt:.2f} reserved,"
            f" {kept:.2f} kept as free margin)"
        )
    if account.margin_ratio is not None and account.margin_ratio > risk.max_margin_ratio:
        reasons.append(
            f"the margin ratio {account.margin_ratio:.3f} is above {risk.max_margin_ratio}"
        )
    return tuple(reasons)


def _holding_reasons(candidate: Candidate, account: AccountState) -> tuple[str, ...]:
    symbol = candidate.pair.short.symbol
    held = account.perp_of(symbol)
    if held == 0:
        return ()
    return (f"the venue holds {held} of {symbol} already, which is not ours",)


def _book_reasons(
    candidate: Candidate, depths: tuple[Depth, ...], oldest: datetime
) -> tuple[str, ...]:
    entry = candidate.entry
    reasons = []
    for leg, instrument, side, quantity, price in (
        (Leg.SPOT, candidate.pair.long, Side.BUY, candidate.spot_quantity, entry.spot_price),
        (Leg.PERP, candidate.pair.short, Side.SELL, candidate.quantity, entry.perp_price),
    ):
        depth = next((one for one in depths if one.symbol == instrument.symbol), None)
        if depth is None:
            reasons.append(f"no order book of {instrument.symbol}")
            continue
        if depth.as_of < oldest:
            reasons.append(f"the order book of {instrument.symbol} is of {depth.as_of:%H:%M:%S}")
        cost = slippage_bp(depth, side, quantity, price)
        if cost is None:
            reasons.append(f"the {leg} book does not hold {quantity} {instrument.base}")
        elif cost > candidate.terms.risk.max_slippage_bp:
            reasons.append(
                f"the {leg} leg would slip {cost:.1f} bp, more than"
                f" {candidate.terms.risk.max_slippage_bp}"
            )
    return tuple(reasons)
