"""Settings as the plain values that decisions are made on."""

from datetime import timedelta

from actors.config.settings import Settings
from actors.domain.terms import CarryTerms, FeeRates, RiskTerms, Terms, ThresholdTerms


def terms_of(settings: Settings, version: int = 0) -> Terms:
    """The terms that ``settings`` (the overlay already in them) amount to."""
    trading = settings.trading
    return Terms(
        version=version,
        policy=trading.policy,
        scan_interval=trading.scan_interval,
        max_position_size_usdt=trading.max_position_size_usd,
        max_position_size_per_pair=tuple(sorted(trading.max_position_size_per_pair.items())),
        max_simultaneous_positions=trading.max_simultaneous_positions,
        min_volume_24h_usdt=trading.min_volume_24h,
        allow_pairs=trading.allow_pairs,
        deny_pairs=trading.deny_pairs,
        leverage=trading.leverage,
        fees=_fees(settings),
        carry=_carry(settings),
        threshold=ThresholdTerms(
            min_funding_rate_8h=trading.min_funding_rate,
            exit_funding_rate_8h=trading.exit_funding_rate,
            min_hold_settlements=trading.min_hold_settlements,
        ),
        risk=_risk(settings),
    )


def _fees(settings: Settings) -> FeeRates:
    fees = settings.fees
    return FeeRates(
        spot_taker=fees.spot_taker, perp_taker=fees.perp_taker, slippage_bp=fees.slippage_bp
    )


def _carry(settings: Settings) -> CarryTerms:
    signal = settings.signal
    return CarryTerms(
        fast_half_life_hours=_hours(signal.fast_half_life),
        slow_half_life_hours=_hours(signal.slow_half_life),
        horizon_hours=_hours(signal.horizon),
        reversion_half_life_hours=_hours(signal.reversion_half_life),
        min_history_hours=_hours(signal.min_history),
        entry_margin_round_trips=signal.entry_margin_round_trips,
        exit_margin_round_trips=signal.exit_margin_round_trips,
        min_hold_hours=_hours(signal.min_hold),
        rotation_margin_round_trips=signal.rotation_margin_round_trips,
    )


def _risk(settings: Settings) -> RiskTerms:
    # The bound on a depeg stays at its default: no venue here tells what the quote coin is worth.
    risk = settings.risk
    return RiskTerms(
        max_total_exposure_usdt=risk.max_total_exposure_usd,
        min_free_margin_fraction=risk.min_free_margin_fraction,
        max_margin_ratio=risk.max_margin_ratio,
        min_liquidation_distance=risk.min_liquidation_distance,
        max_daily_loss_fraction=risk.max_daily_loss_fraction,
        max_drawdown_fraction=risk.max_drawdown_fraction,
        max_quote_age=risk.max_quote_age,
        max_spread_bp=risk.max_spread_bp,
        max_slippage_bp=risk.max_slippage_bp,
        max_basis_bp=risk.max_basis_bp,
        failed_open_cooldown=risk.failed_open_cooldown,
    )


def _hours(span: timedelta) -> float:
    return span / timedelta(hours=1)
