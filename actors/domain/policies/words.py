"""Figures in words: no rate without its period, no yield without its horizon."""

from decimal import Decimal
from functools import lru_cache

from actors.domain.policies.outlook import Outlook


def rate(rate_8h: Decimal) -> str:
    return f"{rate_8h:.4%} / 8h"


def predicted(view: Outlook) -> str:
    return f"predicted {rate(view.predicted_8h)} ({view.interval_hours}h symbol)"


def expected(view: Outlook) -> str:
    return (
        f"expected funding {view.expected_funding:.3%} over {_days(view.horizon_hours)} "
        f"({rate(view.expected_8h)})"
    )


def costs(view: Outlook) -> str:
    return f"round trip {view.cost:.3%}"


@lru_cache
def _days(hours: Decimal) -> str:
    return f"{hours / 24:.0f} days" if hours >= 48 else f"{hours:.0f} hours"
