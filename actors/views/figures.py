"""Each figure of the analytics with its name, its unit and what it means."""

from dataclasses import dataclass

from actors.domain.results import Analytics, Figure
from actors.views.messages import FigureView

POINTS, PERIODS, TRADES = "equity points", "periods", "trades"


@dataclass(frozen=True, slots=True)
class _Text:
    name: str
    unit: str
    samples_of: str
    is_better: str
    meaning: str


_TEXTS: dict[str, _Text] = {
    "total_return": _Text(
        "Return",
        "fraction",
        POINTS,
        "higher",
        "What the equity gained since its first point, as a share of it.",
    ),
    "apr": _Text(
        "Yield a year",
        "fraction",
        POINTS,
        "higher",
        "The return so far stretched to a year of 365 days, without compounding.",
    ),
    "sharpe": _Text(
        "Sharpe ratio",
        "ratio",
        PERIODS,
        "higher",
        "Mean return of a period over the spread of these returns, annualised, no risk-free rate.",
    ),
    "sortino": _Text(
        "Sortino ratio",
        "ratio",
        PERIODS,
        "higher",
        "As Sharpe, but only losing periods count as spread.",
    ),
    "max_drawdown": _Text(
        "Deepest drawdown",
        "fraction",
        POINTS,
        "lower",
        "The largest fall of the equity from a peak, as a share of that peak.",
    ),
    "max_drawdown_hours": _Text(
        "Time under water",
        "hours",
        POINTS,
        "lower",
        "How long the deepest drawdown lasted, from its peak until that was reached again, or now.",
    ),
    "win_rate": _Text(
        "Winning trades",
        "fraction",
        TRADES,
        "higher",
        "Share of the closed trades with a net result above 0.",
    ),
    "profit_factor": _Text(
        "Profit factor",
        "ratio",
        TRADES,
        "higher",
        "All winning trades together over all losing trades together; below 1 the trades lost.",
    ),
    "expectancy_usdt": _Text(
        "Mean trade",
        "usdt",
        TRADES,
        "higher",
        "Mean net result of a closed trade.",
    ),
    "average_win_usdt": _Text(
        "Mean win", "usdt", TRADES, "higher", "Mean net result of the winning trades."
    ),
    "average_loss_usdt": _Text(
        "Mean loss",
        "usdt",
        TRADES,
        "higher",
        "Mean net result of the losing trades, a negative number.",
    ),
    "longest_losing_run": _Text(
        "Longest losing run",
        "trades",
        TRADES,
        "lower",
        "The most losing trades one after another, by the time of their exits.",
    ),
    "average_holding_hours": _Text(
        "Mean time held", "hours", TRADES, "", "From entry to exit, mean of the closed trades."
    ),
    "median_holding_hours": _Text(
        "Median time held",
        "hours",
        TRADES,
        "",
        "Half of the closed trades were held longer, half shorter.",
    ),
    "best_trades_share": _Text(
        "Share of the best trades",
        "fraction",
        TRADES,
        "lower",
        "Share of the gross profit that the best tenth of the trades brought: how much rests on"
        " few.",
    ),
}


def figures(analytics: Analytics) -> tuple[FigureView, ...]:
    """All of them, n/a ones with their reason."""
    found = []
    for key, text in _TEXTS.items():
        figure: Figure = getattr(analytics, key)
        found.append(
            FigureView(
                key=key,
                name=text.name,
                value=figure.value,
                unit=text.unit,
                meaning=text.meaning,
                samples=figure.samples,
                samples_of=text.samples_of,
                reason=figure.reason,
                is_better=text.is_better,
            )
        )
    return tuple(found)
