"""Where prices come from and where orders go: the exchange, its recording, the paper account."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator

from actors.config.kinds import (
    Amount,
    Duration,
    FreeForm,
    OptionalPath,
    Secret,
    Section,
    Text,
    Time,
    decimal,
    duration,
    setting,
)


def _exchange_id(value: str) -> str:
    if not (value.isascii() and value.replace("_", "").isalnum() and value == value.lower()):
        raise ValueError("is not an exchange's short name like binance")
    return value


def _speed(value: object) -> object:
    """Its own check, since a union would complain about each of its members."""
    if isinstance(value, str) and value.strip().lower() == "max":
        return "max"
    try:
        speed = Decimal(str(value)) if not isinstance(value, bool) else Decimal("NaN")
    except InvalidOperation:
        speed = Decimal("NaN")
    if not (speed.is_finite() and 1 <= speed <= 1_000_000):
        raise ValueError("is no speed of a replay")
    return speed


Speed = Annotated[Literal["max"] | Decimal, BeforeValidator(_speed)]


def _no_keys(value: Mapping[str, Any]) -> Mapping[str, Any]:
    for name, inner in value.items():
        if re.sub("[^a-z]", "", str(name).lower()) in _KEY_NAMES:
            raise ValueError(f"holds {name}, which belongs to exchange.api_key and api_secret")
        if isinstance(inner, Mapping):
            _no_keys(inner)
    return value


_KEY_NAMES = {"apikey", "secret", "apisecret", "password", "privatekey", "token"}


class Exchange(Section):
    """The exchange that prices come from and orders go to.

    A replay needs the name alone; paper trading also heeds sandbox and ccxt_config. The keys are
    for trading.mode live, which this version does not offer.
    """

    id: Annotated[Text, AfterValidator(_exchange_id)] = setting(
        "binance",
        "The exchange by its ccxt id, like `bybit`, `binance` or `okx`; in a replay, the one whose "
        "recording is traded.",
    )
    sandbox: bool = setting(
        False, "Use the exchange's test network: its prices are not the market's."
    )
    api_key: Secret = setting(
        None, "API key; from the environment, or a file that only its owner can read (0600)."
    )
    api_secret: Secret = setting(None, "API secret, kept as the key is.")
    ccxt_config: Annotated[FreeForm, AfterValidator(_no_keys)] = setting(
        {}, "Handed to ccxt as it is: options, urls, proxies. Must not hold keys."
    )


class Historical(Section):
    """The recorded market that a replay trades on."""

    data: OptionalPath = setting(
        None,
        "Folder with `prices.parquet` and `funding.parquet`; empty for the bundled sample.",
    )
    speed: Speed = setting(
        Decimal("3600"),
        "How many times as fast as real time, 1 to 1000000, or `max`.",
    )
    from_: Time = setting(
        None, "Where the replay begins; empty for the start of the data.", alias="from"
    )
    until: Time = setting(None, "Where the replay ends; empty for the end of the data.")


class Paper(Section):
    """The account that replay and paper trading use: one unified account of cash and margin."""

    starting_balance_usd: Amount = decimal(
        "100000",
        "Money the account opens with; later changes don't touch an existing account.",
        low="10",
        high="1000000000",
        unit="USDT",
    )
    latency: Duration = duration(
        "50ms",
        "Time a message takes to the exchange, and again back. More than 4s only where a replay "
        "hurries: at speed 60, up to 4m.",
        low="0s",
        high="10m",
    )
    collateral_haircut: Amount = decimal(
        "0.1",
        "Share of a spot holding's value that does not count as collateral.",
        low="0",
        high="0.95",
        unit="fraction",
    )
    maintenance_margin_rate: Amount = decimal(
        "0.005",
        "Maintenance margin of a perpetual position.",
        low="0.001",
        high="0.2",
        unit="fraction of notional",
    )
    liquidation_fee_rate: Amount = decimal(
        "0.005",
        "Fee on what the venue closes by force.",
        low="0",
        high="0.1",
        unit="fraction of notional",
    )
