"""What a paper account is worth, what it has pledged, and where it would be liquidated."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from actors.domain.exact import ZERO, product, total, total_of
from actors.domain.instruments import Instrument
from actors.venues.paper.account import PaperAccount
from actors.venues.paper.rules import PaperRules

Marks = Mapping[str, Decimal]
"""Mark prices by symbol, quote per base coin; what is not known is not in it."""


@dataclass(frozen=True, slots=True)
class Valuation:
    """An account at some mark prices, in quote coins. None = a price is missing."""

    equity: Decimal | None
    """Every coin at mark plus the unrealised result, no haircut."""
    collateral: Decimal | None
    """The same with haircuts: what stands against the maintenance margin."""
    available: Decimal
    """Quote coins free to be spent; 0 while a perpetual's mark is missing."""
    initial_margin: Decimal
    """At the entry price where the mark is missing."""
    maintenance_margin: Decimal

    @property
    def is_liquidated(self) -> bool:
        """Collateral below the maintenance margin; never on an unknown price."""
        return self.collateral is not None and self.collateral < self.maintenance_margin

    @property
    def margin_ratio(self) -> Decimal | None:
        """Maintenance margin / collateral; None without positions or with a price missing."""
        if self.maintenance_margin == 0 or self.collateral is None or self.collateral <= 0:
            return None
        return self.maintenance_margin / self.collateral


def value(account: PaperAccount, marks: Marks, rules: PaperRules) -> Valuation:
    """The account at these marks.

    Available is the quote balance less the initial margin and less unrealised losses. Gains not
    realised and coins not sold buy nothing, so no spot purchase can eat the margin.
    """
    notional = total_of(
        abs(product(held.quantity, marks[symbol]) if symbol in marks else held.cost)
        for symbol, held in account.perps.items()
    )
    initial = notional / rules.leverage
    maintenance = product(notional, rules.maintenance_rate)
    unrealised = _unrealised(account, marks)
    if unrealised is None:
        return Valuation(None, None, ZERO, initial, maintenance)
    cash = account.balance(rules.quote)
    available = max(ZERO, total(cash, min(ZERO, unrealised), -initial))
    coins = _coins(account, marks, rules)
    if coins is None:
        return Valuation(None, None, available, initial, maintenance)
    pledged = (product(worth, rules.collateral_share(coin)) for coin, worth in coins.items())
    return Valuation(
        equity=total(cash, unrealised, *coins.values()),
        collateral=total(cash, unrealised, *pledged),
        available=available,
        initial_margin=initial,
        maintenance_margin=maintenance,
    )


def liquidation_price(
    account: PaperAccount,
    valuation: Valuation,
    instrument: Instrument,
    marks: Marks,
    rules: PaperRules,
) -> Decimal | None:
    """The price at which this perpetual alone would bring the account to liquidation.

    An estimate, to the tick. ``valuation`` is the account's at these marks. The coin's spot price
    is taken to move along, every other price to stay. None where no price above zero does it, or
    where a price is missing.
    """
    mark = marks.get(instrument.symbol)
    if valuation.collateral is None or mark is None:
        return None
    held = account.perp(instrument.symbol).quantity
    spot_share = account.balance(instrument.base) * rules.collateral_share(instrument.base)
    spot_mark = marks.get(f"{instrument.base}/{rules.quote}", ZERO)
    # Collateral and maintenance margin are linear in the price: solve for where they meet.
    cushion = valuation.collateral - valuation.maintenance_margin
    slope = held - abs(held) * rules.maintenance_rate + spot_share * spot_mark / mark
    if slope == 0:
        return None
    tick = instrument.tick_size
    price = ((mark - cushion / slope) / tick).to_integral_value() * tick
    return price if price > 0 else None


def _unrealised(account: PaperAccount, marks: Marks) -> Decimal | None:
    """Of all perpetuals; None where a mark is missing."""
    if any(symbol not in marks for symbol in account.perps):
        return None
    return total_of(held.unrealised(marks[symbol]) for symbol, held in account.perps.items())


def _coins(account: PaperAccount, marks: Marks, rules: PaperRules) -> dict[str, Decimal] | None:
    """What each coin but the quote coin is worth; None where a price is missing."""
    worth = {}
    for coin, amount in account.balances.items():
        if coin != rules.quote and amount != 0:
            price = marks.get(f"{coin}/{rules.quote}")
            if price is None:
                return None
            worth[coin] = product(amount, price)
    return worth
