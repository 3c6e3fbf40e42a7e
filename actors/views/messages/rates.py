"""Funding rates of all pairs, now and looking back."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from actors.domain.decisions import Stage
from actors.domain.periods import Unknown
from actors.domain.settled_rates import SettledRate
from actors.domain.signals import Trend
from actors.domain.terms import PolicyName


class ActionLabel(StrEnum):
    """What the bot does with a pair: its policy's verdict, and what became of it."""

    ENTER = "enter"
    HOLD = "hold"
    EXIT = "exit"
    STAY_OUT = "stay out"
    BLOCKED = "blocked"
    """The policy would enter; limits, guards or the bot's state do not let it."""


@dataclass(frozen=True, slots=True)
class GetFundingRates: ...


@dataclass(frozen=True, slots=True)
class FundingRateView:
    """One pair. Fractions and bp are of one leg's notional; what a page need not know exactly is
    rounded: bp to 0.0001, statistics to ten digits after the point.
    """

    pair_key: str
    symbol: str
    rate: Decimal | None
    """Predicted for the next settlement, per interval."""
    interval_hours: int | None
    rate_8h: Decimal | None
    apr: Decimal | None
    """Simple, from the current rate alone; a fraction."""
    next_settlement: datetime | None
    last_settled_rate_8h: Decimal | None
    mean_8h: float | None
    """Slow average of the pair's own history."""
    spot_spread_bp: Decimal | None
    perp_spread_bp: Decimal | None
    basis_bp: Decimal | None
    volume_24h_usdt: Decimal | None
    """Of the thinner leg."""
    as_of: datetime | None
    missing: tuple[str, ...] = ()
    base: str = ""
    spot_price: Decimal | None = None
    """The middle of bid and ask."""
    mark_price: Decimal | None = None
    """Of the perpetual."""
    rate_cap: Decimal | None = None
    """The most that one print can be, per interval."""
    rate_floor: Decimal | None = None
    at_limit: bool | None = None
    """Whether the predicted rate is at its cap or floor."""
    touch_entry_usdt: Decimal | None = None
    """What both legs' best prices take on the way in: spot's ask and the perpetual's bid."""
    touch_exit_usdt: Decimal | None = None
    """The same on the way out: spot's bid and the perpetual's ask."""
    round_trip: Decimal | None = None
    """Cost of entering and leaving both legs, a fraction."""
    round_trip_bp: Decimal | None = None
    expected_8h: Decimal | None = None
    """Mean rate per 8 hours that the pair's own history lets expect over the horizon."""
    break_even_hours: Decimal | None = None
    """Until funding at the expected rate has paid the round trip."""
    break_even_settlements: int | None = None
    """The same in settlements at the present interval."""
    expected_net_bp: Decimal | None = None
    """Expected funding over the horizon less the full round trip."""
    expected_net_per_1000_usdt: Decimal | None = None
    expected_net_apr: Decimal | None = None
    """The same as a simple fraction a year."""
    percentile: float | None = None
    """Share of the hours of its own history in which the rate per 8 hours was below the present
    one, 0 to 1; hours at just this rate count half.
    """
    history_prints: int = 0
    """Settled prints that the percentile stands on."""
    trend_8h: float | None = None
    """Fast mean less slow mean of the settled rate, per 8 hours."""
    trend: Trend | None = None
    action: ActionLabel | None = None
    """None where no verdict was given."""
    score: Decimal | None = None
    """By which the pairs are ranked: expected net over the horizon, a fraction."""
    rank: int | None = None
    """1 = best."""
    fell_at: Stage | None = None
    """The stage of the funnel that it did not pass; None where it is held or was let in."""
    reason: str = ""
    """Why: the one that decided. All of them are among the opportunities."""
    held: bool = False
    """A position stands, or is on its way in or out."""
    unknown: Unknown = ()
    """Figure to reason, for those that are null."""


@dataclass(frozen=True, slots=True)
class FundingRates:
    at: datetime | None
    rates: tuple[FundingRateView, ...]
    cycle: int | None = None
    policy: PolicyName | None = None
    horizon_hours: Decimal | None = None
    """Over which funding is expected."""
    unknown: Unknown = ()
    """Figure to reason, for those that no pair has."""


@dataclass(frozen=True, slots=True)
class GetRateHistory:
    """Mean settled rates in buckets of time, for a heatmap.

    Of the ``pairs`` named, else of the first ``limit``: by the current rate per 8 hours or by
    liquidity, the highest first. ``since``: 30 days before the newest snapshot, if left out.
    """

    pairs: tuple[str, ...] = ()
    by: Literal["rate", "liquidity"] = "rate"
    limit: int = 30
    since: datetime | None = None
    buckets: int = 90
    """At most."""


@dataclass(frozen=True, slots=True)
class PairRateHistory:
    pair_key: str
    prints: int
    """Settled within the time shown."""
    means_8h: tuple[float | None, ...]
    """Per bucket, all that was paid over the hours it was paid for; None without a print."""


@dataclass(frozen=True, slots=True)
class RateHistory:
    """A bucket is after its ``start`` up to and including the end: a print at the end pays for the
    time before. Buckets lie on full hours, from 8 hours on the settlements of 8 hours.
    """

    at: datetime | None
    """None before the first snapshot."""
    bucket_hours: int
    starts: tuple[datetime, ...]
    pairs: tuple[PairRateHistory, ...]


@dataclass(frozen=True, slots=True)
class GetRatePrints:
    """What one pair's perpetual settled. Refused with ``no_such_pair``."""

    pair_key: str
    since: datetime | None = None
    limit: int = 500


@dataclass(frozen=True, slots=True)
class RatePrints:
    pair_key: str
    symbol: str
    at: datetime
    total: int
    """From ``since`` on."""
    prints: tuple[SettledRate, ...]
    """Newest first."""
