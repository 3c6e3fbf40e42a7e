"""The terms that decisions are made on: settings with the runtime overlay, as plain values."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from math import isfinite


class PolicyName(StrEnum):
    CARRY = "carry"
    THRESHOLD = "threshold"


ORDERS = 4
"""In a round trip: spot and perpetual, in and out."""


@dataclass(frozen=True)  # without slots: they leave no room for what is worked out once
class FeeRates:
    """Fractions of notional a taker pays; a venue's own answer replaces these where it has one."""

    spot_taker: Decimal = Decimal("0.001")
    perp_taker: Decimal = Decimal("0.00055")
    slippage_bp: Decimal = Decimal("2")
    """Assumed per order beyond half the spread, where depth is not known yet."""

    @cached_property
    def round_trip(self) -> Decimal:
        """What the fees of a round trip come to, as a fraction of one leg's notional."""
        return 2 * (self.spot_taker + self.perp_taker)

    @cached_property
    def round_trip_slippage(self) -> Decimal:
        """The same of the slippage."""
        return ORDERS * self.slippage_bp / 10_000


@dataclass(frozen=True, slots=True)
class CarryTerms:
    fast_half_life_hours: float = 72.0
    slow_half_life_hours: float = 504.0
    horizon_hours: float = 720.0
    """How far ahead the expected funding is counted."""
    reversion_half_life_hours: float = 240.0
    """How fast the fast mean is expected to return to the slow one."""
    min_history_hours: float = 336.0
    entry_margin_round_trips: float = 0.5
    """Enter when expected funding exceeds the round trip by this many round trips."""
    exit_margin_round_trips: float = 0.5
    """Leave when expected funding over the horizon falls below minus this many round trips."""
    min_hold_hours: float = 72.0
    rotation_margin_round_trips: float = 1.0
    """A better pair replaces a held one only if it gains this much beyond both round trips."""

    def __post_init__(self) -> None:
        spans = (
            self.fast_half_life_hours,
            self.slow_half_life_hours,
            self.horizon_hours,
            self.reversion_half_life_hours,
        )
        if not all(isfinite(span) and span > 0 for span in spans):
            raise ValueError("half-lives and horizon must be positive hours")
        if not 1 + self.entry_margin_round_trips > -self.exit_margin_round_trips:
            raise ValueError("a pair must be entered above the level at which it is left")


@dataclass(frozen=True, slots=True)
class ThresholdTerms:
    min_funding_rate_8h: Decimal = Decimal("0.0003")
    exit_funding_rate_8h: Decimal = Decimal("0.0001")
    min_hold_settlements: int = 3

    def __post_init__(self) -> None:
        if not self.min_funding_rate_8h > self.exit_funding_rate_8h:
            raise ValueError(
                f"the minimum funding rate ({self.min_funding_rate_8h} / 8h) must be above the "
                f"exit rate ({self.exit_funding_rate_8h} / 8h)"
            )


@dataclass(frozen=True, slots=True)
class RiskTerms:
    max_total_exposure_usdt: Decimal = Decimal("100000")
    """Sum of the notionals of one leg over all positions."""
    min_free_margin_fraction: Decimal = Decimal("0.10")
    """Share of equity that stays available after an entry."""
    max_margin_ratio: Decimal = Decimal("0.5")
    """Above it nothing is entered; at 1 a venue liquidates."""
    min_liquidation_distance: Decimal = Decimal("0.15")
    """Fraction the price may still rise before a short is liquidated."""
    max_daily_loss_fraction: Decimal = Decimal("0.03")
    max_drawdown_fraction: Decimal = Decimal("0.10")
    max_quote_age: timedelta = timedelta(minutes=2)
    max_spread_bp: Decimal = Decimal("20")
    max_slippage_bp: Decimal = Decimal("15")
    """Largest slippage against the decision price that a leg may be expected to pay."""
    max_basis_bp: Decimal = Decimal("150")
    """Entries only while |perp/spot - 1| is below this."""
    max_depeg_bp: Decimal = Decimal("100")
    failed_open_cooldown: timedelta = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Terms:
    """One version of everything a cycle decides on; constant within the cycle."""

    version: int = 0
    policy: PolicyName = PolicyName.CARRY
    scan_interval: timedelta = timedelta(hours=1)
    max_position_size_usdt: Decimal = Decimal("10000")
    """Notional of one leg of one position."""
    max_position_size_per_pair: tuple[tuple[str, Decimal], ...] = ()
    """Smaller caps for single pairs: (pair key, USDT)."""
    max_simultaneous_positions: int = 5
    min_volume_24h_usdt: Decimal = Decimal("5000000")
    """Of the thinner leg."""
    allow_pairs: tuple[str, ...] = ()
    """Only these, where any is named."""
    deny_pairs: tuple[str, ...] = ()
    leverage: Decimal = Decimal("2")
    """Of the perpetual leg: initial margin = notional / leverage."""
    fees: FeeRates = FeeRates()
    carry: CarryTerms = CarryTerms()
    threshold: ThresholdTerms = ThresholdTerms()
    risk: RiskTerms = RiskTerms()
