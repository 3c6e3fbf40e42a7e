"""What must hold before a pair may be entered, whatever the policy. Exits never ask this."""

from decimal import Decimal

from actors.domain.market import PairMarket
from actors.domain.terms import Terms


def obstacles(
    market: PairMarket, spreads_bp: tuple[Decimal, Decimal], terms: Terms
) -> tuple[str, ...]:
    """Why the pair is not tradable well enough to enter, in words; empty when it is.

    ``spreads_bp`` are those of spot and perpetual.
    """
    key = market.pair.key
    found = []
    if key in terms.deny_pairs:
        found.append(f"{key} is on the deny list")
    if terms.allow_pairs and key not in terms.allow_pairs:
        found.append(f"{key} is not on the allow list")
    found += _thin(market, terms)
    found += _wide(spreads_bp, terms.risk.max_spread_bp)
    basis = market.basis_bp
    if basis is not None and abs(basis) > terms.risk.max_basis_bp:
        found.append(f"basis {basis:+.1f} bp is beyond {terms.risk.max_basis_bp} bp")
    return tuple(found)


def _thin(market: PairMarket, terms: Terms) -> list[str]:
    found = []
    for name, ticker in (("spot", market.spot), ("perpetual", market.perp)):
        volume = ticker.volume_24h_usdt if ticker else None
        if volume is None:
            found.append(f"{name} volume of 24h is not known")
        elif volume < terms.min_volume_24h_usdt:
            found.append(
                f"{name} volume {volume:,.0f} USDT / 24h is below {terms.min_volume_24h_usdt:,.0f}"
            )
    return found


def _wide(spreads_bp: tuple[Decimal, Decimal], limit: Decimal) -> list[str]:
    return [
        f"{name} spread {spread:.1f} bp is above {limit} bp"
        for name, spread in zip(("spot", "perpetual"), spreads_bp, strict=True)
        if spread > limit
    ]
