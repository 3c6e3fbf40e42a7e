"""What to trade, how much, and by which rule."""

from enum import StrEnum

from actors.config.kinds import (
    Amount,
    Count,
    Duration,
    PairAmounts,
    PairList,
    Section,
    decimal,
    duration,
    setting,
)
from actors.domain.terms import PolicyName


class Mode(StrEnum):
    REPLAY = "replay"
    PAPER = "paper"
    LIVE = "live"


class Trading(Section):
    """What is traded, how much of it, and by which rule."""

    mode: Mode = setting(
        Mode.REPLAY,
        "Which market is traded, and whose money. This version does not run `live`.",
        choices={
            Mode.REPLAY: "recorded market, paper account.",
            Mode.PAPER: "live prices of `exchange.id`, paper account; needs no keys, but the extra "
            "`live` (`pip install 'perpcarry[live]'`).",
            Mode.LIVE: "real money.",
        },
    )
    policy: PolicyName = setting(
        PolicyName.CARRY,
        "Who decides on entries and exits. Neither leaves on one low reading: two of the last "
        "three settlements must agree.",
        choices={
            PolicyName.CARRY: "enters when the funding expected over `signal.horizon` exceeds the "
            "full round trip by a margin, leaves when it falls below minus a margin; slow, few "
            "trades.",
            PolicyName.THRESHOLD: "enters when the present rate is `min_funding_rate` or more, "
            "leaves when it is below `exit_funding_rate`, whatever a round trip costs; more "
            "trades.",
        },
        editable=True,
    )
    autostart: bool = setting(True, "Begin trading at once, without waiting for a start command.")
    scan_interval: Duration = duration(
        "1h", "Time from one decision cycle to the next.", low="1s", high="1d", editable=True
    )
    min_funding_rate: Amount = decimal(
        "0.0003",
        "Policy `threshold` enters at or above this rate, whatever the symbol's own interval.",
        low="0.00001",
        high="0.02",
        unit="fraction per 8 h",
        editable=True,
    )
    exit_funding_rate: Amount = decimal(
        "0.0001",
        "Policy `threshold` leaves below this rate; less than `min_funding_rate`.",
        low="-0.02",
        high="0.02",
        unit="fraction per 8 h",
        editable=True,
    )
    min_hold_settlements: Count = setting(
        3,
        "Policy `threshold` leaves no sooner than after this many settlements.",
        low=0,
        high=30,  # as many as a snapshot carries for a pair
        unit="settlements",
        editable=True,
    )
    max_position_size_usd: Amount = decimal(
        "10000",
        "Largest notional of one leg of one position.",
        low="10",
        high="1000000000",
        unit="USDT",
        editable=True,
    )
    max_position_size_per_pair: PairAmounts = setting(
        {},
        "Smaller limits for single pairs, e.g. `DOGE-USDT: 2000`; the smaller of both counts.",
        unit="USDT",
        editable=True,
    )
    max_simultaneous_positions: Count = setting(
        5, "Most positions held at once.", low=1, high=1000, unit="positions", editable=True
    )
    min_volume_24h: Amount = decimal(
        "5000000",
        "Pairs whose thinner leg turned over less in the last 24 hours are not entered.",
        low="0",
        high="1000000000000",
        unit="USDT",
        editable=True,
    )
    allow_pairs: PairList = setting(
        (), "Only these pairs are entered, where any is named.", editable=True
    )
    deny_pairs: PairList = setting((), "These pairs are not entered.", editable=True)
    leverage: Amount = decimal(
        "2",
        "Of the perpetual leg: its initial margin is notional / leverage.",
        low="1",
        high="10",
        unit="x",
    )


class Risk(Section):
    """Limits checked before every entry and watched all the time."""

    max_total_exposure_usd: Amount = decimal(
        "100000",
        "Largest sum of the notionals of one leg over all positions.",
        low="10",
        high="100000000000",
        unit="USDT",
        editable=True,
    )
    min_free_margin_fraction: Amount = decimal(
        "0.10",
        "Share of the equity that stays available after an entry.",
        low="0",
        high="0.95",
        unit="fraction of equity",
        editable=True,
    )
    max_margin_ratio: Amount = decimal(
        "0.5",
        "Above this margin ratio nothing is entered; at 1 a venue liquidates.",
        low="0.01",
        high="0.95",
        unit="fraction",
        editable=True,
    )
    min_liquidation_distance: Amount = decimal(
        "0.15",
        "Least rise of the price that a short must bear before it would be liquidated.",
        low="0.01",
        high="5",
        unit="fraction of price",
        editable=True,
    )
    max_daily_loss_fraction: Amount = decimal(
        "0.03",
        "Loss since the start of the day (UTC) that stops entries.",
        low="0.0001",
        high="1",
        unit="fraction of equity",
        editable=True,
    )
    max_drawdown_fraction: Amount = decimal(
        "0.10",
        "Loss from the highest equity that stops entries.",
        low="0.0001",
        high="1",
        unit="fraction of equity",
        editable=True,
    )
    max_quote_age: Duration = duration(
        "2m", "Older prices and rates stop entries.", low="1s", high="1d", editable=True
    )
    max_spread_bp: Amount = decimal(
        "20",
        "Wider spreads, of either leg, stop an entry.",
        low="0.1",
        high="1000",
        unit="bp",
        editable=True,
    )
    max_slippage_bp: Amount = decimal(
        "15",
        "Largest slippage against the decision price that a leg may be expected to pay.",
        low="0.1",
        high="1000",
        unit="bp",
        editable=True,
    )
    max_basis_bp: Amount = decimal(
        "150",
        "Entries only while perpetual and spot differ by less than this.",
        low="1",
        high="10000",
        unit="bp",
        editable=True,
    )
    failed_open_cooldown: Duration = duration(
        "4h",
        "Pause before a pair is tried again after an entry that failed.",
        low="0s",
        high="30d",
        editable=True,
    )


class Fees(Section):
    """What orders are assumed to cost until the venue states the account's own fees."""

    spot_taker: Amount = decimal(
        "0.001", "Taker fee of the spot leg.", low="0", high="0.02", unit="fraction of notional"
    )
    perp_taker: Amount = decimal(
        "0.00055",
        "Taker fee of the perpetual leg.",
        low="0",
        high="0.02",
        unit="fraction of notional",
    )
    slippage_bp: Amount = decimal(
        "2",
        "Assumed per order beyond half the spread, while the depth is not known.",
        low="0",
        high="500",
        unit="bp",
    )
