"""What the paper exchange charges and demands."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from actors.domain.terms import FeeRates


@dataclass(frozen=True, slots=True)
class PaperRules:
    """The terms of one paper account. Raises ValueError for terms no exchange could have."""

    starting_balance: Decimal = Decimal("10000")
    """In quote coins, paid in once, when the account is opened."""
    quote: str = "USDT"
    spot_taker: Decimal = Decimal("0.001")
    """Fraction of the quantity on a buy (taken in base coins), of the proceeds on a sale."""
    perp_taker: Decimal = Decimal("0.00055")
    """Fraction of the notional, taken in quote coins."""
    spot_fee_in_base: bool = True
    """False for a venue that takes the fee of a spot buy in quote coins too."""
    leverage: Decimal = Decimal("2")
    """Initial margin = notional at mark / leverage."""
    maintenance_rate: Decimal = Decimal("0.005")
    """Maintenance margin as a fraction of the notional at mark."""
    liquidation_fee: Decimal = Decimal("0.005")
    """Fraction of the notional, on top of the taker fee."""
    default_haircut: Decimal = Decimal("0.10")
    """Part of a coin's value that does not count as collateral; quote coins count in full."""
    haircuts: tuple[tuple[str, Decimal], ...] = ()
    """Other haircuts for single coins: (coin, fraction)."""
    latency: timedelta = timedelta(milliseconds=50)
    """One way: from here to the exchange, and again for the answer to an order."""
    latency_jitter: float = 0.0
    """Largest part by which a way takes longer; drawn from what is sent."""

    def __post_init__(self) -> None:
        fees = {"spot_taker": self.spot_taker, "perp_taker": self.perp_taker}
        fractions = {
            "maintenance_rate": self.maintenance_rate,
            "liquidation_fee": self.liquidation_fee,
            "default_haircut": self.default_haircut,
            **{f"the haircut of {coin}": haircut for coin, haircut in self.haircuts},
        }
        for name, fee in fees.items():  # below zero is a rebate
            if not (fee.is_finite() and abs(fee) < 1):
                raise ValueError(f"{name} has to be a fraction below 1, not {fee}")
        for name, fraction in fractions.items():
            if not (fraction.is_finite() and 0 <= fraction <= 1):
                raise ValueError(f"{name} has to be a fraction from 0 to 1, not {fraction}")
        if not (self.starting_balance.is_finite() and self.starting_balance > 0):
            raise ValueError(f"starting_balance has to be above 0, not {self.starting_balance}")
        if not (self.leverage.is_finite() and self.leverage >= 1):
            raise ValueError(f"leverage has to be 1 or more, not {self.leverage}")
        if self.latency < timedelta() or not 0 <= self.latency_jitter < float("inf"):
            raise ValueError("latency and its jitter have to be 0 or more")

    @property
    def fees(self) -> FeeRates:
        """The account's fee tier, as the port states it."""
        return FeeRates(spot_taker=self.spot_taker, perp_taker=self.perp_taker)

    def collateral_share(self, coin: str) -> Decimal:
        """The fraction of a coin's value that counts as collateral."""
        if coin == self.quote:
            return Decimal(1)
        return 1 - dict(self.haircuts).get(coin, self.default_haircut)
