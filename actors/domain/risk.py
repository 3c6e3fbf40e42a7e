"""Limits: what stops entries, how much may still be entered, and what must be left."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from actors.domain.account import AccountState, PerpHolding
from actors.domain.terms import FeeRates, RiskTerms, Terms

ZERO = Decimal(0)
PRICE_ROOM = Decimal("0.01")
"""Kept beside the cost of an entry for prices that move between decision and fill."""
SMALLEST_SHARE = Decimal("0.1")
"""Of the size wanted: a remainder below it would take a place and earn next to nothing."""


@dataclass(frozen=True, slots=True)
class EquityMarks:
    """The equity curve's points that guards compare; None = not known (yet)."""

    now_usdt: Decimal | None = None
    day_start_usdt: Decimal | None = None
    peak_usdt: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Book:
    """What is held or being entered, by notional of one leg in USDT."""

    notionals_usdt: tuple[tuple[str, Decimal], ...] = ()
    """(pair key, notional)."""
    committed_usdt: Decimal = ZERO
    """Quote coins already promised to entries of this cycle."""

    def total(self) -> Decimal:
        return sum((notional for _, notional in self.notionals_usdt), ZERO)

    def of(self, pair_key: str) -> Decimal:
        return sum((notional for key, notional in self.notionals_usdt if key == pair_key), ZERO)

    def count(self) -> int:
        return len({key for key, _ in self.notionals_usdt})

    def with_entry(self, pair_key: str, notional_usdt: Decimal, cost_usdt: Decimal) -> "Book":
        entries = (*self.notionals_usdt, (pair_key, notional_usdt))
        return Book(entries, self.committed_usdt + cost_usdt)


@dataclass(frozen=True, slots=True)
class Room:
    """How much one pair may still be entered with; 0 comes with the reasons."""

    notional_usdt: Decimal
    reasons: tuple[str, ...] = ()


def entry_guards(
    account: AccountState | None,
    marks: EquityMarks,
    risk: RiskTerms,
    at: datetime | None = None,
    quote_usd: Decimal | None = None,
) -> tuple[str, ...]:
    """Everything that stops entries now, in words; empty = nothing does.

    ``at``: the snapshot's time, by which the account's word may be too old. ``quote_usd``: dollars
    per quote coin where a market tells; unknown, the peg is not judged.
    """
    if account is None:
        return ("the account is not known",)
    guards = []
    if at is not None and at - account.at > risk.max_quote_age:
        age, oldest = (span.total_seconds() for span in (at - account.at, risk.max_quote_age))
        guards.append(f"the account's state is {age:,.0f} s old, more than {oldest:,.0f} s")
    if quote_usd is not None and abs(quote_usd - 1) * 10_000 > risk.max_depeg_bp:
        away = (quote_usd - 1) * 10_000
        guards.append(f"the quote coin is {away:+.0f} bp off its peg (limit {risk.max_depeg_bp})")
    if account.equity_usdt is None:
        guards.append("the equity is not known: a price is missing")
    if account.margin_ratio is not None and account.margin_ratio > risk.max_margin_ratio:
        ratio, limit = account.margin_ratio, risk.max_margin_ratio
        guards.append(f"margin ratio {ratio:.1%} is above {limit:.1%}")
    guards += [
        f"{holding.symbol} is {distance:.1%} from liquidation, less than "
        f"{risk.min_liquidation_distance:.1%}"
        for holding in account.perps
        if (distance := liquidation_distance(holding)) is not None
        and distance < risk.min_liquidation_distance
    ]
    for name, start, limit in (
        ("loss of the day", marks.day_start_usdt, risk.max_daily_loss_fraction),
        ("drawdown", marks.peak_usdt, risk.max_drawdown_fraction),
    ):
        lost = _lost(start, account.equity_usdt if marks.now_usdt is None else marks.now_usdt)
        if lost is not None and lost > limit:
            guards.append(f"{name} {lost:.2%} is above {limit:.2%}")
    return tuple(guards)


def entry_cost(notional_usdt: Decimal, leverage: Decimal, fees: FeeRates) -> Decimal:
    """Quote coins an entry takes: the spot with its fee, the perp's margin and fee, some room."""
    return notional_usdt * _cost_factor(leverage, fees)


def room_for(pair_key: str, book: Book, account: AccountState, terms: Terms) -> Room:
    """The largest notional (USDT of one leg) that no limit forbids, before lots and minima."""
    risk = terms.risk
    if book.of(pair_key) > 0:
        return Room(ZERO, ("the pair is held already",))
    if book.count() >= terms.max_simultaneous_positions:
        return Room(ZERO, (f"{book.count()} positions are held, the most allowed",))
    if account.equity_usdt is None:
        return Room(ZERO, ("the equity is not known: a price is missing",))
    if account.available_usdt is None:
        return Room(ZERO, ("what is available is not known",))
    wanted = min(
        [terms.max_position_size_usdt]
        + [cap for key, cap in terms.max_position_size_per_pair if key == pair_key]
    )
    smallest = wanted * SMALLEST_SHARE
    exposure = max(risk.max_total_exposure_usdt - book.total(), ZERO)
    if exposure < smallest:
        limit = risk.max_total_exposure_usdt
        return Room(ZERO, (f"the total exposure has reached its limit of {limit:.2f} USDT",))
    kept = account.equity_usdt * risk.min_free_margin_fraction
    available = account.available_usdt - book.committed_usdt
    affordable = max(available - kept, ZERO) / _cost_factor(terms.leverage, terms.fees)
    if affordable < smallest:
        text = f"{available:.2f} USDT are available, of which {kept:.2f} are kept free"
        return Room(ZERO, (text,))
    return Room(min(wanted, affordable, exposure))


def liquidation_distance(holding: PerpHolding) -> Decimal | None:
    """How far the price may go against the holding, as a fraction of the mark; None = unknown."""
    mark, limit = holding.mark_price, holding.liquidation_price
    if mark is None or limit is None or mark <= 0:
        return None
    away = limit - mark if holding.quantity < 0 else mark - limit
    return away / mark


def endangered(account: AccountState, risk: RiskTerms) -> tuple[tuple[str, str], ...]:
    """Perpetuals to be left now: nearer to liquidation than half the distance asked for at entry.

    (symbol, reason) each.
    """
    limit = risk.min_liquidation_distance / 2
    return tuple(
        (holding.symbol, f"only {distance:.1%} from liquidation (left below {limit:.1%})")
        for holding in account.perps
        if (distance := liquidation_distance(holding)) is not None and distance < limit
    )


def _cost_factor(leverage: Decimal, fees: FeeRates) -> Decimal:
    return 1 + 1 / leverage + fees.spot_taker + fees.perp_taker + PRICE_ROOM


def _lost(start: Decimal | None, now: Decimal | None) -> Decimal | None:
    if start is None or now is None or start <= 0:
        return None
    return (start - now) / start
