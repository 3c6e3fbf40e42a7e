"""What must hold between settings, beyond the bounds of each."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from actors.config.problems import Problem
from actors.config.sections.surroundings import is_every_address, is_loopback
from actors.config.sections.trading import Mode
from actors.config.texts import text_of

if TYPE_CHECKING:
    from actors.config.settings import Settings


LONGEST_LATENCY = timedelta(seconds=4)
"""At the market's own pace, and at full speed. There and back, an answer is awaited for 10 s."""


def conflicts(settings: Settings) -> list[Problem]:
    """Every pair of settings that cannot be meant together; empty when all is well."""
    return [
        *_trading(settings),
        *_signal(settings),
        *_surroundings(settings),
        *_dashboard(settings),
    ]


def _trading(settings: Settings) -> list[Problem]:
    trading, risk = settings.trading, settings.risk
    found = []
    if trading.mode is Mode.LIVE:
        found.append(
            Problem("real money is not traded by this version; use paper or replay", "trading.mode")
        )
    if trading.exit_funding_rate >= trading.min_funding_rate:
        found.append(
            Problem(
                f"{text_of(trading.exit_funding_rate)} must be below trading.min_funding_rate "
                f"({text_of(trading.min_funding_rate)}), or positions are left as soon as entered",
                "trading.exit_funding_rate",
                other_key="trading.min_funding_rate",
            )
        )
    if trading.max_position_size_usd > risk.max_total_exposure_usd:
        found.append(
            Problem(
                f"{text_of(trading.max_position_size_usd)} USDT exceeds "
                f"risk.max_total_exposure_usd ({text_of(risk.max_total_exposure_usd)})",
                "trading.max_position_size_usd",
                other_key="risk.max_total_exposure_usd",
            )
        )
    both = sorted(set(trading.allow_pairs) & set(trading.deny_pairs))
    if both:
        found.append(
            Problem(
                f"{', '.join(both)} cannot be allowed and denied; take it out of one list",
                "trading.deny_pairs",
                other_key="trading.allow_pairs",
            )
        )
    if risk.max_daily_loss_fraction > risk.max_drawdown_fraction:
        found.append(
            Problem(
                f"{text_of(risk.max_daily_loss_fraction)} must not exceed "
                f"risk.max_drawdown_fraction ({text_of(risk.max_drawdown_fraction)})",
                "risk.max_daily_loss_fraction",
                other_key="risk.max_drawdown_fraction",
            )
        )
    return found


def _signal(settings: Settings) -> list[Problem]:
    signal = settings.signal
    found = []
    if signal.fast_half_life >= signal.slow_half_life:
        found.append(
            Problem(
                f"{text_of(signal.fast_half_life)} must be shorter than signal.slow_half_life "
                f"({text_of(signal.slow_half_life)})",
                "signal.fast_half_life",
                other_key="signal.slow_half_life",
            )
        )
    if signal.entry_margin_round_trips + signal.exit_margin_round_trips == 0:
        found.append(
            Problem(
                "0 with signal.exit_margin_round_trips 0 leaves no room between entering and "
                "leaving; raise one of them",
                "signal.entry_margin_round_trips",
                other_key="signal.exit_margin_round_trips",
            )
        )
    return found


def _longest_latency(settings: Settings) -> timedelta:
    """What still leaves an order time to go and its answer to come back before it is given up.

    In the market's time; where a replay hurries, so much more patience is had.
    """
    speed = settings.historical.speed
    haste = speed if settings.trading.mode is Mode.REPLAY and isinstance(speed, Decimal) else 1
    return LONGEST_LATENCY * float(haste)


def _surroundings(settings: Settings) -> list[Problem]:
    exchange, replay, paper = settings.exchange, settings.historical, settings.paper
    found = []
    if paper.latency > (longest := _longest_latency(settings)):
        found.append(
            Problem(
                f"{text_of(paper.latency)} is longer than anybody waits for an answer at "
                f"historical.speed {text_of(replay.speed)}, so nothing would be traded; at most "
                f"{text_of(longest)}",
                "paper.latency",
                other_key="historical.speed",
            )
        )
    if replay.from_ is not None and replay.until is not None and replay.from_ >= replay.until:
        found.append(
            Problem(
                f"{text_of(replay.until)} must be later than historical.from "
                f"({text_of(replay.from_)})",
                "historical.until",
                other_key="historical.from",
            )
        )
    if (exchange.api_key is None) != (exchange.api_secret is None):
        missing = "api_key" if exchange.api_key is None else "api_secret"
        found.append(Problem("is missing beside its other half", f"exchange.{missing}"))
    return found


def _dashboard(settings: Settings) -> list[Problem]:
    page = settings.dashboard
    found = []
    has_password = any(
        one is not None for one in (page.password, page.viewer_password, page.access_file)
    )
    if page.enabled and not has_password and not is_loopback(page.host):
        found.append(
            Problem(
                f"{page.host} would open the dashboard to other machines, which needs a password "
                "(perpcarry new-password makes one)",
                "dashboard.host",
                other_key="dashboard.password",
            )
        )
    if page.enabled and is_every_address(page.host) and not (page.allowed_hosts or page.public_url):
        found.append(
            Problem(
                f"is needed with dashboard.host {page.host}: the names by which browsers reach it",
                "dashboard.allowed_hosts",
                other_key="dashboard.host",
            )
        )
    if page.tokens is not None and not has_password:
        found.append(
            Problem(
                "protect nothing as long as no password is set, for then nobody needs a token",
                "dashboard.tokens",
                other_key="dashboard.password",
            )
        )
    if page.session_idle > page.session_lifetime:
        found.append(
            Problem(
                f"{text_of(page.session_idle)} must not exceed dashboard.session_lifetime "
                f"({text_of(page.session_lifetime)})",
                "dashboard.session_idle",
                other_key="dashboard.session_lifetime",
            )
        )
    return found
